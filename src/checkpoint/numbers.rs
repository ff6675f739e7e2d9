//! The numbers of a [`State`], one after the other.

use crate::state::{State, Visitor};
use serde::{Deserialize, Serialize};

/// All numbers of a state.
#[derive(Debug, Serialize, Deserialize)]
pub struct Numbers {
    singles: Vec<f32>,
    doubles: Vec<f64>,
}

/// Why numbers cannot be restored: their count is wrong, or one is not finite.
#[derive(Debug)]
pub struct NotOfThisState;

impl Numbers {
    /// Those of `state`.
    pub fn of(state: &mut (impl State + ?Sized)) -> Self {
        let mut counts = Counts::default();
        state.visit(&mut counts);
        let mut numbers =
            Self { singles: Vec::with_capacity(counts.singles), doubles: Vec::with_capacity(counts.doubles) };
        state.visit(&mut numbers);
        numbers
    }

    /// How many bytes they take.
    pub fn size(&self) -> usize {
        size_of_val(&self.singles[..]) + size_of_val(&self.doubles[..])
    }

    /// Writes them into `state`, or leaves it unchanged if they do not fit.
    pub fn restore(&self, state: &mut (impl State + ?Sized)) -> Result<(), NotOfThisState> {
        let mut counts = Counts::default();
        state.visit(&mut counts);
        let are_as_many = counts == Counts { singles: self.singles.len(), doubles: self.doubles.len() };
        let are_finite = self.singles.iter().all(|number| number.is_finite())
            && self.doubles.iter().all(|number| number.is_finite());
        if !(are_as_many && are_finite) {
            return Err(NotOfThisState);
        }
        state.visit(&mut Restore { singles: &self.singles, doubles: &self.doubles });
        Ok(())
    }
}

impl Visitor for Numbers {
    fn singles(&mut self, numbers: &mut [f32]) {
        self.singles.extend_from_slice(numbers);
    }

    fn doubles(&mut self, numbers: &mut [f64]) {
        self.doubles.extend_from_slice(numbers);
    }
}

/// How many numbers a state has.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    singles: usize,
    doubles: usize,
}

impl Visitor for Counts {
    fn singles(&mut self, numbers: &mut [f32]) {
        self.singles += numbers.len();
    }

    fn doubles(&mut self, numbers: &mut [f64]) {
        self.doubles += numbers.len();
    }
}

/// The numbers still to be restored; there are enough of them.
struct Restore<'a> {
    singles: &'a [f32],
    doubles: &'a [f64],
}

impl Visitor for Restore<'_> {
    fn singles(&mut self, numbers: &mut [f32]) {
        let (own, rest) = self.singles.split_at(numbers.len());
        numbers.copy_from_slice(own);
        self.singles = rest;
    }

    fn doubles(&mut self, numbers: &mut [f64]) {
        let (own, rest) = self.doubles.split_at(numbers.len());
        numbers.copy_from_slice(own);
        self.doubles = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Backpropagation;
    use crate::network::{Network, NetworkSize, Sgd};
    use crate::random::{Stream, generator};

    fn network(seed: u32) -> Network {
        let size: NetworkSize = "2,3,7,5".parse().unwrap();
        Network::new(size, [18, 21, 1], 3, &mut generator(seed, Stream::ForwardWeights)).unwrap()
    }

    #[test]
    fn what_was_learned_goes_to_another_network_and_no_other_numbers_do() {
        let images: Vec<f32> = (0..8 * 18 * 21).map(|pixel| (pixel * 7 % 19) as f32 / 19.0 - 0.5).collect();
        let labels = [0, 1, 2, 0, 1, 2, 0, 1];
        let sgd = Sgd { learning_rate: 0.01, momentum: 0.9, weight_decay: 0.0 };
        let mut taught = network(1);
        taught.train_batch(&images, &labels, &mut Backpropagation, sgd).unwrap();
        let mut other = network(2);
        Numbers::of(&mut taught).restore(&mut other).unwrap();
        for _ in 0..2 {
            let [one, another] = [&mut taught, &mut other]
                .map(|network| network.train_batch(&images, &labels, &mut Backpropagation, sgd));
            assert_eq!(one, another);
        }
        let damages: [fn(&mut Numbers); 4] = [
            |numbers| numbers.singles.truncate(9),
            |numbers| numbers.singles.push(0.0),
            |numbers| numbers.doubles.push(0.0),
            |numbers| numbers.singles[3] = f32::INFINITY,
        ];
        for damage in damages {
            let mut numbers = Numbers::of(&mut taught);
            damage(&mut numbers);
            assert!(numbers.restore(&mut other).is_err());
        }
    }
}
