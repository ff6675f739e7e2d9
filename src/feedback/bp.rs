//! Backpropagation.

use super::{Backward, Description, Group, Rule};
use crate::state::{State, Visitor};

/// The rule in the list.
pub const RULE: Description = Description {
    name: "bp",
    title: "Backpropagation",
    short: "backprop",
    explanation: "uses the transposed weights",
    group: Group::Exact,
    color: "blue",
    needs: "the forward weights of the synapses above it, which it cannot read",
    settings: &[],
    noise: None,
    measurement: None,
    create: |_| Box::new(Backpropagation),
};

/// The rule that answers "the transpose".
#[derive(Debug, Clone, Copy)]
pub struct Backpropagation;

impl Rule for Backpropagation {
    fn backward(&self, _layer: usize) -> Backward<'_> {
        Backward::Transpose
    }
}

impl State for Backpropagation {
    fn visit(&mut self, _visitor: &mut dyn Visitor) {}
}
