use super::{Backward, Rule};
use ndarray::Array2;

/// Feedback alignment (Lillicrap et al. 2016): the backward weights are random and stay so.
#[derive(Debug, Clone)]
pub struct FeedbackAlignment {
    feedback: Vec<Array2<f32>>,
}

impl FeedbackAlignment {
    /// Keeps `feedback` as it is, one `[n_in, n_out]` matrix a layer.
    pub fn new(feedback: Vec<Array2<f32>>) -> Self {
        Self { feedback }
    }
}

impl Rule for FeedbackAlignment {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.feedback[layer].view())
    }
}
