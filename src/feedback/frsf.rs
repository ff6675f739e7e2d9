//! Fixed random-magnitude sign-concordant feedback (Liao, Leibo and Poggio 2016).

use super::{Backward, Description, Group, Rule};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "frsf",
    title: "Fixed-magnitude sign feedback",
    short: "signs, fixed sizes",
    explanation: "knows the signs, and keeps random sizes",
    group: Group::Signs,
    color: "moss",
    needs: "the sign of the forward weight of each of its synapses",
    settings: &[],
    noise: None,
    measurement: None,
    create: |setup| {
        Box::new(FixedMagnitudes(setup.feedback.iter().map(|weights| weights.mapv(f32::abs)).collect()))
    },
};

/// The signs of the forward weights, with the magnitudes of the initial random feedback.
struct FixedMagnitudes(Vec<Array2<f32>>);

impl Rule for FixedMagnitudes {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Signs(self.0[layer].view())
    }
}

impl State for FixedMagnitudes {
    // They follow from the seed.
    fn visit(&mut self, _visitor: &mut dyn Visitor) {}
}
