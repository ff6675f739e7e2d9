//! A rule for some layers, and fixed random feedback for the others.

use super::{Backward, Response, Rule, Update};
use crate::state::{State, Visitor};
use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// Any rule, restricted to some layers. Below and above, feedback is random and fixed, as in feedback alignment.
///
/// With backpropagation in the fully connected layers this is the ceiling of every rule that learns their feedback
/// only.
pub struct Restricted {
    rule: Box<dyn Rule>,
    layers: Range<usize>,
    /// Of the other layers, `[n_in, n_out]`.
    fixed: Vec<Array2<f32>>,
}

impl Restricted {
    /// `rule` in `layers`; elsewhere the `fixed` weights, of which there is a matrix for every layer.
    pub fn new(rule: Box<dyn Rule>, layers: Range<usize>, fixed: Vec<Array2<f32>>) -> Self {
        Self { rule, layers, fixed }
    }
}

impl Rule for Restricted {
    fn backward(&self, layer: usize) -> Backward<'_> {
        if self.layers.contains(&layer) {
            self.rule.backward(layer)
        } else {
            Backward::Weights(self.fixed[layer].view())
        }
    }

    fn after_update(&mut self, layer: usize, update: Update<'_>) {
        if self.layers.contains(&layer) {
            self.rule.after_update(layer, update);
        }
    }

    fn weight_decay(&self, epoch: usize) -> Option<f32> {
        self.rule.weight_decay(epoch)
    }

    fn after_noise(&mut self, layer: usize, response: Response<'_>) {
        self.rule.after_noise(layer, response);
    }

    fn after_measurement(&mut self, layer: usize, effects: ArrayView2<'_, f32>) {
        self.rule.after_measurement(layer, effects);
    }
}

impl State for Restricted {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.rule.visit(visitor);
    }
}
