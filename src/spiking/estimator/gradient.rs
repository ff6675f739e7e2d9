//! The authors' estimator: two lines by stochastic gradient.

use super::{Estimator, Event, Line, Sums};
use crate::spiking::neuron;
use ndarray::{Array2, ArrayView3};
use serde::{Deserialize, Serialize};

/// Step of the stochastic gradient, η.
const RATE: f32 = 0.001;
/// An event counts when |u_max − θ| is at most this; nearly inert by design.
const DRIVE_WINDOW: f32 = 10.0;
/// θ, in the precision of the estimates.
const THRESHOLD: f32 = neuron::THRESHOLD as f32;

/// For each pair of a neuron and one above it, two lines r ≈ m u_max + c for the response
/// r = R/30 − R_pre, one over windows with a spike and one over windows without, fitted by
/// stochastic gradient:
///
/// ```text
/// e = m u_max + c − r,   m ← m − η e u_max,   c ← c − η e
/// ```
///
/// The causal effect is the jump between them at the threshold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gradient {
    /// `[silent, spiked][intercept, slope]` of each pair.
    lines: Sums<4>,
}

impl Gradient {
    /// All lines at 0, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self { lines: Sums::new(inputs, outputs) }
    }

    /// The lines, `[n_in, 4, n_out]`: intercept and slope without a spike, intercept and slope with.
    pub fn lines(&self) -> ArrayView3<'_, f32> {
        let outputs = self.lines.outputs;
        let shape = (self.lines.values.len() / (4 * outputs), 4, outputs);
        ArrayView3::from_shape(shape, &self.lines.values).expect("there are four numbers for each pair")
    }

    /// The lines of one pair, without and with a spike.
    pub(super) fn lines_of(&self, neuron: usize, upper: usize) -> [Line; 2] {
        let [intercept, slope, intercept_spiked, slope_spiked] = self.lines.of(neuron, upper);
        [[slope, intercept], [slope_spiked, intercept_spiked]].map(|[slope, intercept]| Line {
            at_threshold: f64::from(slope * THRESHOLD + intercept),
            slope: f64::from(slope),
        })
    }

    /// Whether this can be the state for `inputs` neurons below `outputs`.
    pub(super) fn is_sound(&self, inputs: usize, outputs: usize) -> bool {
        self.lines.is_sound(inputs, outputs)
    }
}

impl Estimator for Gradient {
    #[inline(always)]
    fn observe(&mut self, event: Event<'_>) {
        let drive = event.largest_drive;
        if (drive - THRESHOLD).abs() > DRIVE_WINDOW {
            return;
        }
        let outputs = self.lines.outputs;
        let line = 2 * event.neuron as usize + usize::from(event.spiked());
        let (intercept, slope) = self.lines.values[line * 2 * outputs..][..2 * outputs].split_at_mut(outputs);
        for (((intercept, slope), &feedback), &before) in
            intercept.iter_mut().zip(slope).zip(event.feedback).zip(event.feedback_before)
        {
            let response = feedback - before;
            let error = *slope * drive + *intercept - response;
            *slope -= RATE * error * drive;
            *intercept -= RATE * error;
        }
    }

    /// (m₁ θ + c₁) − (m₀ θ + c₀)
    fn causal_effects(&self) -> Array2<f32> {
        self.lines.map(|_, _, [intercept, slope, intercept_spiked, slope_spiked]| {
            (slope_spiked * THRESHOLD + intercept_spiked) - (slope * THRESHOLD + intercept)
        })
    }
}
