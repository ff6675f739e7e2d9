//! Which neurons are awake: a neuron at rest without input need not be simulated.
//!
//! Only a fifth of the driven population gets input at a time. The states of the awake neurons are stored side by side,
//! in *places*; a roster maps neurons to places.

use serde::{Deserialize, Serialize};

/// The place of a neuron that has none.
pub(crate) const ASLEEP: u32 = u32::MAX;

/// Which neurons of a population are awake, and where their state is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Roster {
    pub(crate) neurons: Vec<u32>,
    pub(crate) places: Vec<u32>,
}

impl Roster {
    /// All of `size` neurons awake, in their order.
    pub fn new(size: usize) -> Self {
        Self { neurons: (0..size as u32).collect(), places: (0..size as u32).collect() }
    }

    /// How many neurons are awake.
    pub fn awake(&self) -> usize {
        self.neurons.len()
    }

    /// The place of a neuron, if there is one of that number and it is awake.
    #[inline(always)]
    pub fn place(&self, neuron: u32) -> Option<u32> {
        self.places.get(neuron as usize).copied().filter(|&place| place != ASLEEP)
    }

    /// The neuron in a place.
    #[inline(always)]
    pub fn neuron(&self, place: u32) -> u32 {
        self.neurons[place as usize]
    }

    /// Gives a sleeping neuron the next place: neuron state grows by a `push`.
    pub fn wake(&mut self, neuron: u32) -> u32 {
        let place = self.neurons.len() as u32;
        self.neurons.push(neuron);
        self.places[neuron as usize] = place;
        place
    }

    /// Frees a place; the last neuron moves there: neuron state does a `swap_remove`.
    pub fn sleep(&mut self, place: u32) {
        let neuron = self.neurons.swap_remove(place as usize);
        if let Some(&moved) = self.neurons.get(place as usize) {
            self.places[moved as usize] = place;
        }
        self.places[neuron as usize] = ASLEEP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_neurons_stay_inverse_to_each_other() {
        let mut roster = Roster::new(4);
        roster.sleep(1);
        roster.sleep(2);
        assert_eq!([0, 1, 2, 3].map(|neuron| roster.place(neuron)), [Some(0), None, None, Some(1)]);
        assert_eq!(roster.wake(2), 2);
        assert_eq!((0..3).map(|place| roster.neuron(place)).collect::<Vec<_>>(), [0, 3, 2]);
        assert_eq!(roster.awake(), 3);
    }
}
