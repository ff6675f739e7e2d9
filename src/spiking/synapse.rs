//! Synapses: the kernel κ, and the traces that spikes leave in it.
//!
//! ```text
//! κ(x) = (e^(−x/τ_L) − e^(−x/τ_s)) / (τ_L − τ_s),   x = 1 … 30 steps,   τ_L = 10, τ_s = 3 steps
//! ```
//!
//! The newest spike has x = 1; a spike 31 steps old contributes nothing. The convolution of a spike
//! train with κ is the difference of two exponential traces, each less its own trace of the spikes
//! that leave the memory: exact, at a cost that does not depend on the length of the memory.

use super::roster::Roster;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// Steps after which a spike is forgotten.
pub const MEMORY: usize = 30;
/// Leak time constant τ_L, in steps.
const LEAK_TIME: f64 = 10.0;
/// Synaptic time constant τ_s, in steps.
const SYNAPTIC_TIME: f64 = 3.0;

/// One of the two exponentials of the kernel.
#[derive(Debug, Clone, Copy)]
struct Exponential {
    /// e^(−1/τ): the share of a trace left one step later.
    decay: f64,
    /// e^(−30/τ): what a spike contributes in its last step in memory.
    leaving: f64,
}

impl Exponential {
    /// `libm` gives the same bits on every platform, which the standard library's `exp` does not.
    fn new(time: f64) -> Self {
        Self { decay: libm::exp(-1.0 / time), leaving: libm::exp(-(MEMORY as f64) / time) }
    }

    /// A trace one step later, when `new` spikes arrive and `old` ones leave.
    #[inline(always)]
    fn step(self, trace: f64, new: f64, old: f64) -> f64 {
        (trace + new - old * self.leaving) * self.decay
    }
}

/// The kernel κ, as the two exponentials whose difference it is.
#[derive(Debug, Clone, Copy)]
struct Kernel {
    leak: Exponential,
    synaptic: Exponential,
}

impl Default for Kernel {
    fn default() -> Self {
        Self { leak: Exponential::new(LEAK_TIME), synaptic: Exponential::new(SYNAPTIC_TIME) }
    }
}

impl Kernel {
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

/// The synapses from the drive to a population: B = α · (κ * spikes).
///
/// Few neurons get a spike in a step, so spikes come and leave one by one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DriveSynapses {
    #[serde(skip)]
    kernel: Kernel,
    pub(crate) leak: Vec<f64>,
    pub(crate) synaptic: Vec<f64>,
    /// How many spikes of each neuron are in memory. None: its traces are exactly 0.
    pub(crate) in_memory: Vec<u32>,
    /// The spikes of the last [`MEMORY`] steps, one list a step.
    pub(crate) past: Vec<Vec<u32>>,
    pub(crate) step: usize,
    pub(crate) current: Vec<f64>,
}

impl DriveSynapses {
    /// Weight α of the driving input.
    pub(crate) const WEIGHT: f64 = 4.0;

    /// No spike in memory.
    pub fn new(size: usize) -> Self {
        Self {
            kernel: Kernel::default(),
            leak: vec![0.0; size],
            synaptic: vec![0.0; size],
            in_memory: vec![0; size],
            past: vec![Vec::new(); MEMORY],
            step: 0,
            current: vec![0.0; size],
        }
    }

    /// Adds a neuron without a spike in memory, in the last place.
    pub fn wake(&mut self) {
        self.leak.push(0.0);
        self.synaptic.push(0.0);
        self.in_memory.push(0);
        self.current.push(0.0);
    }

    /// Whether no spike of the neuron in a place is in memory.
    pub fn is_silent(&self, place: usize) -> bool {
        self.in_memory[place] == 0
    }

    /// Removes the neuron in a place; the last one moves there. It must be silent.
    pub fn sleep(&mut self, place: usize) {
        self.leak.swap_remove(place);
        self.synaptic.swap_remove(place);
        self.in_memory.swap_remove(place);
        self.current.swap_remove(place);
    }

    /// B, one value per place.
    pub fn current(&self) -> &[f64] {
        &self.current
    }

    /// B of this step, to add other input to it.
    pub(crate) fn current_mut(&mut self) -> &mut [f64] {
        &mut self.current
    }

    /// One step later, with a list of the neurons that get a spike, repeated for each spike. All of
    /// them must be awake.
    #[inline(always)]
    pub fn step(&mut self, roster: &Roster, spikes: &[u32]) {
        let Kernel { leak, synaptic } = self.kernel;
        let past = &mut self.past[self.step % MEMORY];
        for place in past.iter().filter_map(|&neuron| roster.place(neuron)) {
            let place = place as usize;
            self.in_memory[place] -= 1;
            // The last spike leaves exactly 0, without rounding error.
            let keep = if self.in_memory[place] == 0 { 0.0 } else { 1.0 };
            self.leak[place] = keep * (self.leak[place] - leak.leaving);
            self.synaptic[place] = keep * (self.synaptic[place] - synaptic.leaving);
        }
        past.clear();
        past.extend_from_slice(spikes);
        for place in spikes.iter().filter_map(|&neuron| roster.place(neuron)) {
            let place = place as usize;
            self.in_memory[place] += 1;
            self.leak[place] += 1.0;
            self.synaptic[place] += 1.0;
        }
        for ((current, slow), fast) in self.current.iter_mut().zip(&mut self.leak).zip(&mut self.synaptic) {
            *slow *= leak.decay;
            *fast *= synaptic.decay;
            *current = Self::WEIGHT * Kernel::value(*slow, *fast);
        }
        self.step += 1;
    }
}

/// The synapses from one population to the next: B = W_spk · (κ * spikes).
///
/// The kernel is linear, so each step adds the columns of the neurons that spiked and passes that
/// one vector through the kernel: a spike costs its column once, silence costs nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Synapses {
    #[serde(skip)]
    kernel: Kernel,
    /// Forward weights, one contiguous row per *lower* neuron: `[n_in][n_out]`.
    #[serde(skip)]
    pub(crate) weight: Vec<f32>,
    /// Scale from a forward weight to a weight of the spiking network.
    #[serde(skip)]
    pub(crate) scale: f64,
    pub(crate) outputs: usize,
    /// The summed columns of the last [`MEMORY`] steps, `[MEMORY][n_out]`.
    pub(crate) past: Vec<f64>,
    pub(crate) leak: Vec<f64>,
    pub(crate) synaptic: Vec<f64>,
    pub(crate) current: Vec<f64>,
    pub(crate) step: usize,
}

impl Synapses {
    /// Synapses with the forward weights `[n_out, n_in]` of the rate network, rescaled for the
    /// spiking phase: W_spk = 0.2 · n_in · W / std(W). Weights without any spread count as 0.
    pub fn new(forward: ArrayView2<'_, f32>) -> Self {
        Self::scaled(forward, Self::scale_of(forward))
    }

    /// 0.2 · n_in / std(W).
    pub fn scale_of(forward: ArrayView2<'_, f32>) -> f64 {
        let scale = 0.2 * forward.ncols() as f64 / forward.mapv(f64::from).std(0.0);
        if scale.is_finite() { scale } else { 0.0 }
    }

    /// Synapses with `scale` times the forward weights `[n_out, n_in]`.
    pub fn scaled(forward: ArrayView2<'_, f32>, scale: f64) -> Self {
        let outputs = forward.nrows();
        Self {
            kernel: Kernel::default(),
            weight: forward.t().iter().copied().collect(),
            scale,
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

    /// B of this step, to add other input to it.
    pub(crate) fn current_mut(&mut self) -> &mut [f64] {
        &mut self.current
    }

    /// One step later, with a list of the lower neurons that spiked.
    #[inline(always)]
    pub fn step(&mut self, spikes: &[u32]) {
        let (weight, outputs) = (&self.weight, self.outputs);
        let column = |neuron: u32| &weight[neuron as usize * outputs..][..outputs];
        let sum = &mut self.current;
        sum.fill(0.0);
        // Four columns at a time: the sum is read and written a quarter as often.
        let (fours, rest) = spikes.as_chunks::<4>();
        for &four in fours {
            let [a, b, c, d] = four.map(column);
            for ((((sum, &a), &b), &c), &d) in sum.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                *sum = *sum + f64::from(a) + f64::from(b) + f64::from(c) + f64::from(d);
            }
        }
        for &neuron in rest {
            for (sum, &weight) in sum.iter_mut().zip(column(neuron)) {
                *sum += f64::from(weight);
            }
        }
        let Kernel { leak, synaptic } = self.kernel;
        let past = &mut self.past[self.step % MEMORY * outputs..][..outputs];
        for (((current, past), slow), fast) in
            self.current.iter_mut().zip(past).zip(&mut self.leak).zip(&mut self.synaptic)
        {
            let new = *current * self.scale;
            *slow = leak.step(*slow, new, *past);
            *fast = synaptic.step(*fast, new, *past);
            *past = new;
            *current = Kernel::value(*slow, *fast);
        }
        self.step += 1;
    }
}

/// κ * the spikes of each neuron of a population.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SpikeTrace {
    #[serde(skip)]
    kernel: Kernel,
    pub(crate) leak: Vec<f64>,
    pub(crate) synaptic: Vec<f64>,
}

impl SpikeTrace {
    /// No spike in memory.
    pub fn new(size: usize) -> Self {
        Self { kernel: Kernel::default(), leak: vec![0.0; size], synaptic: vec![0.0; size] }
    }

    /// One step later, with the `history` of the neurons: bit `x` is set for a spike `x` steps ago.
    /// Writes κ * spikes into `value`.
    #[inline(always)]
    pub fn step(&mut self, history: &[u32], value: &mut [f64]) {
        /// The steps in memory.
        const REMEMBERED: u32 = (1 << MEMORY) - 1;
        let Kernel { leak, synaptic } = self.kernel;
        for (((value, &history), slow), fast) in
            value.iter_mut().zip(history).zip(&mut self.leak).zip(&mut self.synaptic)
        {
            let new = if history & 1 != 0 { 1.0 } else { 0.0 };
            let old = if history & 1 << MEMORY != 0 { 1.0 } else { 0.0 };
            // An empty memory gives exactly 0: a rounding error could be taken for an effect.
            let keep = if history & REMEMBERED != 0 { 1.0 } else { 0.0 };
            *slow = keep * leak.step(*slow, new, old);
            *fast = keep * synaptic.step(*fast, new, old);
            *value = Kernel::value(*slow, *fast);
        }
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
        fn the_drive_is_the_direct_sum(trains in trains(5)) {
            let mut drive = DriveSynapses::new(5);
            for step in 0..trains.len() {
                drive.step(&Roster::new(5), &trains[step]);
                for neuron in 0..5 {
                    let expected = 4.0 * direct(&trains[..=step], neuron);
                    let found = drive.current()[neuron as usize];
                    prop_assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
                    prop_assert_eq!(found == 0.0, expected == 0.0);
                }
            }
        }

        #[test]
        fn a_trace_is_the_direct_sum(mut trains in trains(5)) {
            let mut trace = SpikeTrace::new(5);
            let mut history = [0u32; 5];
            let mut value = [0.0; 5];
            for step in 0..trains.len() {
                // A neuron spikes once in a step.
                trains[step].sort_unstable();
                trains[step].dedup();
                for (neuron, history) in history.iter_mut().enumerate() {
                    *history = *history << 1 | u32::from(trains[step].contains(&(neuron as u32)));
                }
                trace.step(&history, &mut value);
                for neuron in 0..5 {
                    let expected = direct(&trains[..=step], neuron);
                    let found = value[neuron as usize];
                    prop_assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
                    prop_assert_eq!(found == 0.0, expected == 0.0);
                }
            }
        }

        #[test]
        fn a_current_is_the_weighted_direct_sum(
            trains in prop::collection::vec(prop::collection::vec(0..4u32, 0..9), 1..120),
            seed in 0u32..1000,
        ) {
            let weight = |k, i| ((seed as usize + 3 * k + 5 * i) % 7) as f32 - 2.5;
            let forward = Array2::from_shape_fn((3, 4), |(k, i)| weight(k, i));
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
        for value in [0.0, 0.25] {
            let mut synapses = Synapses::new(Array2::from_elem((2, 2), value).view());
            synapses.step(&[0, 1]);
            assert_eq!(synapses.current(), [0.0, 0.0]);
        }
    }
}
