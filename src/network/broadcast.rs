//! Sends the output error straight to the inputs of a layer, past all layers in between.

use super::dense;
use super::matrix_product::{COLUMNS, Packed};
use crate::feedback::{Backward, Signal};

/// The error of the output and the labels of a batch, and the memory to send them.
#[derive(Debug, Clone, Default)]
pub(super) struct Broadcast {
    classes: usize,
    /// `[batch, classes]`, divided by the images of the batch.
    errors: Vec<f32>,
    labels: Vec<u8>,
    /// What is sent, `[batch, classes]`.
    signal: Vec<f32>,
    /// The weights that send it, transposed.
    weights: Packed<COLUMNS>,
}

impl Broadcast {
    /// Begins a backward pass.
    pub fn begin(&mut self, classes: usize, errors: &[f32], labels: &[u8]) {
        self.classes = classes;
        self.errors.clear();
        self.errors.extend_from_slice(errors);
        self.labels.clear();
        self.labels.extend_from_slice(labels);
    }

    /// Where feedback is direct, replaces `errors` `[batch, inputs]` with the error it sends.
    pub fn send(&mut self, backward: &Backward<'_>, errors: &mut [f32]) {
        let Backward::Direct(weights, signal) = backward else { return };
        self.prepare(*signal);
        self.weights.reset(self.classes, weights.nrows());
        self.weights.pack(0, weights.t());
        dense::backward_input([weights.nrows(), self.classes], &self.signal, &self.weights, errors);
    }

    fn prepare(&mut self, signal: Signal) {
        let share = 1.0 / self.labels.len() as f32;
        self.signal.clear();
        match signal {
            Signal::Error => self.signal.extend_from_slice(&self.errors),
            Signal::ErrorSign => {
                let sign = |error: &f32| if *error == 0.0 { 0.0 } else { share.copysign(*error) };
                self.signal.extend(self.errors.iter().map(sign));
            }
            Signal::Target => {
                self.signal.resize(self.errors.len(), 0.0);
                for (row, &label) in self.signal.chunks_exact_mut(self.classes).zip(&self.labels) {
                    row[usize::from(label)] = share;
                }
            }
        }
    }
}
