//! The leaky integrate-and-fire neuron: parameters, state, and a pure step.
//!
//! One step is 1 ms. A neuron with membrane potential `v` and input `B` does, in this order,
//!
//! ```text
//! v ← v − g_L v + g_D (B − v)          g_L = 0.1, g_D = 0.6 per step
//! v ≥ θ and not refractory: spike, v ← v_reset
//! ```

/// Membrane potential at which a neuron spikes (θ).
pub const THRESHOLD: f64 = 1.0;
/// Membrane potential after a spike, and at the start of a simulation.
pub const RESET: f64 = -1.0;
/// Steps from a spike to the next that is possible.
pub const REFRACTORY: u32 = 3;
/// Leak conductance g_L per step (100 per second).
const LEAK: f64 = 0.1;
/// Dendritic conductance g_D per step (600 per second).
const DENDRITE: f64 = 0.6;

/// A spike this recent (this step is not counted yet: bit 0 is the step before) forbids another.
const REFRACTORY_MASK: u32 = (1 << (REFRACTORY - 1)) - 1;

/// The potential one step later, for input `input`, before any spike.
#[inline(always)]
pub fn integrate(potential: f64, input: f64) -> f64 {
    // v − g_L v + g_D (B − v), with the terms in v collected.
    (1.0 - LEAK - DENDRITE) * potential + DENDRITE * input
}

/// The state of a population of neurons.
#[derive(Debug, Clone)]
pub struct Neurons {
    /// Membrane potential v of each neuron, after the reset of this step.
    pub potential: Vec<f64>,
    /// The last 32 steps of each neuron: bit `x` is set if it spiked `x` steps ago. Refractory
    /// period and spike counts are read off these bits.
    pub history: Vec<u32>,
    /// The neurons that spiked in this step, in ascending order.
    pub spikes: Vec<u32>,
}

impl Neurons {
    /// `size` neurons at rest: every potential at [`RESET`], no spike in memory.
    pub fn new(size: usize) -> Self {
        Self { potential: vec![RESET; size], history: vec![0; size], spikes: Vec::with_capacity(size) }
    }

    /// One step with an `input` B for each neuron.
    pub fn step(&mut self, input: &[f64]) {
        self.spikes.clear();
        for (neuron, ((potential, history), &input)) in
            self.potential.iter_mut().zip(&mut self.history).zip(input).enumerate()
        {
            *potential = integrate(*potential, input);
            let spike = *potential >= THRESHOLD && *history & REFRACTORY_MASK == 0;
            *history = *history << 1 | u32::from(spike);
            if spike {
                *potential = RESET;
                self.spikes.push(neuron as u32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Constant input 2: v = 4/7·2·(1 − 0.3ⁿ)·… rises to 12/7, crosses 1 and is held by the
    /// refractory period, which by then is what limits the rate.
    #[test]
    fn membrane_trace_is_exact() {
        let mut neurons = Neurons::new(1);
        let mut trace = Vec::new();
        let mut spikes = Vec::new();
        for step in 0..9 {
            neurons.step(&[2.0]);
            trace.push(neurons.potential[0]);
            if !neurons.spikes.is_empty() {
                spikes.push(step);
            }
        }
        // −1 → 0.9 → 1.47: spike; then 0.9, 1.47 (refractory), 1.641: spike, and so on.
        assert_eq!(spikes, [1, 4, 7]);
        let expected = [0.9, -1.0, 0.9, 1.47, -1.0, 0.9, 1.47, -1.0, 0.9];
        for (found, expected) in trace.iter().zip(expected) {
            approx::assert_abs_diff_eq!(*found, expected, epsilon = 1e-12);
        }
    }

    #[test]
    fn without_input_the_potential_decays_and_never_spikes() {
        let mut neurons = Neurons::new(1);
        for step in 1..20 {
            neurons.step(&[0.0]);
            approx::assert_abs_diff_eq!(neurons.potential[0], -(0.3f64.powi(step)), epsilon = 1e-12);
            assert!(neurons.spikes.is_empty());
        }
    }
}
