//! The authors' estimator: two lines by stochastic gradient.

use super::{Description, Estimator, Event, Line, Sums};
use crate::spiking::neuron;
use crate::state::{State, Visitor};
use ndarray::{Array2, ArrayView3};

/// The estimator in the list.
pub const DESCRIPTION: Description = Description {
    name: "",
    label: "two lines, small steps (the paper)",
    title: "Two lines, small steps",
    of_windows: true,
};

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
#[derive(Debug, Clone)]
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

    fn lines(&self, neuron: usize, upper: usize) -> Option<[Line; 2]> {
        Some(self.lines_of(neuron, upper))
    }
}

impl State for Gradient {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.lines.visit(visitor);
    }
}
