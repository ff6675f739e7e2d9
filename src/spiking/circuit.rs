//! A spiking network: populations, the synapses between them, and feedback from each to the one
//! below. One step of it is one step of the method.

use super::estimator::{Event, Gradient};
use super::neuron::Neurons;
use super::response::Feedback;
use super::synapse::{SpikeTrace, Synapses};
use super::window::Windows;
use ndarray::ArrayView2;

/// Weight α of the driving input.
const DRIVE_WEIGHT: f64 = 4.0;

/// What lies between one population and the next.
#[derive(Debug, Clone)]
struct Pair {
    synapses: Synapses,
    feedback: Feedback,
    windows: Windows,
}

/// A spiking network of two populations or more, of which one is driven.
///
/// The populations below the driven one get no input. To measure one pair, a circuit of that pair
/// alone is enough: what lies above does not reach down, and what lies below is silent.
#[derive(Debug, Clone)]
pub struct Circuit {
    populations: Vec<Neurons>,
    pairs: Vec<Pair>,
    driven: usize,
    drive: SpikeTrace,
    input: Vec<f64>,
}

impl Circuit {
    /// A circuit at rest with the `forward` weights of the rate network, `[n_out, n_in]` for each
    /// pair of populations from the bottom; the lowest population is driven.
    pub fn new(forward: &[ArrayView2<'_, f32>]) -> Self {
        let lowest = forward.first().map(|weights| weights.ncols());
        let sizes: Vec<usize> =
            lowest.into_iter().chain(forward.iter().map(|weights| weights.nrows())).collect();
        let populations: Vec<Neurons> = sizes.iter().map(|&size| Neurons::new(size)).collect();
        let pairs = forward.iter().zip(&populations).map(|(weights, lower)| Pair {
            synapses: Synapses::new(weights.view()),
            feedback: Feedback::new(weights.ncols(), weights.nrows()),
            windows: Windows::new(lower),
        });
        Self {
            pairs: pairs.collect(),
            populations,
            driven: 0,
            drive: SpikeTrace::new(lowest.unwrap_or(0)),
            input: Vec::with_capacity(sizes.into_iter().max().unwrap_or(0)),
        }
    }

    /// Drives another population from now on. No spike of its drive is in memory yet.
    pub fn drive(&mut self, population: usize) {
        self.driven = population;
        self.drive = SpikeTrace::new(self.populations[population].potential.len());
    }

    /// The neurons of a population, counted from the bottom.
    pub fn population(&self, population: usize) -> &Neurons {
        &self.populations[population]
    }

    /// The windows of a population, counted from the bottom; the highest has none.
    pub fn windows(&self, population: usize) -> &Windows {
        &self.pairs[population].windows
    }

    /// One step, given the neurons of the driven population that receive a spike of the drive
    /// (repeated for each spike). Windows of that population that close go to its `estimator`.
    pub fn step(&mut self, drive: &[u32], estimator: &mut Gradient) {
        for population in 0..self.populations.len() {
            self.input.clear();
            if population == self.driven {
                self.drive.step(drive);
                self.input.extend(self.drive.value().iter().map(|value| DRIVE_WEIGHT * value));
            } else if population > self.driven {
                // The spikes of this step reach the next population in the same step.
                let (below, _) = self.populations.split_at(population);
                let synapses = &mut self.pairs[population - 1].synapses;
                synapses.step(&below[population - 1].spikes);
                self.input.extend_from_slice(synapses.current());
            } else {
                self.input.resize(self.populations[population].potential.len(), 0.0);
            }

            let neurons = &mut self.populations[population];
            neurons.step(&self.input);
            if let Some(Pair { feedback, windows, .. }) = self.pairs.get_mut(population) {
                windows.step(&self.input, neurons);
                for closed in windows.closed() {
                    if population == self.driven {
                        estimator.observe(Event {
                            neuron: closed.neuron,
                            spikes: closed.spikes,
                            largest_drive: closed.largest_drive as f32,
                            response: feedback.response(closed.neuron),
                        });
                    }
                    feedback.hold(closed.neuron, closed.reopened);
                }
            }
            if population > 0 {
                // The population below has made its step: it sees these spikes in the next one.
                self.pairs[population - 1].feedback.step(&neurons.spikes);
            }
        }
    }
}
