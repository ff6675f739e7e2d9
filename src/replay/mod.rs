//! Replays a recorded spiking phase and compares every number with the recording.
//!
//! A recording (`.npz`) holds the weights and the drive of one phase of the authors' program, and the results: spikes,
//! potentials, causal effects, regression lines, feedback weights.

mod recording;

pub use recording::{LARGEST, Recording};

use crate::feedback::write_back;
use crate::spiking::Circuit;
use crate::spiking::estimator::{Estimator, Gradient};
use ndarray::{ArrayView3, Axis};
use recording::RECORDED_EVERY;
use std::fmt;

/// One quantity, compared with the recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What is compared.
    pub quantity: &'static str,
    /// The population it belongs to, or the lower one of its pair.
    pub population: usize,
    /// How many numbers were compared.
    pub compared: usize,
    /// How far off: the number of differing spikes, or the largest difference.
    pub difference: f64,
    /// The largest difference that passes.
    pub allowed: f64,
}

impl Row {
    /// Whether the difference is small enough. (NaN is not.)
    pub fn passes(&self) -> bool {
        self.difference <= self.allowed
    }
}

/// The comparison of a whole recording; displays as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// All quantities, population by population.
    pub rows: Vec<Row>,
}

impl Comparison {
    /// Whether every quantity passes.
    pub fn passes(&self) -> bool {
        self.rows.iter().all(Row::passes)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<32}{:>12}{:>14}{:>12}  result", "quantity", "compared", "difference", "allowed")?;
        for row in &self.rows {
            let quantity = format!("{} {}", row.quantity, row.population);
            let result = if row.passes() { "pass" } else { "FAIL" };
            writeln!(
                f,
                "{quantity:<32}{:>12}{:>14.3e}{:>12.0e}  {result}",
                row.compared, row.difference, row.allowed
            )?;
        }
        Ok(())
    }
}

impl Recording {
    /// Simulates the recorded phase, with the recorded drive, and compares.
    pub fn compare(&self) -> Comparison {
        let mut replay = Replay::new(self);
        for driven in 0..self.pairs.len() {
            replay.run(driven);
        }
        replay.comparison()
    }
}

/// A recorded phase that is being simulated again, and how far it is off.
struct Replay<'a> {
    recording: &'a Recording,
    circuit: Circuit,
    estimators: Vec<Gradient>,
    step: usize,
    /// Of each population.
    differing_spikes: Vec<usize>,
    potential: Vec<f64>,
    /// Of each pair.
    causal_effect: Vec<Difference>,
    regression: Vec<Difference>,
}

impl<'a> Replay<'a> {
    fn new(recording: &'a Recording) -> Self {
        let views: Vec<_> = recording.pairs.iter().map(|pair| pair.forward_weight.view()).collect();
        let count = views.len();
        Self {
            recording,
            circuit: Circuit::new(&views),
            estimators: views.iter().map(|weights| Gradient::new(weights.ncols(), weights.nrows())).collect(),
            step: 0,
            differing_spikes: vec![0; count + 1],
            potential: vec![0.0; count + 1],
            causal_effect: vec![Difference::default(); count],
            regression: vec![Difference::default(); count],
        }
    }

    /// The share of the phase in which one population is driven.
    fn run(&mut self, driven: usize) {
        if driven > 0 {
            self.circuit.drive_next();
        }
        let (mut drive, mut spikes) = (Vec::new(), Vec::new());
        for counts in self.recording.pairs[driven].drive.outer_iter() {
            drive.clear();
            for (neuron, &count) in counts.iter().enumerate() {
                drive.extend(std::iter::repeat_n(neuron as u32, usize::from(count)));
            }
            let estimator = &mut self.estimators[driven];
            self.circuit.step(&drive, |event| estimator.observe(event));
            self.compare_populations(&mut spikes);
            self.step += 1;
            if self.step.is_multiple_of(RECORDED_EVERY) {
                self.compare_estimates();
            }
        }
    }

    /// Spikes and potentials of this step.
    fn compare_populations(&mut self, spikes: &mut Vec<u32>) {
        for (population, recorded) in self.recording.populations.iter().enumerate() {
            self.circuit.list_spikes(population, spikes);
            self.differing_spikes[population] +=
                differing(spikes, recorded.spikes.row(self.step).iter().copied());
            if self.step < recorded.potential.nrows() {
                for (neuron, expected) in recorded.potential.row(self.step).iter().enumerate() {
                    let found = self.circuit.potential(population, neuron as u32);
                    let off = &mut self.potential[population];
                    *off = largest(*off, (found - expected).abs());
                }
            }
        }
    }

    /// Causal effects and lines at the end of a second.
    fn compare_estimates(&mut self) {
        let second = self.step / RECORDED_EVERY - 1;
        for (pair, recorded) in self.recording.pairs.iter().enumerate() {
            self.causal_effect[pair].add(
                self.estimators[pair].causal_effects().insert_axis(Axis(0)).view(),
                recorded.causal_effect.index_axis(Axis(0), second).insert_axis(Axis(0)),
            );
            // The recording has c₁, c₀, m₁, m₀.
            let lines = self.estimators[pair].lines().select(Axis(1), &[2, 0, 3, 1]);
            self.regression[pair].add(lines.view(), recorded.regression.index_axis(Axis(0), second));
        }
    }

    /// How far the feedback weights are off that are written at the end.
    fn written(&self, pair: usize) -> Difference {
        let recorded = &self.recording.pairs[pair];
        let mut feedback = recorded.initial_feedback_weight.t().to_owned();
        let deviation = recorded.initial_feedback_weight.std(0.0);
        write_back(self.estimators[pair].causal_effects().view(), deviation, feedback.view_mut());
        let mut written = Difference::default();
        written.add(
            feedback.insert_axis(Axis(0)).view(),
            recorded.feedback_weight.mapv(f64::from).insert_axis(Axis(0)).view(),
        );
        written
    }

    fn comparison(&self) -> Comparison {
        let mut rows = Vec::new();
        for (population, recorded) in self.recording.populations.iter().enumerate() {
            rows.push(Row {
                quantity: "spikes of population",
                population,
                compared: self.step * recorded.potential.ncols(),
                difference: self.differing_spikes[population] as f64,
                allowed: 0.0,
            });
            rows.push(Row {
                quantity: "potential of population",
                population,
                compared: recorded.potential.len(),
                difference: self.potential[population],
                allowed: 1e-5,
            });
        }
        for pair in 0..self.recording.pairs.len() {
            for (quantity, difference) in [
                ("causal effects of pair", &self.causal_effect[pair]),
                ("regression lines of pair", &self.regression[pair]),
                ("feedback weights of pair", &self.written(pair)),
            ] {
                rows.push(Row {
                    quantity,
                    population: pair,
                    compared: difference.compared,
                    difference: difference.relative(),
                    allowed: 1e-4,
                });
            }
        }
        Comparison { rows }
    }
}

/// The largest difference between two arrays, and the largest number it is relative to.
#[derive(Debug, Clone, Default)]
struct Difference {
    compared: usize,
    difference: f64,
    largest: f64,
}

impl Difference {
    fn add(&mut self, found: ArrayView3<'_, f32>, expected: ArrayView3<'_, f64>) {
        self.compared += expected.len();
        for (&found, &expected) in found.iter().zip(&expected) {
            self.difference = largest(self.difference, (f64::from(found) - expected).abs());
            self.largest = largest(self.largest, expected.abs());
        }
    }

    fn relative(&self) -> f64 {
        if self.difference == 0.0 { 0.0 } else { self.difference / self.largest }
    }
}

/// The larger of two numbers, or NaN if either is: a comparison must not lose one.
fn largest(a: f64, b: f64) -> f64 {
    if a >= b { a } else { b + 0.0 * a }
}

/// How many neurons spiked in one of two records of a step but not in the other. The `packed` one
/// has the first neuron in the highest bit.
fn differing(spikes: &[u32], packed: impl Iterator<Item = u8>) -> usize {
    let mut spikes = spikes.iter().copied().peekable();
    let mut count = 0;
    for (byte, mut bits) in packed.enumerate() {
        while let Some(neuron) = spikes.next_if(|&neuron| neuron as usize / 8 == byte) {
            bits ^= 0x80 >> (neuron % 8);
        }
        count += bits.count_ones() as usize;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differing_spikes_are_counted_in_both_directions() {
        let packed = [0b1000_0001, 0b0100_0000];
        assert_eq!(differing(&[0, 7, 9], packed.into_iter()), 0);
        assert_eq!(differing(&[0, 9], packed.into_iter()), 1);
        assert_eq!(differing(&[0, 7, 8, 9], packed.into_iter()), 1);
        assert_eq!(differing(&[1, 2], packed.into_iter()), 5);
    }

    #[test]
    fn nan_is_never_lost() {
        for (a, b) in [(f64::NAN, 1.0), (1.0, f64::NAN)] {
            assert!(largest(a, b).is_nan());
        }
        assert_eq!(largest(2.0, 1.0), 2.0);
        let row = Row { quantity: "", population: 0, compared: 1, difference: f64::NAN, allowed: 1.0 };
        assert!(!row.passes());
    }
}
