//! Spike-timing-dependent weight inference (Ahmad, Ambrogioni and van Gerven 2020).

use super::{Description, Estimator, Event};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The estimator in the list.
pub const DESCRIPTION: Description = Description {
    name: "",
    label: "spike timing: who spiked just before (STDWI)",
    title: "Spike timing",
};

/// Step size η, and forgetting λ.
const RATE: f32 = 1e-4;
const FORGETTING: f32 = 0.1;
/// Time constants of the traces, in steps.
const FAST: f32 = 10.0;
const SLOW: f32 = 200.0;

/// A fast and a slow trace of each lower neuron, of the same area. At a spike above, the estimate goes towards their
/// difference: how much more the neuron has just spiked than it does anyway.
///
/// ```text
/// a ← a e^(−1/τ_f),  b ← b e^(−1/τ_s);   own spike: a += 1, b += τ_f/τ_s
/// spike of k above:  β_k += η ((a − b) − λ β_k)
/// ```
#[derive(Debug, Clone)]
pub struct Stdwi {
    fast: Vec<f32>,
    slow: Vec<f32>,
    /// `[n_out, n_in]`: a spike above touches a row.
    estimates: Array2<f32>,
}

impl Stdwi {
    /// All estimates at 0, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self { fast: vec![0.0; inputs], slow: vec![0.0; inputs], estimates: Array2::zeros((outputs, inputs)) }
    }
}

impl Estimator for Stdwi {
    fn observe(&mut self, _event: Event<'_>) {}

    fn reads_spikes(&self) -> bool {
        true
    }

    fn step(&mut self, lower: &[u32], upper: &[u32]) {
        for (traces, time) in [(&mut self.fast, FAST), (&mut self.slow, SLOW)] {
            // `libm` gives the same bits on every platform.
            let kept = libm::expf(-1.0 / time);
            traces.iter_mut().for_each(|trace| *trace *= kept);
        }
        for &neuron in lower {
            self.fast[neuron as usize] += 1.0;
            self.slow[neuron as usize] += FAST / SLOW;
        }
        for &neuron in upper {
            let row = self.estimates.row_mut(neuron as usize);
            for ((estimate, fast), slow) in row.into_iter().zip(&self.fast).zip(&self.slow) {
                *estimate += RATE * ((fast - slow) - FORGETTING * *estimate);
            }
        }
    }

    fn causal_effects(&self) -> Array2<f32> {
        self.estimates.t().to_owned()
    }
}

impl State for Stdwi {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.singles(&mut self.fast);
        visitor.singles(&mut self.slow);
        self.estimates.visit(visitor);
    }
}
