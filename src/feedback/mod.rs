//! Where backward weights come from: one small type a rule, one file a rule.
//!
//! A rule never sees the forward weights; the type of [`Rule`] makes weight transport impossible
//! for every rule but the one that says [`Backward::Transpose`]. What it may see is local: the
//! change that each synapse just made, and the causal effects that neurons measured by spiking.

mod backpropagation;
mod feedback_alignment;
mod spiking_discontinuity;

pub use backpropagation::Backpropagation;
pub use feedback_alignment::FeedbackAlignment;
pub use spiking_discontinuity::SpikingDiscontinuity;

use crate::{configuration::RuleName, random::Generator};
use ndarray::{Array2, ArrayView2};
use rand::RngExt;

/// The matrix that sends a layer's error down to its inputs.
#[derive(Debug, Clone, Copy)]
pub enum Backward<'a> {
    /// The transpose of the forward weights: weight transport.
    Transpose,
    /// Feedback weights of the rule's own, `[n_in, n_out]`.
    Weights(ArrayView2<'a, f32>),
}

/// A learning rule: the one place in which the rules differ.
///
/// Layers are counted over all that have an error to send down: 0 is the second convolution
/// (`n_in` is 25 × its input channels), 1, 2 and 3 are the fully connected layers.
pub trait Rule {
    /// The matrix that sends the error of `layer` down.
    fn backward(&self, layer: usize) -> Backward<'_>;

    /// Called after every update, with the change of the forward weights of `layer`, `[n_out, n_in]`.
    fn after_update(&mut self, _layer: usize, _change: ArrayView2<'_, f32>) {}

    /// Whether the rule wants a spiking phase before each epoch.
    fn uses_spikes(&self) -> bool {
        false
    }

    /// The feedback weights that the rule changes, `[n_in, n_out]`: what it has learned, and a checkpoint
    /// keeps.
    fn learned(&self) -> &[Array2<f32>] {
        &[]
    }

    /// The same, to be taken from a checkpoint.
    fn learned_mut(&mut self) -> &mut [Array2<f32>] {
        &mut []
    }

    /// Called in the spiking phase, with the causal effects measured so far for the fully connected
    /// `layer`, `[n_in, n_out]`; an entry that was never estimated is 0.
    fn after_spikes(&mut self, _layer: usize, _causal_effect: ArrayView2<'_, f32>) {}
}

/// The rule of that name, with its initial `feedback` weights, one `[n_in, n_out]` matrix a layer.
pub fn rule(name: RuleName, feedback: Vec<Array2<f32>>) -> Box<dyn Rule> {
    match name {
        RuleName::Bp => Box::new(Backpropagation),
        RuleName::Fa => Box::new(FeedbackAlignment::new(feedback)),
        RuleName::Rdd => Box::new(SpikingDiscontinuity::new(feedback)),
    }
}

/// Random feedback weights, one `[n_in, n_out]` matrix for each of `shapes`, uniform in ±1/√n_in.
pub fn random_weights(shapes: &[[usize; 2]], generator: &mut Generator) -> Vec<Array2<f32>> {
    shapes
        .iter()
        .map(|&shape| {
            let bound = 1.0 / (shape[0] as f32).sqrt();
            Array2::from_shape_simple_fn(shape, || generator.random_range(-bound..bound))
        })
        .collect()
}
