//! A spiking network: populations, the synapses between them, and feedback from each to the one
//! below. One step of it is one step of the method.

use super::estimator::{Event, Moment};
use super::population::Population;
use super::response::Feedback;
use super::source::Sources;
use super::synapse::{DriveSynapses, Synapses};
use super::window::Windows;
use crate::random::Generator;
use multiversion::multiversion;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// Steps between two looks at which neurons of the driven population have come to rest, and sleep.
const SLEEP_EVERY: usize = 25;

/// The connections between one population and the next.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pair {
    pub(crate) synapses: Synapses,
    pub(crate) feedback: Feedback,
    pub(crate) windows: Windows,
}

/// A spiking network of two or more populations, one of them driven.
///
/// The populations below the driven one get no input. To measure one pair, a circuit of that pair alone is enough:
/// populations above do not reach down, and those below are silent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Circuit {
    pub(crate) populations: Vec<Population>,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) driven: usize,
    pub(crate) drive: DriveSynapses,
    /// What confounds the driven population and the one above it.
    pub(crate) sources: Option<Sources>,
    pub(crate) step: usize,
    /// The input of populations that get none.
    #[serde(skip)]
    pub(crate) silence: Vec<f64>,
    /// The spikes of one population in this step.
    #[serde(skip)]
    pub(crate) spikes: Vec<u32>,
}

impl Circuit {
    /// A circuit at rest with the `forward` weights of the rate network, `[n_out, n_in]` for each
    /// pair of populations from the bottom; the lowest population is driven.
    pub fn new(forward: &[ArrayView2<'_, f32>]) -> Self {
        let lowest = forward.first().map_or(0, |weights| weights.ncols());
        Self::of_synapses(lowest, forward.iter().map(|weights| Synapses::new(weights.view())).collect())
    }

    /// A circuit at rest of `lowest` neurons, and of those that each of the `synapses` lead to.
    pub fn of_synapses(lowest: usize, synapses: Vec<Synapses>) -> Self {
        let sizes = std::iter::once(lowest).chain(synapses.iter().map(|synapses| synapses.outputs));
        let populations: Vec<Population> = sizes.map(Population::new).collect();
        let pairs = synapses.into_iter().zip(&populations).map(|(synapses, lower)| Pair {
            feedback: Feedback::new(lower.roster.awake(), synapses.outputs),
            windows: Windows::new(&lower.neurons),
            synapses,
        });
        Self {
            pairs: pairs.collect(),
            driven: 0,
            drive: DriveSynapses::new(lowest),
            sources: None,
            step: 0,
            silence: vec![
                0.0;
                populations.iter().map(|population| population.roster.awake()).max().unwrap_or(0)
            ],
            spikes: Vec::new(),
            populations,
        }
    }

    /// Draws the next step's spikes of the common sources, if there are any.
    pub fn draw_sources(&mut self, generator: &mut Generator) {
        if let Some(sources) = &mut self.sources {
            sources.step(generator);
        }
    }

    /// Drives the next higher population from now on. No spike of its drive is in memory yet.
    pub fn drive_next(&mut self) {
        self.driven += 1;
        self.drive = DriveSynapses::new(self.populations[self.driven].roster.awake());
    }

    /// Lists the neurons of a population that spiked in the last step, in ascending order.
    pub fn list_spikes(&self, population: usize, spikes: &mut Vec<u32>) {
        self.populations[population].list_spikes(0, spikes);
        spikes.sort_unstable();
    }

    /// What the neurons of the lowest population know after the last step; `spikes` is overwritten.
    pub fn moment<'a>(&'a self, spikes: &'a mut [Vec<u32>; 2]) -> Moment<'a> {
        let [lower, upper] = spikes;
        self.list_spikes(0, lower);
        self.list_spikes(1, upper);
        Moment { lower, upper, feedback: self.feedback(0), population: &self.populations[0] }
    }

    /// How many spikes a population had in the last `steps` steps; neurons remember 32.
    pub fn spike_count(&self, population: usize, steps: usize) -> usize {
        let recent = 1u32.checked_shl(steps as u32).map_or(u32::MAX, |bit| bit - 1);
        // Sleeping neurons have not spiked for longer than neurons remember.
        let histories = self.populations[population].neurons.history();
        histories.iter().map(|history| (history & recent).count_ones() as usize).sum()
    }

    /// The membrane potential v of a neuron, after the reset of the last step.
    pub fn potential(&self, population: usize, neuron: u32) -> f64 {
        self.populations[population].potential(neuron)
    }

    /// The last 32 steps of a neuron: bit `x` is set if it spiked `x` steps before the last one.
    pub fn history(&self, population: usize, neuron: u32) -> u32 {
        self.populations[population].history(neuron)
    }

    /// The feedback q that a population receives from the one above, one value per upper neuron.
    pub fn feedback(&self, population: usize) -> &[f64] {
        self.pairs.get(population).map_or(&[], |pair| pair.feedback.now())
    }

    /// The drive u of a neuron, if it is in a window.
    pub fn window(&self, population: usize, neuron: u32) -> Option<f64> {
        let place = self.populations[population].roster.place(neuron)? as usize;
        let windows = &self.pairs.get(population)?.windows;
        windows.open()[place].then(|| windows.drive()[place])
    }

    /// One step, given the neurons of the driven population that receive a spike of the drive
    /// (repeated for each spike). Windows of that population that close go to `observe`.
    pub fn step(&mut self, drive: &[u32], observe: impl FnMut(Event<'_>)) {
        if self.step.is_multiple_of(SLEEP_EVERY) {
            self.put_to_sleep();
        }
        self.step += 1;
        for &neuron in drive {
            self.wake(neuron);
        }
        // In WebAssembly, a copy of the step for each observer gains nothing.
        #[cfg(target_family = "wasm")]
        let observe: &mut dyn FnMut(Event<'_>) = &mut { observe };
        step(self, drive, observe);
    }

    /// Wakes a neuron of the driven population.
    fn wake(&mut self, neuron: u32) {
        let Population { neurons, roster } = &mut self.populations[self.driven];
        if roster.place(neuron).is_none() {
            roster.wake(neuron);
            neurons.wake();
            self.drive.wake();
            if let Some(pair) = self.pairs.get_mut(self.driven) {
                pair.windows.wake();
            }
        }
    }

    /// Puts driven neurons to sleep that are at rest and without input. A common source leaves no neuron at rest.
    fn put_to_sleep(&mut self) {
        if self.sources.is_some() {
            return;
        }
        let Population { neurons, roster } = &mut self.populations[self.driven];
        let Some(Pair { windows, .. }) = self.pairs.get_mut(self.driven) else { return };
        for place in (0..roster.awake()).rev() {
            if neurons.at_rest(place) && self.drive.is_silent(place) && !windows.open()[place] {
                roster.sleep(place as u32);
                neurons.sleep(place);
                self.drive.sleep(place);
                windows.sleep(place);
            }
        }
    }
}

/// See [`Circuit::step`]. All loops of a step are inlined here, so that they are compiled a second time, for wide
/// vectors.
#[multiversion(targets("x86_64+avx2"))]
fn step(circuit: &mut Circuit, drive: &[u32], mut observe: impl FnMut(Event<'_>)) {
    let Circuit { populations, pairs, driven, drive: drive_synapses, sources, silence, spikes, .. } = circuit;
    for (population, Population { neurons, roster }) in populations.iter_mut().enumerate() {
        let (below, above) = pairs.split_at_mut(population);
        // Feedback to undriven populations below the driven one is never read.
        let mut below = below.last_mut().filter(|_| population > *driven);
        let input = match &mut below {
            Some(Pair { synapses, .. }) => {
                // The spikes of this step reach the next population in the same step.
                synapses.step(spikes);
                if let Some(sources) = sources {
                    sources.add(1, synapses.current_mut());
                }
                synapses.current()
            }
            None if population == *driven => {
                drive_synapses.step(roster, drive);
                if let Some(sources) = sources {
                    sources.add(0, drive_synapses.current_mut());
                }
                drive_synapses.current()
            }
            None => &silence[..roster.awake()],
        };
        neurons.step(input);
        if let Some(Pair { feedback, windows, .. }) = above.first_mut() {
            neurons.list_spikes(0, spikes);
            windows.step(input, neurons, roster, spikes);
            if !windows.closed().is_empty() {
                feedback.close_windows();
            }
            for closed in windows.closed() {
                if population == *driven {
                    observe(Event {
                        neuron: closed.neuron,
                        spikes: closed.spikes,
                        largest_drive: closed.largest_drive as f32,
                        feedback: feedback.mean(),
                        feedback_before: feedback.before(closed.neuron),
                    });
                }
                feedback.hold(closed.neuron, closed.reopened);
            }
            spikes.iter_mut().for_each(|spike| *spike = roster.neuron(*spike));
        }
        if let Some(Pair { feedback, .. }) = below {
            // The population below has made its step: it sees these spikes in the next one.
            feedback.step(neurons);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neuron_that_slept_wakes_as_one_that_did_not() {
        let forward = ndarray::array![[1.0, -0.5, 0.25], [0.5, 0.75, -1.0]];
        // A spike of the drive after all are at rest, at every step between two looks at who sleeps.
        let run = |rest: usize| {
            let mut circuit = Circuit::new(&[forward.view()]);
            for _ in 0..rest {
                circuit.step(&[], |_| {});
            }
            let trace = (0..80).map(|step| {
                let drive = if step == 0 { vec![1; 30] } else { Vec::new() };
                circuit.step(&drive, |_| {});
                let mut spikes = Vec::new();
                circuit.list_spikes(0, &mut spikes);
                assert_eq!(spikes.contains(&1), circuit.history(0, 1) & 1 == 1);
                circuit.potential(0, 1)
            });
            trace.collect::<Vec<f64>>()
        };
        let expected = run(400);
        assert!(expected.contains(&crate::spiking::neuron::RESET), "it spikes");
        for rest in 401..401 + SLEEP_EVERY {
            let found = run(rest);
            for (found, expected) in found.iter().zip(&expected) {
                approx::assert_abs_diff_eq!(*found, *expected, epsilon = 1e-12);
            }
        }
    }
}
