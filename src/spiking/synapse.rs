//! Synapses: the kernel κ, and what spikes leave behind when they pass through it.
//!
//! ```text
//! κ(x) = (e^(−x/τ_L) − e^(−x/τ_s)) / (τ_L − τ_s),   x = 1 … 30 steps,   τ_L = 10, τ_s = 3 steps
//! ```
//!
//! The newest spike has x = 1; a spike 31 steps old contributes nothing. The convolution of a spike
//! train with κ is the difference of two exponential traces, each less its own trace of the spikes
//! that leave the memory: exact, at a cost that does not depend on the length of the memory.

use ndarray::ArrayView2;

/// Steps after which a spike is forgotten.
pub const MEMORY: usize = 30;
/// Leak time constant τ_L, in steps.
const LEAK_TIME: f64 = 10.0;
/// Synaptic time constant τ_s, in steps.
const SYNAPTIC_TIME: f64 = 3.0;

/// One of the two exponentials of the kernel.
#[derive(Debug, Clone, Copy)]
struct Exponential {
    /// e^(−1/τ): what is left of a trace a step later, and what a new spike adds (x = 1).
    decay: f64,
    /// e^(−31/τ): what a spike that leaves the memory would still contribute (x = 31).
    leaving: f64,
}

impl Exponential {
    /// `libm` gives the same bits on every platform, which the standard library's `exp` does not.
    fn new(time: f64) -> Self {
        Self { decay: libm::exp(-1.0 / time), leaving: libm::exp(-((MEMORY + 1) as f64) / time) }
    }
}

/// The kernel κ, as the two exponentials whose difference it is.
#[derive(Debug, Clone, Copy)]
struct Kernel {
    leak: Exponential,
    synaptic: Exponential,
}

impl Kernel {
    fn new() -> Self {
        Self { leak: Exponential::new(LEAK_TIME), synaptic: Exponential::new(SYNAPTIC_TIME) }
    }

    /// The value of the convolution, from the two traces.
    #[inline(always)]
    fn value(leak: f64, synaptic: f64) -> f64 {
        (leak - synaptic) * (1.0 / (LEAK_TIME - SYNAPTIC_TIME))
    }
}

/// κ(x), for tests and plots; the simulation never calls it.
pub fn kernel(x: usize) -> f64 {
    if (1..=MEMORY).contains(&x) {
        let age = x as f64;
        Kernel::value(libm::exp(-age / LEAK_TIME), libm::exp(-age / SYNAPTIC_TIME))
    } else {
        0.0
    }
}

/// The convolution of κ with the spikes of each neuron of a population.
#[derive(Debug, Clone)]
pub struct SpikeTrace {
    kernel: Kernel,
    leak: Vec<f64>,
    synaptic: Vec<f64>,
    /// How many spikes of each neuron are in memory. None: its traces are exactly 0, without the
    /// residue of rounding that could pass for an effect.
    in_memory: Vec<u32>,
    /// The spikes of the last [`MEMORY`] steps, one list a step.
    past: Vec<Vec<u32>>,
    step: usize,
    value: Vec<f64>,
}

impl SpikeTrace {
    /// No spike in memory.
    pub fn new(size: usize) -> Self {
        Self {
            kernel: Kernel::new(),
            leak: vec![0.0; size],
            synaptic: vec![0.0; size],
            in_memory: vec![0; size],
            past: vec![Vec::new(); MEMORY],
            step: 0,
            value: vec![0.0; size],
        }
    }

    /// κ * spikes up to the last step, one value a neuron.
    pub fn value(&self) -> &[f64] {
        &self.value
    }

    /// One step later, with a list of the neurons that spiked; a neuron may be in it repeatedly.
    pub fn step(&mut self, spikes: &[u32]) {
        let Kernel { leak, synaptic } = self.kernel;
        for (slow, fast) in self.leak.iter_mut().zip(&mut self.synaptic) {
            *slow *= leak.decay;
            *fast *= synaptic.decay;
        }
        let past = &mut self.past[self.step % MEMORY];
        for &neuron in past.iter() {
            let neuron = neuron as usize;
            self.in_memory[neuron] -= 1;
            if self.in_memory[neuron] == 0 {
                self.leak[neuron] = 0.0;
                self.synaptic[neuron] = 0.0;
            } else {
                self.leak[neuron] -= leak.leaving;
                self.synaptic[neuron] -= synaptic.leaving;
            }
        }
        past.clear();
        past.extend_from_slice(spikes);
        for &neuron in spikes {
            let neuron = neuron as usize;
            self.in_memory[neuron] += 1;
            self.leak[neuron] += leak.decay;
            self.synaptic[neuron] += synaptic.decay;
        }
        for ((value, &slow), &fast) in self.value.iter_mut().zip(&self.leak).zip(&self.synaptic) {
            *value = Kernel::value(slow, fast);
        }
        self.step += 1;
    }
}

/// The synapses from one population to the next: B = W_spk · (κ * spikes).
///
/// The kernel is linear, so each step adds the columns of the neurons that spiked and passes that
/// one vector through the kernel: a spike costs its column once, silence costs nothing.
#[derive(Debug, Clone)]
pub struct Synapses {
    kernel: Kernel,
    /// Forward weights, one contiguous row per *lower* neuron: `[n_in][n_out]`.
    weight: Vec<f32>,
    /// What turns a forward weight into a weight of the spiking network.
    scale: f64,
    outputs: usize,
    /// The summed columns of the last [`MEMORY`] steps, `[MEMORY][n_out]`.
    past: Vec<f64>,
    leak: Vec<f64>,
    synaptic: Vec<f64>,
    current: Vec<f64>,
    step: usize,
}

impl Synapses {
    /// Synapses with the forward weights `[n_out, n_in]` of the rate network, rescaled for the
    /// spiking phase: W_spk = 0.2 · n_in · W / std(W). Weights without any spread count as 0.
    pub fn new(forward: ArrayView2<'_, f32>) -> Self {
        let (outputs, inputs) = forward.dim();
        let deviation = forward.mapv(f64::from).std(0.0);
        let scale = 0.2 * inputs as f64 / deviation;
        Self {
            kernel: Kernel::new(),
            weight: forward.t().iter().copied().collect(),
            scale: if scale.is_finite() { scale } else { 0.0 },
            outputs,
            past: vec![0.0; MEMORY * outputs],
            leak: vec![0.0; outputs],
            synaptic: vec![0.0; outputs],
            current: vec![0.0; outputs],
            step: 0,
        }
    }

    /// B, one value per upper neuron.
    pub fn current(&self) -> &[f64] {
        &self.current
    }

    /// One step later, with a list of the lower neurons that spiked.
    pub fn step(&mut self, spikes: &[u32]) {
        let outputs = self.outputs;
        let sum = &mut self.current;
        sum.fill(0.0);
        for &neuron in spikes {
            let column = &self.weight[neuron as usize * outputs..][..outputs];
            for (sum, &weight) in sum.iter_mut().zip(column) {
                *sum += f64::from(weight);
            }
        }
        let Kernel { leak, synaptic } = self.kernel;
        let past = &mut self.past[self.step % MEMORY * outputs..][..outputs];
        for (((current, past), slow), fast) in
            self.current.iter_mut().zip(past).zip(&mut self.leak).zip(&mut self.synaptic)
        {
            let new = *current * self.scale;
            *slow = *slow * leak.decay - *past * leak.leaving + new * leak.decay;
            *fast = *fast * synaptic.decay - *past * synaptic.leaving + new * synaptic.decay;
            *past = new;
            *current = Kernel::value(*slow, *fast);
        }
        self.step += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    /// κ * spikes at the last step, summed term by term.
    fn direct(trains: &[Vec<u32>], neuron: u32) -> f64 {
        let mut sum = 0.0;
        for (age, spikes) in trains.iter().rev().enumerate() {
            let count = spikes.iter().filter(|&&spike| spike == neuron).count();
            sum += count as f64 * kernel(age + 1);
        }
        sum
    }

    fn trains(size: u32) -> impl Strategy<Value = Vec<Vec<u32>>> {
        prop::collection::vec(prop::collection::vec(0..size, 0..4), 1..120)
    }

    proptest! {
        #[test]
        fn a_trace_is_the_direct_sum(trains in trains(5)) {
            let mut trace = SpikeTrace::new(5);
            for step in 0..trains.len() {
                trace.step(&trains[step]);
                for neuron in 0..5 {
                    let expected = direct(&trains[..=step], neuron);
                    let found = trace.value()[neuron as usize];
                    prop_assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
                    prop_assert_eq!(found == 0.0, expected == 0.0);
                }
            }
        }

        #[test]
        fn a_current_is_the_weighted_direct_sum(trains in trains(4), seed in 0u32..1000) {
            let forward = Array2::from_shape_fn((3, 4), |(k, i)| ((seed as usize + 3 * k + 5 * i) % 7) as f32 - 2.5);
            let mut synapses = Synapses::new(forward.view());
            for spikes in &trains {
                synapses.step(spikes);
            }
            let deviation = forward.mapv(f64::from).std(0.0);
            for (k, &found) in synapses.current().iter().enumerate() {
                let expected: f64 = (0..4)
                    .map(|i| 0.2 * 4.0 * f64::from(forward[[k, i]]) / deviation * direct(&trains, i as u32))
                    .sum();
                prop_assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
            }
        }
    }

    #[test]
    fn weights_without_spread_or_sense_give_no_current() {
        for value in [0.0, 0.25, f32::NAN, f32::INFINITY] {
            let mut synapses = Synapses::new(Array2::from_elem((2, 2), value).view());
            synapses.step(&[0, 1]);
            if value.is_finite() {
                assert_eq!(synapses.current(), [0.0, 0.0]);
            }
        }
    }
}
