//! The numbers of a [`State`], one after the other.

use crate::state::{State, Visitor};
use serde::{Deserialize, Serialize};

/// All numbers of a state.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Numbers {
    singles: Vec<f32>,
    doubles: Vec<f64>,
}

/// Why numbers cannot be restored: they are not as many as the state has, or not finite.
#[derive(Debug)]
pub struct NotOfThisState;

impl Numbers {
    /// Those of `state`.
    pub fn of(state: &mut (impl State + ?Sized)) -> Self {
        let mut numbers = Self::default();
        state.visit(&mut numbers);
        numbers
    }

    /// Makes them those of `state`; it is left as it is if they are not its.
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

/// The numbers that are still to be restored, of which there are enough.
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
