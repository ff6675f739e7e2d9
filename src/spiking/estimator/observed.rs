//! Correlation, whatever its cause.

use super::{Description, Estimator, Event, Sums};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The estimator in the list.
pub const DESCRIPTION: Description = Description {
    name: "",
    label: "plain correlation (can be fooled)",
    title: "Plain correlation",
    of_windows: true,
};

/// The regression of the feedback R/30 on the number of spikes, over all windows. A common drive of both neurons looks
/// like an effect of one on the other; this contrast shows why the discontinuity matters.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Windows of each neuron: count, Σn, Σn² of the number n of spikes.
    spikes: Vec<[f32; 3]>,
    /// `[Σq, Σnq]` of the feedback q.
    feedback: Sums<2>,
}

impl Observed {
    /// No event yet, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self { spikes: vec![[0.0; 3]; inputs], feedback: Sums::new(inputs, outputs) }
    }
}

impl Estimator for Observed {
    #[inline(always)]
    fn observe(&mut self, event: Event<'_>) {
        let neuron = event.neuron as usize;
        let spikes = event.spikes.count_ones() as f32;
        for (sum, term) in self.spikes[neuron].iter_mut().zip([1.0, spikes, spikes * spikes]) {
            *sum += term;
        }
        for (row, factor) in [(0, 1.0), (1, spikes)] {
            for (sum, &feedback) in self.feedback.row_mut(neuron, row).iter_mut().zip(event.feedback) {
                *sum += factor * feedback;
            }
        }
    }

    fn causal_effects(&self) -> Array2<f32> {
        self.feedback.map(|neuron, _, [q, n_q]| {
            let [count, n, n_n] = self.spikes[neuron];
            let variance = count * n_n - n * n;
            if variance > 0.0 { (count * n_q - n * q) / variance } else { 0.0 }
        })
    }
}

impl State for Observed {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.singles(self.spikes.as_flattened_mut());
        self.feedback.visit(visitor);
    }
}
