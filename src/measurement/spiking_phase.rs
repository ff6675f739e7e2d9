//! The spiking phase: one layer after the other is driven, and its causal effects are measured.

use super::{Advance, Measurement, Setup, Steps};
use crate::Error;
use crate::random::{Generator, Stream, generator};
use crate::spiking::circuit::Circuit;
use crate::spiking::drive::Drive;
use crate::spiking::estimator::{AnyEstimator, Estimator, EstimatorName};
use crate::spiking::source::{Confounding, Sources};
use ndarray::{Array2, ArrayView2};

/// Steps per second of simulated time.
pub const STEPS_PER_SECOND: f64 = 1000.0;
/// Causal effects are written into the feedback weights this often, in steps.
const WRITE_BACK_EVERY: usize = 10_000;
/// Steps that are simulated at a time: some milliseconds of work.
const CHUNK: usize = 100;

/// Measures the causal effects of every layer, phase after phase.
///
/// Each layer gets an equal share of a phase. Only its own pair of populations is simulated, from rest; the authors'
/// program also simulates the populations above it, which are then already active when their share begins. The
/// difference vanishes after about 60 steps (a memory and a window). A layer is given by its shape alone: a fully
/// connected one, or the receptive field of a convolution.
///
/// The estimates and the drive continue from phase to phase; everything else restarts.
///
/// ```
/// use spikealign::{measurement::SpikingPhase, random::{Stream, generator}, feedback::random_weights};
///
/// let weights = random_weights(&[[100, 10]], &mut generator(1, Stream::ForwardWeights));
/// let mut phase = SpikingPhase::new(&[[100, 10]], 5.0, Default::default(), 1)?;
/// phase.begin(&[weights[0].t()])?;
/// while phase.advance(1_000).steps > 0 {}
/// assert_eq!(phase.causal_effects(0).dim(), (100, 10));
/// # Ok::<(), spikealign::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SpikingPhase {
    pub(crate) shapes: Vec<[usize; 2]>,
    confounding: Confounding,
    seed: u32,
    pub(crate) generator: Generator,
    pub(crate) estimators: Vec<AnyEstimator>,
    pub(crate) circuits: Vec<Circuit>,
    pub(crate) drive: Drive,
    pub(crate) steps_per_layer: usize,
    pub(crate) steps_done: usize,
    /// The spikes of one step, below and above.
    spikes: [Vec<u32>; 2],
}

/// A spiking phase whose neurons estimate with `estimator`.
///
/// # Errors
/// As [`SpikingPhase::new`].
pub fn create(estimator: EstimatorName, setup: &Setup<'_>) -> Result<Box<dyn Measurement>, Error> {
    let phase = SpikingPhase::new(setup.shapes, setup.seconds, estimator, setup.seed)?;
    Ok(Box::new(phase.confounded(setup.confounding)))
}

impl SpikingPhase {
    /// For layers of these `shapes` `[n_in, n_out]`, with phases of `seconds` of simulated time in all. Nothing is
    /// estimated yet, and no phase has begun.
    ///
    /// # Errors
    /// [`Error::Setting`] for no layer, or one without neurons.
    pub fn new(
        shapes: &[[usize; 2]],
        seconds: f64,
        estimator: EstimatorName,
        seed: u32,
    ) -> Result<Self, Error> {
        if shapes.is_empty() || shapes.as_flattened().contains(&0) {
            return Err(Error::Setting {
                field: "layers".into(),
                value: format!("{shapes:?}"),
                range: "one layer or more, between populations of at least one neuron".to_string(),
            });
        }
        Ok(Self {
            shapes: shapes.to_vec(),
            confounding: Confounding::default(),
            seed,
            generator: generator(seed, Stream::Drive),
            estimators: shapes
                .iter()
                .map(|&[n_in, n_out]| AnyEstimator::new(estimator, n_in, n_out))
                .collect(),
            circuits: Vec::new(),
            drive: Drive::new(shapes[0][0]),
            steps_per_layer: (seconds * STEPS_PER_SECOND / shapes.len() as f64).round() as usize,
            steps_done: 0,
            spikes: Default::default(),
        })
    }

    /// The same with common sources, from the next phase on.
    pub fn confounded(self, confounding: Confounding) -> Self {
        Self { confounding, ..self }
    }

    /// Begins a phase, with the `forward` weights `[n_out, n_in]` of each layer.
    ///
    /// # Errors
    /// [`Error::Shape`] for weights of another shape than the layers have.
    pub fn begin(&mut self, forward: &[ArrayView2<'_, f32>]) -> Result<(), Error> {
        let found: Vec<_> = forward.iter().map(|weights| [weights.ncols(), weights.nrows()]).collect();
        if found != self.shapes {
            return Err(Error::Shape {
                what: "the forward weights of the spiking phase",
                found: found.concat(),
                expected: self.shapes.concat(),
            });
        }
        self.begin_with(forward.iter().map(|weights| Circuit::new(&[weights.view()])).collect());
        Ok(())
    }

    /// Begins a phase with a circuit for each layer, of its shape.
    pub(super) fn begin_with(&mut self, circuits: Vec<Circuit>) {
        self.circuits = circuits;
        for (layer, (circuit, &shape)) in self.circuits.iter_mut().zip(&self.shapes).enumerate() {
            circuit.sources = Sources::new(self.confounding, shape, self.seed, layer);
        }
        self.drive = Drive::new(self.shapes[0][0]);
        self.steps_done = 0;
    }

    /// Simulates at most `steps` steps of 1 ms. Stops early where causal effects are due to be
    /// written back: after every 10 s of a layer's time, and at its end.
    pub fn advance(&mut self, steps: usize) -> Advance {
        let left = self.steps_total() - self.steps_done;
        if left == 0 {
            return Advance { steps: 0, windows: 0, write_back: None };
        }
        let layer = self.layer();
        let step = self.steps_done % self.steps_per_layer;
        let due = (step / WRITE_BACK_EVERY + 1) * WRITE_BACK_EVERY;
        let steps = steps.min(due.min(self.steps_per_layer) - step);
        let mut windows = 0;
        for _ in 0..steps {
            let drive = self.drive.step(&mut self.generator);
            let estimator = &mut self.estimators[layer];
            let circuit = &mut self.circuits[layer];
            circuit.draw_sources(&mut self.generator);
            circuit.step(drive, |event| {
                windows += 1;
                estimator.observe(event);
            });
            if estimator.needs_steps() {
                estimator.step(circuit.moment(&mut self.spikes));
            }
        }
        self.steps_done += steps;
        let step = step + steps;
        let is_over = step == self.steps_per_layer;
        if is_over && let Some(&[n_in, _]) = self.shapes.get(layer + 1) {
            self.drive = Drive::new(n_in);
        }
        let is_due = step == due || is_over;
        Advance { steps, windows, write_back: is_due.then_some(layer) }
    }

    /// The layer that is being measured, counted from the bottom; the last when all are.
    pub fn layer(&self) -> usize {
        self.steps_done.checked_div(self.steps_per_layer).unwrap_or(0).min(self.shapes.len() - 1)
    }

    /// Steps simulated since the phase began.
    pub fn steps_done(&self) -> usize {
        self.steps_done
    }

    /// Steps in the phase that is running; 0 if none has begun.
    pub fn steps_total(&self) -> usize {
        self.steps_per_layer * self.circuits.len()
    }

    /// How many spikes the lower (0) or upper (1) population of a layer had in its last `steps` steps; neurons remember
    /// 32.
    pub fn spike_count(&self, layer: usize, population: usize, steps: usize) -> usize {
        self.circuits[layer].spike_count(population, steps)
    }

    /// Lists the neurons of the lower (0) or upper (1) population of a layer that spiked in its last
    /// step, in ascending order.
    pub fn list_spikes(&self, layer: usize, population: usize, spikes: &mut Vec<u32>) {
        self.circuits[layer].list_spikes(population, spikes);
    }

    /// The causal effects `[n_in, n_out]` of a layer, as estimated so far; exactly 0 where
    /// never estimated.
    pub fn causal_effects(&self, layer: usize) -> Array2<f32> {
        self.estimators[layer].causal_effects()
    }
}

impl Measurement for SpikingPhase {
    fn begin(&mut self, forward: &[ArrayView2<'_, f32>]) -> Result<(), Error> {
        self.begin(forward)
    }

    fn advance(&mut self) -> Advance {
        self.advance(CHUNK)
    }

    fn effects(&self, layer: usize) -> Array2<f32> {
        self.causal_effects(layer)
    }

    fn steps(&self) -> Steps {
        let phase = self.steps_per_layer * self.shapes.len();
        Steps { done: self.steps_done, total: self.steps_total(), phase }
    }

    fn save(&mut self) -> Result<Vec<u8>, Error> {
        self.state_as_bytes()
    }

    fn restore(&mut self, saved: &[u8], forward: &[ArrayView2<'_, f32>]) -> Result<(), Error> {
        self.restore_state(saved, forward)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{alignment::LayerAlignment, spiking::source::Shared};

    fn shapes(sizes: &[usize]) -> Vec<[usize; 2]> {
        sizes.windows(2).map(|pair| [pair[0], pair[1]]).collect()
    }

    fn new(sizes: &[usize], seconds: f64) -> SpikingPhase {
        SpikingPhase::new(&shapes(sizes), seconds, EstimatorName::Gradient, 1).unwrap()
    }

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
            let mut phase = new(&sizes, 23.0);
            phase.begin(&views(&weights)).unwrap();
            assert_eq!(phase.steps_total(), 23_000);
            let (mut stops, mut windows) = (Vec::new(), 0);
            loop {
                let advance = phase.advance(chunk);
                windows += advance.windows;
                if advance.steps == 0 {
                    break;
                }
                stops.extend(advance.write_back.map(|pair| (phase.steps_done(), pair)));
            }
            assert_eq!(stops, [(10_000, 0), (11_500, 0), (21_500, 1), (23_000, 1)]);
            let effects = [phase.causal_effects(0), phase.causal_effects(1)];
            assert!(windows > 0 && effects.iter().flatten().any(|&effect| effect != 0.0));
            assert_eq!(*expected.get_or_insert((windows, effects.clone())), (windows, effects));
        }
    }

    #[test]
    fn estimates_are_kept_and_the_drive_goes_on() {
        let sizes = [60, 10];
        let weights = weights(&sizes);
        let mut phase = new(&sizes, 5.0);
        phase.begin(&views(&weights)).unwrap();
        phase.advance(5_000);
        let first = phase.causal_effects(0);
        phase.begin(&views(&weights)).unwrap();
        assert_eq!(phase.causal_effects(0), first);
        phase.advance(5_000);
        let mut twice = new(&sizes, 5.0);
        for _ in 0..2 {
            twice.estimators[0] = AnyEstimator::new(EstimatorName::Gradient, 60, 10);
            twice.begin(&views(&weights)).unwrap();
            twice.advance(5_000);
        }
        assert_ne!(twice.causal_effects(0), first, "the second phase has its own drive");
    }

    #[test]
    fn spikes_are_listed_in_order_and_counted_as_long_as_neurons_remember() {
        let sizes = [60, 40];
        let weights = weights(&sizes);
        let mut phase = new(&sizes, 5.0);
        phase.begin(&views(&weights)).unwrap();
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
    fn a_common_source_fools_the_windows_but_not_the_placebo() {
        let weights =
            crate::feedback::random_weights(&[[128, 64]], &mut generator(5, Stream::ForwardWeights));
        let signs = |estimator, shared| {
            let phase = SpikingPhase::new(&[[128, 64]], 60.0, estimator, 5).unwrap();
            let mut phase = phase.confounded(Confounding { shared, gain: 1_000.0 });
            phase.begin(&[weights[0].t()]).unwrap();
            while phase.advance(1_000).steps > 0 {}
            LayerAlignment::between_entries(weights[0].t(), phase.causal_effects(0).view()).sign_agreement()
        };
        assert!(signs(EstimatorName::Innovation, Shared::None) > 0.9);
        let [windows, innovation] = [EstimatorName::Shrinkage, EstimatorName::Innovation]
            .map(|estimator| signs(estimator, Shared::Heterogeneous));
        assert!(innovation > windows + 0.05, "{windows} {innovation}");
    }

    #[test]
    fn no_time_is_over_at_once() {
        let mut phase = new(&[3, 2], 0.0);
        assert_eq!(phase.advance(10), Advance { steps: 0, windows: 0, write_back: None });
        phase.begin(&views(&weights(&[3, 2]))).unwrap();
        assert_eq!(phase.advance(10), Advance { steps: 0, windows: 0, write_back: None });
        assert_eq!(phase.layer(), 0);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for sizes in [&[][..], &[3], &[3, 0]] {
            assert!(SpikingPhase::new(&shapes(sizes), 1.0, EstimatorName::Gradient, 1).is_err());
        }
        let mut phase = new(&[3, 2], 1.0);
        assert!(phase.begin(&views(&weights(&[2, 3]))).is_err());
        assert!(phase.begin(&[]).is_err());
    }
}
