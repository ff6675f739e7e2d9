//! A whole spiking phase: one layer pair after the other is driven and measured.

use super::circuit::Circuit;
use super::drive::Drive;
use super::estimator::{AnyEstimator, Estimator, EstimatorName};
use crate::Error;
use crate::random::{Generator, Stream, generator, is_alive};
use ndarray::{Array2, ArrayView2};

/// Steps per second of simulated time.
pub const STEPS_PER_SECOND: f64 = 1000.0;
/// Causal effects are written into the feedback weights this often, in steps.
const WRITE_BACK_EVERY: usize = 10_000;

/// What [`Phase::advance`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    /// Steps that were simulated; 0 when the phase is over.
    pub steps: usize,
    /// The layer pair whose causal effects are now due to be written into its feedback weights.
    pub write_back: Option<usize>,
}

/// Measures the causal effects of every layer pair, phase after phase.
///
/// Each pair gets an equal share of a phase. Only the pair being measured is simulated, from rest;
/// the authors' program also simulates the populations above it, so that theirs are in motion when
/// their share begins. That difference is over after about 60 steps (a memory and a window).
///
/// The estimates are kept from phase to phase, and the drive goes on; everything else restarts.
#[derive(Debug, Clone)]
pub struct Phase {
    sizes: Vec<usize>,
    estimator: EstimatorName,
    generator: Generator,
    estimators: Vec<AnyEstimator>,
    circuits: Vec<Circuit>,
    drive: Drive,
    steps_per_pair: usize,
    steps_done: usize,
}

/// What a checkpoint keeps of a [`Phase`]: the generator, the estimates, and, while a phase is running,
/// how many of its steps are done, with circuit and drive of the layer pair that is being measured. Nothing
/// that follows from the weights, nothing that is over or has not begun.
pub type State = (Generator, Vec<AnyEstimator>, Option<(usize, Circuit, Drive)>);

/// A [`State`] to be written.
pub type BorrowedState<'a> = (&'a Generator, &'a [AnyEstimator], Option<(usize, &'a Circuit, &'a Drive)>);

impl Phase {
    /// For populations of these `sizes`, from the inputs of the first layer to the outputs of the
    /// last, with the authors' estimator. Nothing is estimated yet, and no phase has begun.
    ///
    /// # Errors
    /// Fewer than two populations, or one without neurons.
    pub fn new(sizes: &[usize], seed: u32) -> Result<Self, Error> {
        Self::with_estimator(sizes, EstimatorName::default(), seed)
    }

    /// The same, with another estimator.
    ///
    /// # Errors
    /// As [`Phase::new`].
    pub fn with_estimator(sizes: &[usize], name: EstimatorName, seed: u32) -> Result<Self, Error> {
        if sizes.len() < 2 || sizes.contains(&0) {
            return Err(Error::Setting {
                field: "layers",
                value: format!("{sizes:?}"),
                range: "two or more populations of at least one neuron".to_string(),
            });
        }
        Ok(Self {
            sizes: sizes.to_vec(),
            estimator: name,
            generator: generator(seed, Stream::Drive),
            estimators: sizes.windows(2).map(|pair| AnyEstimator::new(name, pair[0], pair[1])).collect(),
            circuits: Vec::new(),
            drive: Drive::new(sizes[0]),
            steps_per_pair: 0,
            steps_done: 0,
        })
    }

    /// Begins a phase of `seconds` of simulated time in all, with the `forward` weights
    /// `[n_out, n_in]` of each pair.
    ///
    /// # Errors
    /// Weights of another shape than the populations have.
    pub fn begin(&mut self, forward: &[ArrayView2<'_, f32>], seconds: f64) -> Result<(), Error> {
        let expected: Vec<usize> = self.sizes.windows(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        let found: Vec<usize> =
            forward.iter().flat_map(|weights| [weights.nrows(), weights.ncols()]).collect();
        if found != expected {
            return Err(Error::Shape { what: "the forward weights of the spiking phase", found, expected });
        }
        self.circuits = forward.iter().map(|weights| Circuit::new(&[weights.view()])).collect();
        self.drive = Drive::new(self.sizes[0]);
        self.steps_per_pair = self.steps_per_pair_in(seconds);
        self.steps_done = 0;
        Ok(())
    }

    /// Simulates at most `steps` steps of 1 ms. Stops early where causal effects are due to be
    /// written back: after every 10 s of a pair's time, and at its end.
    pub fn advance(&mut self, steps: usize) -> Advance {
        let left = self.steps_total() - self.steps_done;
        if left == 0 {
            return Advance { steps: 0, write_back: None };
        }
        let pair = self.pair();
        let step = self.steps_done % self.steps_per_pair;
        let due = (step / WRITE_BACK_EVERY + 1) * WRITE_BACK_EVERY;
        let steps = steps.min(due.min(self.steps_per_pair) - step);
        for _ in 0..steps {
            let drive = self.drive.step(&mut self.generator);
            let estimator = &mut self.estimators[pair];
            self.circuits[pair].step(drive, |event| estimator.observe(event));
        }
        self.steps_done += steps;
        let step = step + steps;
        let is_over = step == self.steps_per_pair;
        if is_over {
            // Of the next pair; after the last, of nobody.
            self.drive = Drive::new(self.sizes[pair + 1]);
        }
        let is_due = step == due || is_over;
        Advance { steps, write_back: is_due.then_some(pair) }
    }

    /// What is needed to go on from here.
    pub fn state(&self) -> BorrowedState<'_> {
        let is_running = self.steps_done < self.steps_total();
        let running = is_running.then(|| (self.steps_done, &self.circuits[self.pair()], &self.drive));
        (&self.generator, &self.estimators, running)
    }

    /// Goes on from a `state`, in which a phase may be running that began with `seconds` and the
    /// `forward` weights.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for a state that no phase of these populations, this estimator and so many
    /// seconds can have had; [`Error::Shape`] for weights that don't fit. It must not be used then.
    pub fn restore(
        &mut self,
        (generator, estimators, running): State,
        forward: &[ArrayView2<'_, f32>],
        seconds: f64,
    ) -> Result<(), Error> {
        let unsound =
            || Error::Checkpoint { problem: "holds a spiking phase that does not fit its settings".into() };
        let sizes: Vec<[usize; 2]> = self.sizes.windows(2).map(|pair| [pair[0], pair[1]]).collect();
        let estimators_fit = estimators.len() == sizes.len()
            && estimators
                .iter()
                .zip(&sizes)
                .all(|(estimator, &[inputs, outputs])| estimator.is_sound(self.estimator, inputs, outputs));
        if !(estimators_fit && is_alive(&generator)) {
            return Err(unsound());
        }
        self.generator = generator;
        self.estimators = estimators;
        let Some((steps_done, circuit, drive)) = running else { return Ok(()) };
        self.begin(forward, seconds)?;
        if steps_done >= self.steps_total() {
            return Err(unsound());
        }
        self.steps_done = steps_done;
        let (pair, steps) = (self.pair(), steps_done % self.steps_per_pair);
        if !(circuit.is_sound(sizes[pair], steps) && drive.is_sound(sizes[pair][0], steps)) {
            return Err(unsound());
        }
        self.circuits[pair].restore(circuit);
        self.drive = Drive::new(sizes[pair][0]);
        self.drive.restore(drive);
        Ok(())
    }

    /// The layer pair that is being measured, counted from the bottom; the last when all are.
    pub fn pair(&self) -> usize {
        let pairs = self.sizes.len() - 1;
        self.steps_done.checked_div(self.steps_per_pair).unwrap_or(0).min(pairs - 1)
    }

    /// Steps simulated since the phase began.
    pub fn steps_done(&self) -> usize {
        self.steps_done
    }

    /// Steps in the whole phase.
    pub fn steps_total(&self) -> usize {
        self.steps_per_pair * self.circuits.len()
    }

    /// Steps in a whole phase of so many seconds.
    pub fn steps_in(&self, seconds: f64) -> usize {
        self.steps_per_pair_in(seconds) * self.estimators.len()
    }

    fn steps_per_pair_in(&self, seconds: f64) -> usize {
        (seconds * STEPS_PER_SECOND / self.estimators.len() as f64).round() as usize
    }

    /// How many spikes the lower (0) or upper (1) population of a layer pair had in its last `steps`
    /// steps, of which neurons remember 32.
    pub fn spike_count(&self, pair: usize, population: usize, steps: usize) -> usize {
        self.circuits[pair].spike_count(population, steps)
    }

    /// Lists the neurons of the lower (0) or upper (1) population of a layer pair that spiked in its last
    /// step, in ascending order.
    pub fn list_spikes(&self, pair: usize, population: usize, spikes: &mut Vec<u32>) {
        self.circuits[pair].list_spikes(population, spikes);
    }

    /// The causal effects `[n_in, n_out]` of a layer pair, as estimated so far; exactly 0 where
    /// never estimated.
    pub fn causal_effects(&self, pair: usize) -> Array2<f32> {
        self.estimators[pair].causal_effects()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn weights(sizes: &[usize]) -> Vec<Array2<f32>> {
        let mut generator = generator(7, Stream::ForwardWeights);
        let weights = sizes.windows(2).map(|pair| {
            Array2::from_shape_fn((pair[1], pair[0]), |_| {
                rand::RngExt::random_range(&mut generator, -1.0..1.0f32)
            })
        });
        weights.collect()
    }

    fn views(weights: &[Array2<f32>]) -> Vec<ArrayView2<'_, f32>> {
        weights.iter().map(|weights| weights.view()).collect()
    }

    #[test]
    fn the_whole_is_the_same_in_any_chunks_and_stops_to_write_back() {
        let sizes = [60, 40, 10];
        let weights = weights(&sizes);
        let mut expected = None;
        for chunk in [1, 777, usize::MAX] {
            let mut phase = Phase::new(&sizes, 1).unwrap();
            phase.begin(&views(&weights), 23.0).unwrap();
            assert_eq!(phase.steps_total(), 23_000);
            let mut stops = Vec::new();
            loop {
                let advance = phase.advance(chunk);
                if advance.steps == 0 {
                    break;
                }
                stops.extend(advance.write_back.map(|pair| (phase.steps_done(), pair)));
            }
            assert_eq!(stops, [(10_000, 0), (11_500, 0), (21_500, 1), (23_000, 1)]);
            let effects = [phase.causal_effects(0), phase.causal_effects(1)];
            assert!(effects.iter().flatten().any(|&effect| effect != 0.0));
            assert_eq!(*expected.get_or_insert(effects.clone()), effects);
        }
    }

    #[test]
    fn estimates_are_kept_and_the_drive_goes_on() {
        let sizes = [60, 10];
        let weights = weights(&sizes);
        let mut phase = Phase::new(&sizes, 1).unwrap();
        phase.begin(&views(&weights), 5.0).unwrap();
        phase.advance(5_000);
        let first = phase.causal_effects(0);
        phase.begin(&views(&weights), 5.0).unwrap();
        assert_eq!(phase.causal_effects(0), first);
        phase.advance(5_000);
        let mut twice = Phase::new(&sizes, 1).unwrap();
        for _ in 0..2 {
            twice.estimators[0] = AnyEstimator::new(EstimatorName::Gradient, 60, 10);
            twice.begin(&views(&weights), 5.0).unwrap();
            twice.advance(5_000);
        }
        assert_ne!(twice.causal_effects(0), first, "the second phase has its own drive");
    }

    #[test]
    fn spikes_are_listed_in_order_and_counted_as_long_as_neurons_remember() {
        let sizes = [60, 40];
        let weights = weights(&sizes);
        let mut phase = Phase::new(&sizes, 1).unwrap();
        phase.begin(&views(&weights), 5.0).unwrap();
        for (population, size) in (0..).zip(sizes) {
            let (mut spikes, mut counts) = (Vec::new(), Vec::new());
            for _ in 0..200 {
                phase.advance(1);
                phase.list_spikes(0, population, &mut spikes);
                assert!(spikes.is_sorted_by(|one, next| one < next));
                assert!(spikes.iter().all(|&neuron| (neuron as usize) < size));
                counts.push(spikes.len());
            }
            assert!(counts.iter().any(|&count| count > 1));
            for steps in [0, 1, 20, 32, 33] {
                let expected: usize = counts.iter().rev().take(steps.min(32)).sum();
                assert_eq!(phase.spike_count(0, population, steps), expected, "{steps} steps");
            }
        }
    }

    #[test]
    fn no_time_is_over_at_once() {
        let mut phase = Phase::new(&[3, 2], 1).unwrap();
        assert_eq!(phase.advance(10), Advance { steps: 0, write_back: None });
        phase.begin(&views(&weights(&[3, 2])), 0.0).unwrap();
        assert_eq!(phase.advance(10), Advance { steps: 0, write_back: None });
        assert_eq!(phase.pair(), 0);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for sizes in [&[][..], &[3], &[3, 0]] {
            assert!(Phase::new(sizes, 1).is_err());
        }
        let mut phase = Phase::new(&[3, 2], 1).unwrap();
        assert!(phase.begin(&views(&weights(&[2, 3])), 1.0).is_err());
        assert!(phase.begin(&[], 1.0).is_err());
    }

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
        let sizes = [10, 4];
        let weights = weights(&sizes);
        let restore = |name: EstimatorName, state: Value| -> Result<(), Box<dyn std::error::Error>> {
            let state: State = serde_json::from_value(state)?;
            Ok(Phase::with_estimator(&sizes, name, 1)?.restore(state, &views(&weights), 5.0)?)
        };
        for name in EstimatorName::ALL {
            let mut phase = Phase::with_estimator(&sizes, name, 1).unwrap();
            phase.begin(&views(&weights), 5.0).unwrap();
            phase.advance(1_010);
            let state = serde_json::to_value(phase.state()).unwrap();
            for other in EstimatorName::ALL {
                assert_eq!(restore(other, state.clone()).is_ok(), other == name, "{name:?} as {other:?}");
            }
            for part in parts(&state, String::new()) {
                // Neurons may have spiked at any time, and what is not held may be anything, as may the generator.
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
