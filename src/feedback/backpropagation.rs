use super::{Backward, Rule};

/// Backpropagation: the rule that answers "the transpose".
#[derive(Debug, Clone, Copy)]
pub struct Backpropagation;

impl Rule for Backpropagation {
    fn backward(&self, _layer: usize) -> Backward<'_> {
        Backward::Transpose
    }
}
