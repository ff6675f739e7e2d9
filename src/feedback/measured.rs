//! Rules whose feedback weights a measurement phase writes: they differ in what they read from the spikes.

use super::{Backward, Rule, WriteBack};
use crate::state::{State, Visitor};
use ndarray::{Array2, ArrayView2};

/// Feedback weights that start random, and are then measured.
#[derive(Debug, Clone)]
pub(super) struct Measured(WriteBack);

impl Measured {
    /// Starts from random `feedback`, one `[n_in, n_out]` matrix a layer.
    pub fn new(feedback: Vec<Array2<f32>>) -> Self {
        Self(WriteBack::new(feedback))
    }
}

impl Rule for Measured {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.0.weights(layer))
    }

    fn after_measurement(&mut self, layer: usize, effects: ArrayView2<'_, f32>) {
        self.0.write(layer, effects);
    }
}

impl State for Measured {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.0.visit(visitor);
    }
}
