use super::{Backward, Rule};
use ndarray::{Array2, ArrayView2};

/// Spike-based causal inference (Guerguiev, Kording and Richards 2020): the causal effects that the
/// neurons measured at their thresholds, rescaled, become the backward weights. The feedback of the
/// convolution stays random, as in feedback alignment.
#[derive(Debug, Clone)]
pub struct SpikingDiscontinuity {
    feedback: Vec<Array2<f32>>,
    /// Standard deviation of the initial random feedback weights of each layer, which the written
    /// ones keep: only relative causal effects matter.
    initial_deviation: Vec<f32>,
}

impl SpikingDiscontinuity {
    /// Starts from random `feedback`, one `[n_in, n_out]` matrix a layer.
    pub fn new(feedback: Vec<Array2<f32>>) -> Self {
        let initial_deviation = feedback.iter().map(|weights| weights.std(0.0)).collect();
        Self { feedback, initial_deviation }
    }
}

impl Rule for SpikingDiscontinuity {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.feedback[layer].view())
    }

    fn uses_spikes(&self) -> bool {
        true
    }

    fn learned(&self) -> &[Array2<f32>] {
        &self.feedback
    }

    fn learned_mut(&mut self) -> &mut [Array2<f32>] {
        &mut self.feedback
    }

    fn after_spikes(&mut self, layer: usize, causal_effect: ArrayView2<'_, f32>) {
        crate::spiking::write_back(
            causal_effect,
            self.initial_deviation[layer],
            self.feedback[layer].view_mut(),
        );
    }
}
