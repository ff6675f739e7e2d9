//! The numbers that a checkpoint keeps. Each owner of such numbers lists them once, in [`State::visit`]; saving,
//! restoring and checking them are visitors.

use ndarray::Array2;

/// Something with numbers that cannot be recomputed.
pub trait State {
    /// Hands every such list of numbers to `visitor`, always in the same order. The lengths must follow from the
    /// settings alone.
    fn visit(&mut self, visitor: &mut dyn Visitor);
}

/// What is done with the numbers of a [`State`].
pub trait Visitor {
    /// Numbers of single precision.
    fn singles(&mut self, numbers: &mut [f32]);
    /// Numbers of double precision.
    fn doubles(&mut self, numbers: &mut [f64]);
}

impl State for Array2<f32> {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        // A matrix that is owned is contiguous, unless it was cut out of another one.
        match self.as_slice_memory_order_mut() {
            Some(numbers) => visitor.singles(numbers),
            None => self.iter_mut().for_each(|number| visitor.singles(std::slice::from_mut(number))),
        }
    }
}

impl<T: State> State for Vec<T> {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.iter_mut().for_each(|part| part.visit(visitor));
    }
}

/// Whether every number of a state is finite.
pub fn is_finite(state: &mut (impl State + ?Sized)) -> bool {
    struct Finite(bool);
    impl Visitor for Finite {
        fn singles(&mut self, numbers: &mut [f32]) {
            self.0 &= numbers.iter().all(|number| number.is_finite());
        }
        fn doubles(&mut self, numbers: &mut [f64]) {
            self.0 &= numbers.iter().all(|number| number.is_finite());
        }
    }
    let mut finite = Finite(true);
    state.visit(&mut finite);
    finite.0
}
