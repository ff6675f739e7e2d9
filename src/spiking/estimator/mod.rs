//! Estimators of causal effects: what a neuron makes of its windows.
//!
//! An estimator sees [`Event`]s and nothing else. It cannot read the weights, nor anything that the
//! neuron itself could not know: its own spikes and drive, and the feedback that it receives.
//!
//! | name | what it compares | what it assumes |
//! |---|---|---|
//! | [`gradient`] | two lines at the threshold, one for windows with a spike and one for those without, fitted by small gradient steps from 0 | that the lines may be far from fitted; then their start at 0 is a prior |
//! | [`least_squares`] | the same two lines, fitted exactly | many windows close to the threshold |
//! | [`means`] | windows with a spike and windows without | that the largest drive alone does not matter |
//! | [`observed`] | how much comes back with how many spikes | that nothing drives both neurons: biased under confounding |
//! | [`shrinkage`] | windows with spikes, weighted, and windows without, moved towards what is expected anyway | the same as `means`, once there are many windows |
//!
//! # Why shrinkage wins
//!
//! In 30 s a neuron has about 75 windows, 20 of them without a spike, and the effect of one spike on
//! one upper neuron is far smaller than what all others do to it in the meantime. An unbiased
//! estimate then carries the whole noise of those 20 windows. `least_squares` is worst: it also
//! extrapolates to the threshold, from drives that lie almost all above it. `gradient` has hardly left 0 after
//! so few steps of 0.001; its lines are sums of what came back, and the line without spikes,
//! which should be near 0 anyway because R/30 and R_pre have the same mean, adds little noise.
//! `shrinkage` does on purpose what `gradient` does by being slow.
//!
//! Mean sign agreement with the weights, %, over the seeds 1 to 5 and after 30 s of the same drive
//! (`spikealign align --estimator …`):
//!
//! TABLE

pub mod gradient;
pub mod least_squares;
pub mod means;
pub mod observed;
pub mod shrinkage;

pub use gradient::Gradient;
pub use least_squares::LeastSquares;
pub use means::Means;
pub use observed::Observed;
pub use shrinkage::Shrinkage;

use super::window::WINDOW;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// What a neuron knows when its window closes.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// Which neuron it is.
    pub neuron: u32,
    /// The spikes of the neuron in its window: bit `x` is set for a spike `x` steps before the last.
    pub spikes: u32,
    /// The largest drive in the window, u_max.
    pub largest_drive: f32,
    /// The mean feedback in the window, R/30, one value per upper neuron.
    pub feedback: &'a [f32],
    /// The feedback before the window opened, R_pre, one value per upper neuron.
    pub feedback_before: &'a [f32],
}

impl Event<'_> {
    /// Whether the neuron spiked in its window.
    #[inline(always)]
    pub fn spiked(&self) -> bool {
        self.spikes != 0
    }

    /// Spikes, each counted by the share of the window that was still to come.
    #[inline(always)]
    fn remaining(&self) -> f32 {
        let steps: u32 = (0..WINDOW as u32).filter(|step| self.spikes >> step & 1 != 0).sum();
        steps as f32 / WINDOW as f32
    }
}

/// Estimates causal effects from events.
pub trait Estimator {
    /// Takes one event into account.
    fn observe(&mut self, event: Event<'_>);

    /// The causal effects so far, `[n_in, n_out]`; exactly 0 where there is nothing to say.
    fn causal_effects(&self) -> Array2<f32>;
}

/// The estimators, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum EstimatorName {
    /// Two lines by stochastic gradient: the authors' estimator.
    #[default]
    Gradient,
    /// The same two lines in closed form.
    LeastSquares,
    /// Windows with a spike against windows without.
    Means,
    /// What comes back with a spike: biased under confounding.
    Observed,
    /// Windows with spikes against windows without, these shrunken towards what is expected.
    Shrinkage,
}

/// One of the estimators.
#[derive(Debug, Clone)]
pub enum AnyEstimator {
    /// See [`Gradient`].
    Gradient(Gradient),
    /// See [`LeastSquares`].
    LeastSquares(LeastSquares),
    /// See [`Means`].
    Means(Means),
    /// See [`Observed`].
    Observed(Observed),
    /// See [`Shrinkage`].
    Shrinkage(Shrinkage),
}

impl AnyEstimator {
    /// The estimator of that name, for `inputs` neurons below `outputs`.
    pub fn new(name: EstimatorName, inputs: usize, outputs: usize) -> Self {
        match name {
            EstimatorName::Gradient => Self::Gradient(Gradient::new(inputs, outputs)),
            EstimatorName::LeastSquares => Self::LeastSquares(LeastSquares::new(inputs, outputs)),
            EstimatorName::Means => Self::Means(Means::new(inputs, outputs)),
            EstimatorName::Observed => Self::Observed(Observed::new(inputs, outputs)),
            EstimatorName::Shrinkage => Self::Shrinkage(Shrinkage::new(inputs, outputs)),
        }
    }
}

impl Estimator for AnyEstimator {
    #[inline(always)]
    fn observe(&mut self, event: Event<'_>) {
        match self {
            Self::Gradient(estimator) => estimator.observe(event),
            Self::LeastSquares(estimator) => estimator.observe(event),
            Self::Means(estimator) => estimator.observe(event),
            Self::Observed(estimator) => estimator.observe(event),
            Self::Shrinkage(estimator) => estimator.observe(event),
        }
    }

    fn causal_effects(&self) -> Array2<f32> {
        match self {
            Self::Gradient(estimator) => estimator.causal_effects(),
            Self::LeastSquares(estimator) => estimator.causal_effects(),
            Self::Means(estimator) => estimator.causal_effects(),
            Self::Observed(estimator) => estimator.causal_effects(),
            Self::Shrinkage(estimator) => estimator.causal_effects(),
        }
    }
}

/// Sums over the events of each neuron, `[n_in][COUNT][n_out]`: an event touches a contiguous piece.
#[derive(Debug, Clone)]
struct Sums<const COUNT: usize> {
    outputs: usize,
    values: Vec<f32>,
}

impl<const COUNT: usize> Sums<COUNT> {
    fn new(inputs: usize, outputs: usize) -> Self {
        Self { outputs, values: vec![0.0; inputs * COUNT * outputs] }
    }

    /// One sum of a neuron, a value per upper neuron.
    #[inline(always)]
    fn row(&self, neuron: usize, sum: usize) -> &[f32] {
        &self.values[(neuron * COUNT + sum) * self.outputs..][..self.outputs]
    }

    #[inline(always)]
    fn row_mut(&mut self, neuron: usize, sum: usize) -> &mut [f32] {
        &mut self.values[(neuron * COUNT + sum) * self.outputs..][..self.outputs]
    }

    /// One number for each pair of neurons, from their sums.
    fn map(&self, mut effect: impl FnMut(usize, usize, [f32; COUNT]) -> f32) -> Array2<f32> {
        let inputs = self.values.len() / (COUNT * self.outputs);
        Array2::from_shape_fn((inputs, self.outputs), |(neuron, upper)| {
            effect(neuron, upper, std::array::from_fn(|sum| self.row(neuron, sum)[upper]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, generator};
    use rand::RngExt;

    const NAMES: [EstimatorName; 5] = [
        EstimatorName::Gradient,
        EstimatorName::LeastSquares,
        EstimatorName::Means,
        EstimatorName::Observed,
        EstimatorName::Shrinkage,
    ];

    /// Events of one neuron below two: the first responds with `effect` to each spike, the second is
    /// always silent. With a confounder, a drive shared by both also moves the response.
    fn estimate(name: EstimatorName, effect: f32, confounder: f32, events: usize) -> [f32; 2] {
        let mut generator = generator(11, Stream::Drive);
        let mut estimator = AnyEstimator::new(name, 1, 2);
        for _ in 0..events {
            let largest_drive = generator.random_range(0.5..1.5f32);
            // Now and then it spikes below the threshold or does not above it.
            let spikes = if largest_drive >= 1.0 { 1 << 20 } else { 0 };
            let before = generator.random_range(0.0..0.2f32);
            let noise = generator.random_range(-0.05..0.05f32);
            let spiked = if spikes != 0 { effect } else { 0.0 };
            let feedback = 0.1 + 0.5 * (before - 0.1) + confounder * (largest_drive - 1.0) + spiked + noise;
            estimator.observe(Event {
                neuron: 0,
                spikes,
                largest_drive,
                feedback: &[feedback, 0.0],
                feedback_before: &[before, 0.0],
            });
        }
        let effects = estimator.causal_effects();
        [effects[[0, 0]], effects[[0, 1]]]
    }

    #[test]
    fn every_estimator_finds_an_effect_and_its_sign_and_nothing_in_silence() {
        for name in NAMES {
            let [positive, silent] = estimate(name, 0.05, 0.0, 20_000);
            let [negative, _] = estimate(name, -0.05, 0.0, 20_000);
            assert!(positive > 0.01 && negative < -0.01, "{name:?}: {positive} and {negative}");
            assert_eq!(silent, 0.0, "{name:?}");
            assert_eq!(estimate(name, 0.05, 0.0, 0), [0.0, 0.0], "{name:?}");
        }
    }

    #[test]
    fn lines_resist_a_confounder_that_fools_a_correlation() {
        // Without any effect, a response that rises with the drive looks like one.
        let [fooled, _] = estimate(EstimatorName::Observed, 0.0, 0.1, 20_000);
        let [fair, _] = estimate(EstimatorName::LeastSquares, 0.0, 0.1, 20_000);
        assert!(fooled > 0.03, "{fooled}");
        assert!(fair.abs() < 0.01, "{fair}");
    }
}
