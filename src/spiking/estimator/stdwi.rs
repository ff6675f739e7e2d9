//! Spike-timing-dependent weight inference (Ahmad, Ambrogioni and van Gerven 2020).

use super::{Description, Estimator, Event, Moment};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The estimator in the list.
pub const DESCRIPTION: Description = Description {
    name: "",
    label: "spike timing: who spiked just before (STDWI)",
    title: "Spike timing",
    of_windows: false,
};

/// Step size η, and forgetting λ.
const RATE: f32 = 1e-4;
const FORGETTING: f32 = 0.1;
/// Time constants of the traces, in steps.
const FAST: f32 = 10.0;
const SLOW: f32 = 200.0;

/// A fast and a slow trace of each lower neuron, of the same area. At a spike above, the estimate moves towards their
/// difference: the neuron's recent spiking less its average.
///
/// ```text
/// a ← a e^(−1/τ_f),  b ← b e^(−1/τ_s);   own spike: a += 1, b += (1 − e^(−1/τ_s)) / (1 − e^(−1/τ_f)) ≈ τ_f/τ_s
/// spike of k above:  β_k += η ((a − b) − λ β_k)
/// ```
///
/// The authors add τ_f/τ_s, which makes the areas equal in continuous time; in steps of 1 ms they would differ by 5%,
/// and independent spikes would look like an effect.
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

    fn step(&mut self, Moment { lower, upper, .. }: Moment<'_>) {
        // `libm` gives the same bits on every platform.
        let [kept_fast, kept_slow] = [FAST, SLOW].map(|time| libm::expf(-1.0 / time));
        self.fast.iter_mut().for_each(|trace| *trace *= kept_fast);
        self.slow.iter_mut().for_each(|trace| *trace *= kept_slow);
        for &neuron in lower {
            self.fast[neuron as usize] += 1.0;
            self.slow[neuron as usize] += (1.0 - kept_slow) / (1.0 - kept_fast);
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
