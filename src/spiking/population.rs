//! A population: the state of its neurons that are awake, and which these are.

use super::neuron::Neurons;
use super::roster::Roster;
use serde::{Deserialize, Serialize};

/// A population, and which of its neurons are awake. Above the driven population all are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Population {
    pub(crate) neurons: Neurons,
    pub(crate) roster: Roster,
}

impl Population {
    /// `size` neurons at rest, all of them awake.
    pub fn new(size: usize) -> Self {
        Self { neurons: Neurons::new(size), roster: Roster::new(size) }
    }

    /// The membrane potential v of a neuron, after the reset of the last step.
    pub fn potential(&self, neuron: u32) -> f64 {
        self.roster.place(neuron).map_or(0.0, |place| self.neurons.potential()[place as usize])
    }

    /// The last 32 steps of a neuron: bit `x` is set if it spiked `x` steps before the last one.
    pub fn history(&self, neuron: u32) -> u32 {
        // Sleeping neurons have not spiked for longer than neurons remember.
        self.roster.place(neuron).map_or(0, |place| self.neurons.history()[place as usize])
    }

    /// Lists the neurons that spiked `age` steps before the last one, in the order of their places.
    pub fn list_spikes(&self, age: usize, spikes: &mut Vec<u32>) {
        self.neurons.list_spikes(age, spikes);
        spikes.iter_mut().for_each(|spike| *spike = self.roster.neuron(*spike));
    }
}
