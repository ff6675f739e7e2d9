//! The difference of two means.

use super::{Description, Estimator, Event, Line, Sums};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The estimator in the list.
pub const DESCRIPTION: Description =
    Description { name: "", label: "difference of means", title: "Difference of means", of_windows: true };

/// The mean response r = R/30 − R_pre over windows with a spike, less that over windows without.
/// Unbiased if a neuron is driven as often just above as just below its threshold, whatever else
/// happens; noisy as long as either kind of window is rare.
#[derive(Debug, Clone)]
pub struct Means {
    /// Windows of each neuron, `[silent, spiked]`.
    counts: Vec<[f32; 2]>,
    /// Sum of the responses, `[silent, spiked]`.
    responses: Sums<2>,
}

impl Means {
    /// No event yet, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self { counts: vec![[0.0; 2]; inputs], responses: Sums::new(inputs, outputs) }
    }

    /// The means of one pair as level lines, without and with a spike, if there were windows of both
    /// kinds.
    pub(super) fn lines_of(&self, neuron: usize, upper: usize) -> Option<[Line; 2]> {
        let ([silent, spiked], [silent_count, spiked_count]) =
            (self.responses.of(neuron, upper), self.counts[neuron]);
        let level = |mean: f32| Line { at_threshold: f64::from(mean), slope: 0.0 };
        (silent_count > 0.0 && spiked_count > 0.0)
            .then(|| [level(silent / silent_count), level(spiked / spiked_count)])
    }
}

impl Estimator for Means {
    #[inline(always)]
    fn observe(&mut self, event: Event<'_>) {
        let (neuron, kind) = (event.neuron as usize, usize::from(event.spiked()));
        self.counts[neuron][kind] += 1.0;
        let sums = self.responses.row_mut(neuron, kind);
        for ((sum, &feedback), &before) in sums.iter_mut().zip(event.feedback).zip(event.feedback_before) {
            *sum += feedback - before;
        }
    }

    fn causal_effects(&self) -> Array2<f32> {
        self.responses.map(|neuron, _, [silent, spiked]| match self.counts[neuron] {
            [0.0, _] | [_, 0.0] => 0.0,
            [silent_count, spiked_count] => spiked / spiked_count - silent / silent_count,
        })
    }

    fn lines(&self, neuron: usize, upper: usize) -> Option<[Line; 2]> {
        self.lines_of(neuron, upper)
    }
}

impl State for Means {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.singles(self.counts.as_flattened_mut());
        self.responses.visit(visitor);
    }
}
