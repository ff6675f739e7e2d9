//! Uniform sign-concordant feedback (Liao, Leibo and Poggio 2016): the signs of the forward weights, all of one size.

use super::{Backward, Description, Group, Rule};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "usf",
    title: "Uniform sign-concordant feedback",
    short: "signs",
    explanation: "knows the signs of the forward weights",
    group: Group::Signs,
    color: "teal",
    needs: "the sign of the forward weight of each of its synapses",
    settings: &[],
    noise: None,
    measurement: None,
    create: |setup| Box::new(UniformSigns(setup.feedback.iter().map(spread).collect())),
};

/// Magnitudes of one size: the standard deviation of a layer's initial weights, 1/√(3 n_in).
struct UniformSigns(Vec<Array2<f32>>);

fn spread(feedback: &Array2<f32>) -> Array2<f32> {
    Array2::from_elem(feedback.dim(), 1.0 / (3.0 * feedback.nrows() as f32).sqrt())
}

impl Rule for UniformSigns {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Signs(self.0[layer].view())
    }
}

impl State for UniformSigns {
    // They follow from the shapes.
    fn visit(&mut self, _visitor: &mut dyn Visitor) {}
}
