//! Estimators of causal effects: what a neuron makes of its windows.
//!
//! An estimator sees [`Event`]s and nothing else. It cannot read the weights, nor anything that the
//! neuron itself could not know.

use ndarray::{Array2, ArrayView3};

/// What a neuron knows when its window closes.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// Which neuron it is.
    pub neuron: u32,
    /// How often it spiked in its window.
    pub spikes: u32,
    /// The largest drive in the window, u_max.
    pub largest_drive: f32,
    /// What came back: r = R/30 − R_pre, one value per upper neuron.
    pub response: &'a [f32],
}

/// Step of the stochastic gradient, η.
const RATE: f32 = 0.001;
/// An event counts when |u_max − θ| is at most this; nearly inert by design.
const DRIVE_WINDOW: f32 = 10.0;
/// θ, in the precision of the estimates.
const THRESHOLD: f32 = super::neuron::THRESHOLD as f32;

/// The authors' estimator: for each pair of a neuron and one above it, two lines r ≈ m u_max + c,
/// one over windows without and one over windows with a spike, fitted by stochastic gradient. The
/// causal effect is the jump between them at the threshold.
#[derive(Debug, Clone)]
pub struct Gradient {
    inputs: usize,
    outputs: usize,
    /// `[n_in][silent, spiked][intercept, slope][n_out]`: an event touches one contiguous piece.
    lines: Vec<f32>,
}

impl Gradient {
    /// All lines at 0, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self { inputs, outputs, lines: vec![0.0; inputs * 4 * outputs] }
    }

    /// Takes one event into account.
    #[inline(always)]
    pub fn observe(&mut self, event: Event<'_>) {
        let drive = event.largest_drive;
        if (drive - THRESHOLD).abs() > DRIVE_WINDOW {
            return;
        }
        let line = 2 * event.neuron as usize + usize::from(event.spikes > 0);
        let line = &mut self.lines[line * 2 * self.outputs..][..2 * self.outputs];
        let (intercept, slope) = line.split_at_mut(self.outputs);
        for ((intercept, slope), &response) in intercept.iter_mut().zip(slope).zip(event.response) {
            let error = *slope * drive + *intercept - response;
            *slope -= RATE * error * drive;
            *intercept -= RATE * error;
        }
    }

    /// Causal effects `[n_in, n_out]`: the jump at threshold, (m₁ θ + c₁) − (m₀ θ + c₀). Exactly 0
    /// where nothing was ever estimated.
    pub fn causal_effects(&self) -> Array2<f32> {
        let lines = self.lines();
        Array2::from_shape_fn((self.inputs, self.outputs), |(neuron, k)| {
            let at_threshold =
                |line: usize| lines[[neuron, 2 * line + 1, k]] * THRESHOLD + lines[[neuron, 2 * line, k]];
            at_threshold(1) - at_threshold(0)
        })
    }

    /// The lines, `[n_in, 4, n_out]`: intercept and slope without a spike, intercept and slope with.
    pub fn lines(&self) -> ArrayView3<'_, f32> {
        ArrayView3::from_shape((self.inputs, 4, self.outputs), &self.lines)
            .expect("there are four numbers for each pair of neurons")
    }
}
