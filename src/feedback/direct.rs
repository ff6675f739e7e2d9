//! Feedback straight from the output of the network: the common part of the rules that have it.

use super::{Backward, Rule, Setup, Signal};
use crate::random::{Stream, generator};
use crate::state::{State, Visitor};
use ndarray::Array2;
use rand::RngExt;

/// Fixed random weights from the output to the inputs of every layer.
pub(super) struct Direct {
    /// `[inputs, classes]` for each layer.
    weights: Vec<Array2<f32>>,
    signal: Signal,
}

impl Direct {
    /// Weights uniform in ±`bound(inputs)`.
    pub fn new(setup: &Setup<'_>, signal: Signal, bound: fn(f32) -> f32) -> Self {
        let mut generator = generator(setup.seed, Stream::DirectWeights);
        let weights = setup.inputs.iter().map(|&inputs| {
            let bound = bound(inputs as f32);
            Array2::from_shape_simple_fn((inputs, setup.classes), || generator.random_range(-bound..bound))
        });
        Self { weights: weights.collect(), signal }
    }
}

impl Rule for Direct {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Direct(self.weights[layer].view(), self.signal)
    }
}

impl State for Direct {
    // The weights follow from the seed.
    fn visit(&mut self, _visitor: &mut dyn Visitor) {}
}
