//! Estimators of causal effects: how a neuron turns its windows into effects.
//!
//! An estimator sees [`Event`]s, or every [`Moment`], and nothing else. It cannot read the weights, nor anything that the
//! neuron itself could not know: its own spikes and drive, and the feedback that it receives.
//!
//! | name | what it compares | what it assumes |
//! |---|---|---|
//! | [`gradient`] | two lines at the threshold, one for windows with a spike and one for those without, fitted by small gradient steps from 0 | that the lines may be far from fitted; then their start at 0 is a prior |
//! | [`least_squares`] | the same two lines, fitted exactly | many windows close to the threshold |
//! | [`means`] | windows with a spike and windows without | that the largest drive alone does not matter |
//! | [`observed`] | how much comes back with how many spikes | that nothing drives both neurons: biased under confounding |
//! | [`shrinkage`] | windows with spikes, weighted, and windows without, moved towards what is expected anyway | the same as `means`, once there are many windows |
//! | [`innovation`] | what follows each spike with what was to be expected, less what a silent neuron's drive predicts | linear responses, and many neurons above |
//!
//! # Why shrinkage is the best of those that use windows
//!
//! In 30 s a neuron has about 75 windows, 20 of them without a spike, and the effect of one spike on one upper neuron
//! is far smaller than what all others do to it in the meantime. An unbiased estimate then carries the whole noise of
//! those 20 windows. `least_squares` is worst: the drives of windows with a spike all lie above the threshold, and a
//! line is least certain at its end. `gradient` has barely left 0 after so few steps of 0.001; its lines are sums of
//! the feedback, and the line without spikes, which should be near 0 anyway because R/30 and R_pre have the same mean,
//! adds little noise. `shrinkage` does on purpose what `gradient` does by being slow.
//!
//! Mean sign agreement with the weights, %, of the three layer pairs over the seeds 1 to 5, after 30 s
//! of drive for each pair (rows of `spikealign align --seconds 60 --estimator …`):
//!
//! | estimator | 512-128-64-10 | 1600-384-192-10 |
//! |---|---|---|
//! | `gradient` | 71.6, 84.5, 89.0 | 63.2, 74.3, 80.6 |
//! | `least-squares` | 53.9, 58.2, 61.4 | 52.1, 54.5, 56.1 |
//! | `means` | 63.2, 74.2, 80.3 | 57.7, 65.2, 70.1 |
//! | `observed` | 63.8, 75.3, 81.8 | 58.0, 66.0, 71.4 |
//! | `shrinkage` | 79.6, 90.1, 92.7 | 69.4, 82.1, 86.7 |
//! | `gradient` after 60 s | 77.7, 89.1, 91.4 | 67.8, 80.3, 85.7 |
//!
//! (`innovation`, which uses no windows: 85.8, 93.4, 94.7 over the seeds 11 to 20; `study/results/innovation.json`.)
//!
//! So `shrinkage` needs less than half the drive. Its gains, in the first pair of the smaller network: from 63.2 for
//! the plain difference of means to 65.2 with the expectation instead of R_pre, to 77.2 with the shrinkage, and to 79.2
//! with the weights of spikes. Comparing with the expectation alone, and never with windows without a spike, would do
//! as well here (79.3), where nothing drives two neurons at once; where something does, it stays biased. So does
//! `shrinkage` in the available time: its windows without a spike count too little to correct it. Also tried: R/30
//! alone (b = 0), worse in every form; spikes before the window, weighted by their expected effect on R and R_pre, no
//! better; the difference not explained by the drive, far worse (58.2), for the same reason as `least_squares`.

use super::population::Population;
use super::window::WINDOW;
use crate::setting::{Choice, Value};
use crate::state::{State, Visitor};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// Declares the estimators: a module with a type that has `new(inputs, outputs)`, and its name. (The event loop calls
/// them without dynamic dispatch, so that they are inlined and vectorised with it.)
macro_rules! estimators {
    ($($module:ident::$estimator:ident = $name:literal,)*) => {
        $(pub mod $module;)*
        $(pub use $module::$estimator;)*

        /// The estimators, by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EstimatorName {
            $(#[doc = concat!("See [`", stringify!($estimator), "`].")] #[serde(rename = $name)] $estimator,)*
        }

        impl EstimatorName {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$estimator,)*];

            /// Its name, and what a person calls it.
            pub fn description(self) -> Description {
                match self {
                    $(Self::$estimator => Description { name: $name, ..$module::DESCRIPTION },)*
                }
            }
        }

        /// One of the estimators.
        #[derive(Debug, Clone)]
        pub enum AnyEstimator {
            $(#[doc = concat!("See [`", stringify!($estimator), "`].")] $estimator($estimator),)*
        }

        impl AnyEstimator {
            /// The estimator of that name, for `inputs` neurons below `outputs`.
            pub fn new(name: EstimatorName, inputs: usize, outputs: usize) -> Self {
                match name {
                    $(EstimatorName::$estimator => Self::$estimator($estimator::new(inputs, outputs)),)*
                }
            }

            /// Whether it needs every step, not windows.
            #[inline(always)]
            pub fn needs_steps(&self) -> bool {
                match self {
                    $(Self::$estimator(_) => !$module::DESCRIPTION.of_windows,)*
                }
            }
        }

        impl Estimator for AnyEstimator {
            // Without wider vectors to inline them for, one copy of all of them is enough.
            #[cfg_attr(target_family = "wasm", inline(never))]
            #[cfg_attr(not(target_family = "wasm"), inline(always))]
            fn observe(&mut self, event: Event<'_>) {
                match self {
                    $(Self::$estimator(estimator) => estimator.observe(event),)*
                }
            }

            fn step(&mut self, moment: Moment<'_>) {
                match self {
                    $(Self::$estimator(estimator) => estimator.step(moment),)*
                }
            }

            fn causal_effects(&self) -> Array2<f32> {
                match self {
                    $(Self::$estimator(estimator) => estimator.causal_effects(),)*
                }
            }

            fn lines(&self, neuron: usize, upper: usize) -> Option<[Line; 2]> {
                match self {
                    $(Self::$estimator(estimator) => Estimator::lines(estimator, neuron, upper),)*
                }
            }
        }

        impl State for AnyEstimator {
            fn visit(&mut self, visitor: &mut dyn Visitor) {
                match self {
                    $(Self::$estimator(estimator) => estimator.visit(visitor),)*
                }
            }
        }
    };
}

estimators! {
    gradient::Gradient = "gradient",
    least_squares::LeastSquares = "least-squares",
    means::Means = "means",
    observed::Observed = "observed",
    shrinkage::Shrinkage = "shrinkage",
    fuzzy::Fuzzy = "fuzzy",
    stdwi::Stdwi = "stdwi",
    spike_counts::SpikeCounts = "spike-counts",
    innovation::Innovation = "innovation",
}

impl Default for EstimatorName {
    /// That of the authors.
    fn default() -> Self {
        Self::Gradient
    }
}

impl Value for EstimatorName {
    fn read(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|name| name.description().name == text)
    }

    fn write(&self) -> String {
        self.description().name.to_string()
    }
}

/// The estimators, to choose one.
pub fn choices() -> Vec<Choice> {
    let descriptions = EstimatorName::ALL.iter().map(|name| name.description());
    descriptions.map(|Description { name, label, .. }| Choice { value: name, label }).collect()
}

/// How an estimator is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Description {
    /// Its name in settings and records; that of the list.
    pub name: &'static str,
    /// What it does, to choose it.
    pub label: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Whether it uses the windows of a neuron; otherwise all steps.
    pub of_windows: bool,
}

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

/// What the neurons of a layer know at the end of a step.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The neurons below that spiked in this step.
    pub lower: &'a [u32],
    /// The neurons above that did.
    pub upper: &'a [u32],
    /// The feedback q that arrives in the next step, one value per upper neuron.
    pub feedback: &'a [f64],
    /// All neurons below.
    pub(crate) population: &'a Population,
}

impl Moment<'_> {
    /// The last 32 steps of a neuron below: bit `x` is set if it spiked `x` steps before this one.
    fn history(&self, neuron: u32) -> u32 {
        self.population.history(neuron)
    }

    /// The membrane potential of a neuron below. Long after a spike it is the drive u.
    fn potential(&self, neuron: u32) -> f64 {
        self.population.potential(neuron)
    }

    /// Lists the neurons below that spiked `age` steps before this one.
    fn list_spikes(&self, age: usize, spikes: &mut Vec<u32>) {
        self.population.list_spikes(age, spikes);
    }
}

/// Estimates causal effects from events, or from steps.
pub trait Estimator: State {
    /// Takes one event into account.
    fn observe(&mut self, event: Event<'_>);

    /// Takes one step of 1 ms into account.
    fn step(&mut self, _moment: Moment<'_>) {}

    /// The causal effects so far, `[n_in, n_out]`; exactly 0 where there is no estimate.
    fn causal_effects(&self) -> Array2<f32>;

    /// The lines of a neuron and one above it, over windows without and with a spike. None if the
    /// estimator has no lines, or not yet both.
    fn lines(&self, _neuron: usize, _upper: usize) -> Option<[Line; 2]> {
        None
    }
}

/// One of two lines over the windows of a pair of neurons: the response r against the largest drive.
/// The causal effect is the jump at the threshold from the line without to the line with a spike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Line {
    /// Its value at u_max = θ.
    pub at_threshold: f64,
    /// Its slope.
    pub slope: f64,
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

    /// The sums of a pair of neurons.
    fn of(&self, neuron: usize, upper: usize) -> [f32; COUNT] {
        std::array::from_fn(|sum| self.row(neuron, sum)[upper])
    }

    /// One number for each pair of neurons, from their sums.
    fn map(&self, mut effect: impl FnMut(usize, usize, [f32; COUNT]) -> f32) -> Array2<f32> {
        let inputs = self.values.len() / (COUNT * self.outputs);
        Array2::from_shape_fn((inputs, self.outputs), |(neuron, upper)| {
            effect(neuron, upper, self.of(neuron, upper))
        })
    }
}

impl<const COUNT: usize> State for Sums<COUNT> {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.singles(&mut self.values);
    }
}

#[cfg(test)]
mod tests;
