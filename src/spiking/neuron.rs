//! The leaky integrate-and-fire neuron: parameters, state, and a pure step.
//!
//! One step is 1 ms. A neuron with membrane potential `v` and input `B` does, in this order,
//!
//! ```text
//! v ← v − g_L v + g_D (B − v)          g_L = 0.1, g_D = 0.6 per step
//! v ≥ θ and not refractory: spike, v ← v_reset
//! ```

use super::list_rare;
use serde::{Deserialize, Serialize};

/// Membrane potential at which a neuron spikes (θ).
pub const THRESHOLD: f64 = 1.0;
/// Membrane potential after a spike, and at the start of a simulation.
pub const RESET: f64 = -1.0;
/// Steps from a spike to the next possible one.
pub const REFRACTORY: u32 = 3;
/// Leak conductance g_L per step (100 per second).
const LEAK: f64 = 0.1;
/// Dendritic conductance g_D per step (600 per second).
const DENDRITE: f64 = 0.6;

/// Of a neuron's history, the steps in which a spike forbids one now. (Bit 0 is the step before.)
const REFRACTORY_MASK: u32 = (1 << (REFRACTORY - 1)) - 1;

/// The potential one step later, for input `input`, before any spike.
#[inline(always)]
pub fn integrate(potential: f64, input: f64) -> f64 {
    // v − g_L v + g_D (B − v), with the terms in v collected.
    (1.0 - LEAK - DENDRITE) * potential + DENDRITE * input
}

/// The state of a population of neurons.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Neurons {
    pub(crate) potential: Vec<f64>,
    pub(crate) history: Vec<u32>,
}

impl Neurons {
    /// `size` neurons at rest: every potential at [`RESET`], no spike in memory.
    pub fn new(size: usize) -> Self {
        Self { potential: vec![RESET; size], history: vec![0; size] }
    }

    /// The membrane potential v of each neuron, after the reset of the last step.
    pub fn potential(&self) -> &[f64] {
        &self.potential
    }

    /// The last 32 steps of each neuron: bit `x` is set if it spiked `x` steps before the last one.
    /// Refractory periods, spike counts and feedback are read off these bits.
    pub fn history(&self) -> &[u32] {
        &self.history
    }

    /// Lists the neurons that spiked `age` steps before the last one, in ascending order.
    #[inline(always)]
    pub fn list_spikes(&self, age: usize, spikes: &mut Vec<u32>) {
        list_rare(&self.history, |history| history >> age & 1 != 0, spikes);
    }

    /// Adds a neuron that has long been without input, in the last place: its potential is 0.
    pub fn wake(&mut self) {
        self.potential.push(0.0);
        self.history.push(0);
    }

    /// Whether a neuron is so close to its resting potential that the difference does not matter.
    pub fn at_rest(&self, place: usize) -> bool {
        self.potential[place].abs() < 1e-30 && self.history[place] == 0
    }

    /// Removes the neuron in a place; the last one moves there.
    pub fn sleep(&mut self, place: usize) {
        self.potential.swap_remove(place);
        self.history.swap_remove(place);
    }

    /// One step with an `input` B for each neuron.
    #[inline(always)]
    pub fn step(&mut self, input: &[f64]) {
        // Without a branch, so that it vectorises: a population above may spike at 200 Hz.
        for ((potential, history), &input) in self.potential.iter_mut().zip(&mut self.history).zip(input) {
            let next = integrate(*potential, input);
            let spike = (next >= THRESHOLD) & (*history & REFRACTORY_MASK == 0);
            *potential = if spike { RESET } else { next };
            *history = *history << 1 | u32::from(spike);
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
            trace.push(neurons.potential()[0]);
            if neurons.history()[0] & 1 != 0 {
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
    fn spikes_are_listed_wherever_they_are() {
        let mut neurons = Neurons::new(70);
        let input: Vec<f64> = (0..70).map(|neuron| if neuron % 16 < 2 { 9.0 } else { 0.0 }).collect();
        let mut spikes = vec![99];
        neurons.step(&input);
        neurons.list_spikes(0, &mut spikes);
        assert_eq!(spikes, [0, 1, 16, 17, 32, 33, 48, 49, 64, 65]);
        neurons.step(&input);
        neurons.list_spikes(0, &mut spikes);
        assert!(spikes.is_empty());
    }

    #[test]
    fn without_input_the_potential_decays_and_never_spikes() {
        let mut neurons = Neurons::new(1);
        for step in 1..20 {
            neurons.step(&[0.0]);
            approx::assert_abs_diff_eq!(neurons.potential()[0], -(0.3f64.powi(step)), epsilon = 1e-12);
            assert_eq!(neurons.history(), [0]);
        }
    }
}
