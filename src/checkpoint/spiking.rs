//! Valid states of a spiking phase: a checkpoint's claims are checked against the shapes and steps that follow from its
//! settings, so that the simulation itself need not check anything.

use super::{Numbers, are_numbers, decode, encode, problem};
use crate::Error;
use crate::measurement::SpikingPhase;
use crate::random::{Generator, is_alive, is_permutation};
use crate::spiking::circuit::{Circuit, Pair};
use crate::spiking::drive::Drive;
use crate::spiking::neuron::Neurons;
use crate::spiking::response::{Feedback, SPAN};
use crate::spiking::roster::{ASLEEP, Roster};
use crate::spiking::synapse::{DriveSynapses, MEMORY, SpikeTrace, Synapses};
use crate::spiking::window::{WINDOW, Windows};
use ndarray::ArrayView2;

/// The saved part of a [`SpikingPhase`]: the generator, the estimates, and, while a phase is running, its number of
/// steps so far, with circuit and drive of the layer being measured. Nothing that follows from the weights, that is
/// over, or that has not begun.
type State = (Generator, Numbers, Option<(usize, Circuit, Drive)>);

impl SpikingPhase {
    /// What is needed to resume from here.
    pub(crate) fn state_as_bytes(&mut self) -> Result<Vec<u8>, Error> {
        let estimates = Numbers::of(&mut self.estimators);
        let is_running = self.steps_done() < self.steps_total();
        let running = is_running.then(|| (self.steps_done, &self.circuits[self.layer()], &self.drive));
        // The same as a `State`, but of borrowed parts.
        encode(&(&self.generator, &estimates, running))
    }

    /// Resumes from a state; a running phase must have begun with the `forward` weights.
    pub(crate) fn restore_state(
        &mut self,
        saved: &[u8],
        forward: &[ArrayView2<'_, f32>],
    ) -> Result<(), Error> {
        let invalid = || problem("holds a spiking phase that does not fit its settings");
        let ((generator, estimates, running), rest) = decode::<State>(saved)?;
        if !rest.is_empty() || !is_alive(&generator) {
            return Err(invalid());
        }
        estimates.restore(&mut self.estimators).map_err(|_| invalid())?;
        self.generator = generator;
        let Some((steps_done, circuit, drive)) = running else { return Ok(()) };
        self.begin(forward)?;
        if steps_done >= self.steps_total() {
            return Err(invalid());
        }
        self.steps_done = steps_done;
        let (layer, steps) = (self.layer(), steps_done % self.steps_per_layer);
        let shape = self.shapes[layer];
        let is_valid = circuit.is_valid(shape, steps)
            && circuit.has_sources_of(&self.circuits[layer], steps)
            && drive.is_valid(shape[0], steps);
        if !is_valid {
            return Err(invalid());
        }
        self.circuits[layer].restore(circuit);
        self.drive = Drive::new(shape[0]);
        self.drive.restore(drive);
        Ok(())
    }
}

impl Circuit {
    /// Whether this can be the state of a circuit of two populations of these `sizes` after `steps` steps.
    pub(crate) fn is_valid(&self, [lower_size, upper_size]: [usize; 2], steps: usize) -> bool {
        let ([lower, upper], [pair]) = (&self.populations[..], &self.pairs[..]) else { return false };
        lower.roster.is_valid(lower_size)
            && upper.roster.is_valid(upper_size)
            && upper.roster.awake() == upper_size
            && lower.neurons.is_valid(lower.roster.awake())
            && upper.neurons.is_valid(upper_size)
            && pair.synapses.is_valid(upper_size, steps)
            && pair.feedback.is_valid(lower_size, upper_size, steps)
            && pair.windows.is_valid(&lower.roster, steps)
            && self.drive.is_valid(&lower.roster, steps)
            && (self.driven, self.step) == (0, steps)
    }

    /// Whether this can be the state, after `steps` steps, of the common sources of `own`.
    fn has_sources_of(&self, own: &Self, steps: usize) -> bool {
        match (&self.sources, &own.sources) {
            (Some(saved), Some(own)) => saved.synapses.is_valid(&own.roster, steps),
            (None, None) => true,
            _ => false,
        }
    }

    /// Takes over the state of a circuit that had the same weights and common sources. Neither are in `saved`.
    pub(crate) fn restore(&mut self, saved: Self) {
        if let (Some(own), Some(saved)) = (&mut self.sources, saved.sources) {
            own.synapses = saved.synapses;
        }
        self.populations = saved.populations;
        for (pair, Pair { synapses, feedback, windows }) in self.pairs.iter_mut().zip(saved.pairs) {
            pair.synapses.restore(synapses);
            pair.feedback = feedback;
            pair.windows = windows;
        }
        self.driven = saved.driven;
        self.drive = saved.drive;
        self.step = saved.step;
    }
}

impl Drive {
    /// Whether this can be the state of a drive for `size` neurons after `steps` steps.
    pub(crate) fn is_valid(&self, size: usize, steps: usize) -> bool {
        self.neurons.len() == size && is_permutation(&self.neurons) && self.step == steps
    }

    /// Takes over the state of a drive for as many neurons. What follows from their number is not in `saved`.
    pub(crate) fn restore(&mut self, saved: Self) {
        self.neurons = saved.neurons;
        self.step = saved.step;
    }
}

impl Neurons {
    /// Whether this can be the state of `size` neurons.
    pub(crate) fn is_valid(&self, size: usize) -> bool {
        are_numbers(&self.potential, size) && self.history.len() == size
    }
}

impl Feedback {
    /// Whether this can be the feedback from `size` neurons to `lower` neurons after `steps` steps.
    pub(crate) fn is_valid(&self, lower: usize, size: usize, steps: usize) -> bool {
        self.size == size
            && self.trace.is_valid(size)
            && are_numbers(&self.now, size)
            && are_numbers(&self.sum, size)
            && are_numbers(&self.past, SPAN * size)
            && are_numbers(&self.past_sum, SPAN * size)
            && are_numbers(&self.mean, size)
            && self.held.len() == lower
            && self.held.iter().all(|held| !held.is_held || are_numbers(&held.before, size))
            && self.step == steps
    }
}

impl Roster {
    /// Whether this can be the roster of `size` neurons.
    pub(crate) fn is_valid(&self, size: usize) -> bool {
        let have_places = self.places.iter().filter(|&&place| place != ASLEEP).count();
        self.places.len() == size
            && self.neurons.len() == have_places
            && (0..).zip(&self.neurons).all(|(place, &neuron)| self.place(neuron) == Some(place))
    }
}

impl DriveSynapses {
    /// Whether this can be the state after `steps` steps: neurons with spikes in memory are awake, and the counts
    /// match.
    pub(crate) fn is_valid(&self, roster: &Roster, steps: usize) -> bool {
        let size = roster.awake();
        let sizes = are_numbers(&self.leak, size)
            && are_numbers(&self.synaptic, size)
            && are_numbers(&self.current, size)
            && self.in_memory.len() == size
            && self.past.len() == MEMORY
            && self.step == steps;
        let mut left = self.in_memory.clone();
        let mut is_counted = |neuron: &u32| {
            let place = roster.place(*neuron).filter(|&place| sizes && left[place as usize] > 0);
            place.inspect(|&place| left[place as usize] -= 1).is_some()
        };
        sizes && self.past.iter().flatten().all(&mut is_counted) && left.iter().all(|&count| count == 0)
    }
}

impl Synapses {
    /// Whether this can be the state, to `outputs` neurons, after `steps` steps.
    pub(crate) fn is_valid(&self, outputs: usize, steps: usize) -> bool {
        self.outputs == outputs
            && are_numbers(&self.past, MEMORY * outputs)
            && are_numbers(&self.leak, outputs)
            && are_numbers(&self.synaptic, outputs)
            && are_numbers(&self.current, outputs)
            && self.step == steps
    }

    /// Takes over the state of synapses that had the same weights. They are not in `saved`.
    pub(crate) fn restore(&mut self, saved: Self) {
        let Self { past, leak, synaptic, current, step, .. } = saved;
        (self.past, self.leak, self.synaptic, self.current, self.step) =
            (past, leak, synaptic, current, step);
    }
}

impl SpikeTrace {
    /// Whether this can be the trace of `size` neurons.
    pub(crate) fn is_valid(&self, size: usize) -> bool {
        are_numbers(&self.leak, size) && are_numbers(&self.synaptic, size)
    }
}

impl Windows {
    /// Whether this can be the state after `steps` steps of the neurons that are awake: those in a
    /// window are each listed once to close.
    pub(crate) fn is_valid(&self, roster: &Roster, steps: usize) -> bool {
        let size = roster.awake();
        let mut unlisted = self.open.clone();
        let mut listed_once = |neuron: &u32| {
            let place = roster.place(*neuron);
            place.is_some_and(|place| std::mem::take(&mut unlisted[place as usize]))
        };
        are_numbers(&self.drive, size)
            && are_numbers(&self.largest, size)
            && self.open.len() == size
            && self.closing.len() == WINDOW
            && self.closing.iter().flatten().all(&mut listed_once)
            && !unlisted.contains(&true)
            && self.step == steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::random_weights;
    use crate::random::{Stream, generator};
    use crate::spiking::{Confounding, EstimatorName, source::Shared};
    use serde_json::Value;

    /// Where the lists of a state are, and its whole numbers: as JSON pointers.
    fn parts(value: &Value, pointer: String) -> Vec<String> {
        let inside: Vec<String> = match value {
            Value::Array(values) => (0..)
                .zip(values)
                .flat_map(|(index, value)| parts(value, format!("{pointer}/{index}")))
                .collect(),
            Value::Object(fields) => {
                fields.iter().flat_map(|(name, value)| parts(value, format!("{pointer}/{name}"))).collect()
            }
            _ => Vec::new(),
        };
        let is_part = value.is_array() || value.is_u64();
        inside.into_iter().chain(is_part.then_some(pointer)).collect()
    }

    #[test]
    fn a_state_with_a_list_of_another_length_or_another_number_is_refused() {
        let weights = &random_weights(&[[10, 4]], &mut generator(7, Stream::ForwardWeights))[0];
        // One of them with a common source, whose state is saved, too.
        let phase = |name| {
            let shared = if name == EstimatorName::Innovation { Shared::Rank3 } else { Shared::None };
            let phase = SpikingPhase::new(&[[10, 4]], 5.0, name, 1).unwrap();
            phase.confounded(Confounding { shared, gain: 1_000.0 })
        };
        let restore = |name: EstimatorName, state: Value| -> Result<(), Box<dyn std::error::Error>> {
            let state: State = serde_json::from_value(state)?;
            Ok(phase(name).restore_state(&encode(&state)?, &[weights.t()])?)
        };
        for &name in EstimatorName::ALL {
            let saved = |name| {
                let mut phase = phase(name);
                phase.begin(&[weights.t()]).unwrap();
                phase.advance(1_010);
                let bytes = phase.state_as_bytes().unwrap();
                serde_json::to_value(decode::<State>(&bytes).unwrap().0).unwrap()
            };
            let counts =
                |state: &Value| ["singles", "doubles"].map(|list| state[1][list].as_array().map(Vec::len));
            let state = saved(name);
            for &other in EstimatorName::ALL {
                let fits = counts(&saved(other)) == counts(&state);
                assert_eq!(restore(other, state.clone()).is_ok(), fits, "{name:?} as {other:?}");
            }
            for part in parts(&state, String::new()) {
                // Neurons may have spiked at any time; unchecked values, and the generator, may be anything.
                let is_unheld = part.strip_suffix("before").is_some_and(|held| {
                    state.pointer(&format!("{held}is_held")) == Some(&Value::Bool(false))
                });
                if part.starts_with("/0/s/") || part.contains("/history/") || is_unheld {
                    continue;
                }
                for damage in [less as fn(&mut Value), more] {
                    let mut damaged = state.clone();
                    damage(damaged.pointer_mut(&part).unwrap());
                    assert!(damaged == state || restore(name, damaged).is_err(), "{name:?}, {part}");
                }
            }
        }
    }

    fn less(value: &mut Value) {
        match value {
            Value::Array(values) => drop(values.pop()),
            number => *number = number.as_u64().unwrap().wrapping_sub(1).into(),
        }
    }

    fn more(value: &mut Value) {
        match value {
            Value::Array(values) => values.extend(values.last().cloned()),
            number => *number = number.as_u64().unwrap().wrapping_add(1).into(),
        }
    }
}
