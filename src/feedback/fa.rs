//! Feedback alignment (Lillicrap et al. 2016).

use super::{Backward, Description, Group, Rule};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "fa",
    title: "Feedback alignment",
    short: "random",
    explanation: "keeps fixed random weights",
    group: Group::Random,
    color: "amber",
    needs: "the error above it, through feedback synapses of its own",
    settings: &[],
    noise: None,
    measurement: None,
    create: |setup| Box::new(FeedbackAlignment::new(setup.feedback)),
};

/// The backward weights are random, and stay so.
#[derive(Debug, Clone)]
pub struct FeedbackAlignment {
    /// One `[n_in, n_out]` matrix a layer.
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

impl State for FeedbackAlignment {
    // They follow from the seed.
    fn visit(&mut self, _visitor: &mut dyn Visitor) {}
}
