//! The drive: Poisson spikes to a random fifth of a population, redrawn every 100 ms.

use crate::random::Generator;
use rand::{Rng, RngExt, seq::SliceRandom};
use serde::{Deserialize, Serialize};

/// Spikes per step of a driven neuron (200 Hz).
pub const RATE: f64 = 0.2;
/// Steps for which the same neurons are driven.
const PERIOD: usize = 100;
/// One neuron of this many is driven.
const ONE_IN: usize = 5;

/// How many neurons of a population are driven at a time: a fifth, rounded down, but one at least.
pub fn active_count(size: usize) -> usize {
    (size / ONE_IN).max(1)
}

/// The Poisson distribution, as a table of its cumulative probabilities.
///
/// The table needs no exponential: the probabilities follow from their ratios. So it is the same on
/// every platform, which a distribution that calls the standard library's `exp` is not.
#[derive(Debug, Clone, Default)]
pub struct Poisson {
    /// The least count in the table.
    first: u32,
    /// Probability of a count of at most `first + index`.
    cumulative: Vec<f64>,
}

impl Poisson {
    /// Counts less probable than this, relative to the most probable one, are left out of the table.
    const NEGLIGIBLE: f64 = 1e-15;

    /// Counts of this `mean`, at least 0.
    pub fn new(mean: f64) -> Self {
        let mode = mean as u32;
        let below = (0..mode).rev().scan(1.0, |weight, count| {
            *weight *= f64::from(count + 1) / mean;
            (*weight > Self::NEGLIGIBLE).then_some(*weight)
        });
        let above = (mode + 1..).scan(1.0, |weight, count| {
            *weight *= mean / f64::from(count);
            (*weight > Self::NEGLIGIBLE).then_some(*weight)
        });
        let mut weights: Vec<f64> = below.collect();
        let first = mode - weights.len() as u32;
        weights.reverse();
        weights.push(1.0);
        weights.extend(above);
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let cumulative = weights.iter().map(|weight| {
            sum += weight;
            sum / total
        });
        Self { first, cumulative: cumulative.collect() }
    }

    /// Draws a count.
    pub fn sample(&self, generator: &mut impl Rng) -> u32 {
        let uniform: f64 = generator.random();
        self.first + self.cumulative.partition_point(|&probability| probability <= uniform) as u32
    }
}

/// Poisson spikes for one population.
///
/// The superposition of Poisson processes is one: each step draws how many spikes the driven
/// neurons get together, then gives each to one of them. No random number per neuron is needed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Drive {
    /// A permutation of the population; its last [`active_count`] neurons are the driven ones.
    pub(crate) neurons: Vec<u32>,
    #[serde(skip)]
    pub(crate) total: Poisson,
    pub(crate) step: usize,
    #[serde(skip)]
    pub(crate) spikes: Vec<u32>,
}

impl Drive {
    /// A drive for `size` neurons.
    pub fn new(size: usize) -> Self {
        let mean = RATE * active_count(size) as f64;
        Self {
            neurons: (0..size as u32).collect(),
            total: Poisson::new(mean),
            step: 0,
            spikes: Vec::with_capacity(size),
        }
    }

    /// The spikes of the next step: neurons, unordered, repeated when they get more than one.
    pub fn step(&mut self, generator: &mut Generator) -> &[u32] {
        let active = active_count(self.neurons.len());
        if self.step.is_multiple_of(PERIOD) {
            let _ = self.neurons.partial_shuffle(generator, active);
        }
        self.step += 1;
        self.spikes.clear();
        let driven = &self.neurons[self.neurons.len() - active..];
        for _ in 0..self.total.sample(generator) {
            // A 32-bit index: the same draw on 64-bit and wasm machines.
            let chosen = generator.random_range(0..active as u32);
            self.spikes.push(driven[chosen as usize]);
        }
        &self.spikes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, generator};

    #[test]
    fn a_fifth_is_driven_at_200_hz_and_redrawn() {
        let size = 60;
        let mut generator = generator(3, Stream::Drive);
        let mut drive = Drive::new(size);
        let periods = 300;
        let mut total = vec![0usize; size];
        let mut together = 0;
        for _ in 0..periods {
            let mut counts = vec![0usize; size];
            for _ in 0..PERIOD {
                for &neuron in drive.step(&mut generator) {
                    counts[neuron as usize] += 1;
                }
            }
            // A driven neuron is silent for 100 ms with probability e^-20.
            assert_eq!(counts.iter().filter(|&&count| count > 0).count(), active_count(size));
            together += usize::from(counts[0] > 0 && counts[1] > 0);
            total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        }
        let seconds = (periods * PERIOD) as f64 / 1000.0;
        let rate = total.iter().sum::<usize>() as f64 / seconds / size as f64;
        approx::assert_abs_diff_eq!(rate, 40.0, epsilon = 0.5);
        for total in total {
            approx::assert_abs_diff_eq!(total as f64 / seconds, 40.0, epsilon = 20.0);
        }
        assert!((1..30).contains(&together), "{together} of {periods} periods drive both of two neurons");
    }

    #[test]
    fn poisson_counts_have_their_mean_and_variance() {
        let mut generator = generator(5, Stream::Drive);
        for mean in [0.2, 5.2, 64.0, 3000.0] {
            let poisson = Poisson::new(mean);
            let counts: Vec<f64> = (0..20_000).map(|_| poisson.sample(&mut generator).into()).collect();
            let found = counts.iter().sum::<f64>() / 20_000.0;
            let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 20_000.0;
            // Five standard errors.
            approx::assert_abs_diff_eq!(found, mean, epsilon = 5.0 * (mean / 20_000.0f64).sqrt());
            approx::assert_relative_eq!(variance, mean, max_relative = 0.1);
        }
    }

    #[test]
    fn the_smallest_population_is_driven() {
        let mut generator = generator(1, Stream::Drive);
        let mut drive = Drive::new(1);
        let spikes: usize = (0..1000).map(|_| drive.step(&mut generator).len()).sum();
        assert!((140..260).contains(&spikes), "{spikes}");
    }
}
