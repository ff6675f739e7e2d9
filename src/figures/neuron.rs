//! One neuron at its threshold, in a circuit small enough to watch.
//!
//! ```text
//!   its own drive ─▶ the neuron ─────────────── weights ───────────▶ upper neurons
//!   shared drive ──────┴──▶ neighbours that excite ────────────────────┤
//!   noise ────────────────▶ neighbours that excite and that inhibit ───┘
//! ```
//!
//! The spikes of its neighbours are the noise in which a neuron has to find its own effect. A share of
//! its drive may also reach the neighbours that excite: its spikes and the feedback then go together
//! although neither causes the other. That is the confounder.
//!
//! Everything runs in a [`Circuit`], as in the spiking phase. A second one gets the same drive, but there the neuron's
//! spikes reach no other neuron. Any difference between the two is caused by the neuron alone; the jump of this
//! difference at the threshold is the true effect, in the units of the estimates. Only a simulation can see both.

use super::moments::Moments;
use crate::Error;
use crate::alignment::angle_between;
use crate::random::{Generator, Stream, generator};
use crate::spiking::circuit::Circuit;
use crate::spiking::drive::{self, Poisson};
use crate::spiking::estimator::{AnyEstimator, Estimator, EstimatorName, Event, LeastSquares, Line, Moment};
use crate::spiking::neuron::THRESHOLD;
use crate::spiking::population::Population;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Neighbours that excite the upper neurons, and as many that inhibit them.
const NEIGHBOURS: u32 = 20;
/// The neuron that is watched.
const NEURON: u32 = 0;
/// A neuron that is never driven. In the second circuit it has the weights that the watched neuron has in the first, so
/// that the weights of both circuits have the same spread.
const SILENT: usize = 1;
/// The first neighbour that excites; those that inhibit follow.
const FIRST_NEIGHBOUR: u32 = 2;

/// Steps in the trace of a view.
pub const TRACE: usize = 600;
/// Events that wait for a view, at most; older ones are forgotten.
const EVENTS: usize = 2_000;
/// Upper neurons, at most.
const MOST_UPPER: usize = 64;

/// What a person sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NeuronScene {
    /// Forward weight to each upper neuron. Those of the neighbours are between ½ and 3/2 in size.
    pub weights: Vec<f32>,
    /// Drive of each neighbour, in Hz.
    pub noise: f64,
    /// Share of the drive that also reaches the neighbours that excite, 0–1.
    pub confounding: f64,
    /// Seed of everything random.
    pub seed: u32,
}

impl NeuronScene {
    /// # Errors
    /// [`Error::Setting`] names what is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        let check = |field: &str, is_right: bool, value: String, range: &str| {
            if is_right {
                Ok(())
            } else {
                Err(Error::Setting { field: String::from(field), value, range: range.to_string() })
            }
        };
        check(
            "weights",
            (1..=MOST_UPPER).contains(&self.weights.len())
                && self.weights.iter().all(|weight| weight.abs() <= 100.0),
            format!("{:?}", self.weights),
            "1 to 64 numbers from -100 to 100",
        )?;
        check("noise", (0.0..=1000.0).contains(&self.noise), self.noise.to_string(), "from 0 to 1000 Hz")?;
        check(
            "confounding",
            (0.0..=1.0).contains(&self.confounding),
            self.confounding.to_string(),
            "from 0 to 1",
        )
    }
}

/// The last [`TRACE`] steps, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Trace {
    /// Membrane potential v, after the reset.
    pub potential: Vec<f32>,
    /// Drive u.
    pub drive: Vec<f32>,
    /// Feedback q from the first upper neuron.
    pub feedback: Vec<f32>,
    /// 1 where the neuron spiked.
    pub spike: Vec<u8>,
    /// 1 where the first upper neuron spiked.
    pub upper_spike: Vec<u8>,
    /// 1 where a window was open.
    pub window: Vec<u8>,
}

/// A window that has closed, as the neuron saw it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NeuronEvent {
    /// The step in which it closed.
    pub step: usize,
    /// Largest drive in it.
    pub largest_drive: f32,
    /// How many times the neuron spiked in it.
    pub spikes: u32,
    /// Change r of the feedback from the first upper neuron.
    pub response: f32,
}

/// One estimator's result from the windows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Which estimator.
    pub estimator: EstimatorName,
    /// The causal effect on each upper neuron.
    pub effects: Vec<f32>,
    /// For the first upper neuron, the lines over windows without and with a spike, if the estimator
    /// has lines and enough windows for them.
    pub lines: Option<[Line; 2]>,
    /// The angle between the effects and the weights, in degrees.
    pub error: f64,
}

/// How far every estimator was off after some windows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryEntry {
    /// The step in which the last of them closed.
    pub steps: usize,
    /// How many windows there were.
    pub windows: usize,
    /// The angle between estimated effects and weights, in degrees, by estimator.
    pub errors: Vec<f64>,
}

/// The state of the figure, for a person to see.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeuronView {
    /// Steps so far.
    pub steps: usize,
    /// The last steps.
    pub trace: Trace,
    /// Windows that closed since the last view.
    pub events: Vec<NeuronEvent>,
    /// How far the estimators were off, at fixed numbers of windows, since the last view.
    pub history: Vec<HistoryEntry>,
    /// How many windows there were, without and with a spike.
    pub windows: [usize; 2],
    /// The result of every estimator.
    pub estimates: Vec<Estimate>,
    /// The true effect on each upper neuron, from both circuits.
    pub truth: Vec<f32>,
    /// For the first upper neuron, the standard errors of the jump between the two fitted lines, and of its true effect;
    /// NaN as long as there are too few windows.
    pub standard_errors: [f64; 2],
}

/// The figure.
#[derive(Debug, Clone)]
pub struct NeuronFigure {
    generator: Generator,
    private: Poisson,
    shared: Poisson,
    /// Spikes to all neighbours that excite, and to all that inhibit.
    noise: [Poisson; 2],
    /// The real circuit, and the one in which the neuron's spikes reach no other neuron.
    circuits: [Circuit; 2],
    observers: [Observer; 2],
    estimators: Vec<AnyEstimator>,
    truth: LeastSquares,
    /// Of the windows without and with a spike: of the jump, and of the true effect.
    moments: [[Moments; 2]; 2],
    steps: usize,
    windows: [usize; 2],
    events: Vec<NeuronEvent>,
    /// Weights to the upper neurons.
    weights: Vec<f32>,
    history: Vec<HistoryEntry>,
    /// Windows at the last entry of the history.
    remembered: usize,
    /// A ring: step `s` is at `s % TRACE`.
    trace: Trace,
    /// The drive of one step.
    drive: Vec<u32>,
    /// The spikes of one population in one step.
    spikes: Vec<u32>,
    /// The neuron as a population of one.
    alone: Population,
}

impl NeuronFigure {
    /// Starts from rest.
    ///
    /// # Errors
    /// As [`NeuronScene::validate`].
    pub fn new(scene: &NeuronScene) -> Result<Self, Error> {
        scene.validate()?;
        let upper = scene.weights.len();
        let shared = scene.confounding * drive::RATE;
        let noise = scene.noise / 1000.0;
        let world = forward_weights(scene);
        let mut other_world = world.clone();
        for mut row in other_world.rows_mut() {
            row.swap(NEURON as usize, SILENT);
        }
        Ok(Self {
            generator: generator(scene.seed, Stream::Drive),
            private: Poisson::new(drive::RATE - shared),
            shared: Poisson::new(shared),
            noise: [(noise - shared).max(0.0), noise].map(|rate| Poisson::new(rate * f64::from(NEIGHBOURS))),
            circuits: [Circuit::new(&[world.view()]), Circuit::new(&[other_world.view()])],
            observers: Default::default(),
            estimators: EstimatorName::ALL.iter().map(|&name| AnyEstimator::new(name, 1, upper)).collect(),
            truth: LeastSquares::new(1, upper),
            moments: Default::default(),
            steps: 0,
            windows: [0; 2],
            events: Vec::new(),
            weights: scene.weights.clone(),
            history: Vec::new(),
            remembered: 0,
            trace: Trace::default(),
            drive: Vec::new(),
            spikes: Vec::new(),
            alone: Population::new(1),
        })
    }

    /// Steps of 1 ms.
    pub fn advance(&mut self, steps: usize) {
        for _ in 0..steps {
            self.draw_drive();
            for (circuit, observer) in self.circuits.iter_mut().zip(&mut self.observers) {
                observer.closed = false;
                circuit.step(&self.drive, |event| observer.observe(event));
            }
            self.remember();
            self.observe_step();
            self.estimate();
            self.steps += 1;
        }
    }

    /// Steps so far.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The last steps.
    pub(super) fn trace(&self) -> Trace {
        self.trace.unrolled(self.steps)
    }

    /// The feedback from the first upper neuron, in both circuits.
    pub(super) fn feedback(&self) -> [f64; 2] {
        self.circuits.each_ref().map(|circuit| circuit.feedback(0)[0])
    }

    /// The drive u, if a window is open.
    pub(super) fn drive(&self) -> Option<f64> {
        self.circuits[0].window(0, NEURON)
    }

    /// Whether the neuron spiked in the window that closed in the last step, if one did.
    pub(super) fn closed(&self) -> Option<bool> {
        let [observer, _] = &self.observers;
        observer.closed.then(|| observer.event().spiked())
    }

    /// What there is to see now. The events since the last view go with it.
    pub fn view(&mut self) -> NeuronView {
        NeuronView {
            steps: self.steps,
            trace: self.trace(),
            events: std::mem::take(&mut self.events),
            windows: self.windows,
            history: std::mem::take(&mut self.history),
            estimates: EstimatorName::ALL
                .iter()
                .zip(&self.estimators)
                .map(|(&name, estimator)| {
                    let effects = estimator.causal_effects();
                    Estimate {
                        estimator: name,
                        error: angle_between(effects.view(), weights_row(&self.weights)),
                        effects: effects.into_iter().collect(),
                        lines: estimator.lines(0, 0),
                    }
                })
                .collect(),
            truth: self.truth.causal_effects().into_iter().collect(),
            standard_errors: self.moments.each_ref().map(|[silent, spiked]| {
                (silent.variance_at_threshold() + spiked.variance_at_threshold()).sqrt()
            }),
        }
    }

    /// Draws who receives a spike of the drive in this step.
    fn draw_drive(&mut self) {
        let Self { generator, private, shared, noise, drive, .. } = self;
        drive.clear();
        for _ in 0..private.sample(generator) {
            drive.push(NEURON);
        }
        for _ in 0..shared.sample(generator) {
            drive.push(NEURON);
            drive.extend(FIRST_NEIGHBOUR..FIRST_NEIGHBOUR + NEIGHBOURS);
        }
        for (kind, noise) in (0..).zip(noise) {
            for _ in 0..noise.sample(generator) {
                drive.push(FIRST_NEIGHBOUR + kind * NEIGHBOURS + generator.random_range(0..NEIGHBOURS));
            }
        }
    }

    /// Adds this step to the trace.
    fn remember(&mut self) {
        let Self { circuits: [circuit, _], trace, spikes, .. } = self;
        let at = self.steps % TRACE;
        let potential = circuit.potential(0, NEURON);
        let drive = circuit.window(0, NEURON);
        set(&mut trace.potential, at, potential as f32);
        set(&mut trace.drive, at, drive.unwrap_or(potential) as f32);
        set(&mut trace.window, at, drive.is_some().into());
        set(&mut trace.feedback, at, circuit.feedback(0)[0] as f32);
        for (population, trace) in [&mut trace.spike, &mut trace.upper_spike].into_iter().enumerate() {
            circuit.list_spikes(population, spikes);
            set(trace, at, (spikes.first() == Some(&0)).into());
        }
    }

    /// Gives this step to the estimators that use all steps. To them, the neuron is alone in its population.
    fn observe_step(&mut self) {
        let Self { circuits: [circuit, _], estimators, spikes, alone, .. } = self;
        circuit.list_spikes(1, spikes);
        let history = circuit.history(0, NEURON);
        alone.neurons.history[0] = history;
        alone.neurons.potential[0] = circuit.potential(0, NEURON);
        let lower: &[u32] = if history & 1 != 0 { &[0] } else { &[] };
        let moment = Moment { lower, upper: spikes, feedback: circuit.feedback(0), population: alone };
        estimators.iter_mut().filter(|one| one.needs_steps()).for_each(|one| one.step(moment));
    }

    /// Gives a window that has closed to every estimator.
    fn estimate(&mut self) {
        let [world, other_world] = &mut self.observers;
        if !world.closed {
            return;
        }
        let event = world.event();
        self.windows[usize::from(event.spiked())] += 1;
        self.estimators.iter_mut().for_each(|estimator| estimator.observe(event));
        // The neuron and its windows are the same in both circuits. The feedback differs.
        for (other, here) in [
            (&mut other_world.feedback, event.feedback),
            (&mut other_world.feedback_before, event.feedback_before),
        ] {
            other.iter_mut().zip(here).for_each(|(other, here)| *other = here - *other);
        }
        self.truth.observe(other_world.event());
        for (moments, event) in self.moments.iter_mut().zip([event, other_world.event()]) {
            moments[usize::from(event.spiked())].add(
                f64::from(event.largest_drive) - THRESHOLD,
                f64::from(event.feedback[0] - event.feedback_before[0]),
            );
        }
        if self.events.len() == EVENTS {
            self.events.drain(..EVENTS / 2);
        }
        self.events.push(NeuronEvent {
            step: self.steps,
            largest_drive: event.largest_drive,
            spikes: event.spikes.count_ones(),
            response: event.feedback[0] - event.feedback_before[0],
        });
        self.remember_errors();
    }

    /// Adds an entry to the history at fixed numbers of windows, whenever the figure is looked at.
    fn remember_errors(&mut self) {
        let windows = self.windows[0] + self.windows[1];
        // After every 2% more windows, and at least 20.
        if windows < self.remembered + (self.remembered / 50).max(20) {
            return;
        }
        self.remembered = windows;
        let effects = self.estimators.iter().map(|estimator| estimator.causal_effects());
        let errors =
            effects.map(|effects| angle_between(effects.view(), weights_row(&self.weights))).collect();
        self.history.push(HistoryEntry { steps: self.steps, windows, errors });
    }
}

/// Weights as a matrix `[1, upper]`.
fn weights_row(weights: &[f32]) -> ArrayView2<'_, f32> {
    ArrayView1::from(weights).insert_axis(Axis(0))
}

/// The weights `[upper, lower]` of the real circuit.
fn forward_weights(scene: &NeuronScene) -> Array2<f32> {
    let mut generator = generator(scene.seed, Stream::ForwardWeights);
    let first = FIRST_NEIGHBOUR as usize;
    let lower = first + 2 * NEIGHBOURS as usize;
    let mut weights = Array2::zeros((scene.weights.len(), lower));
    for (mut row, &weight) in weights.rows_mut().into_iter().zip(&scene.weights) {
        row[NEURON as usize] = weight;
        for neighbour in first..lower {
            let sign = if neighbour < first + NEIGHBOURS as usize { 1.0 } else { -1.0 };
            row[neighbour] = sign * generator.random_range(0.5..1.5);
        }
    }
    weights
}

/// Keeps the window of the watched neuron that closed in the last step. Neighbours do not matter.
#[derive(Debug, Clone, Default)]
struct Observer {
    closed: bool,
    spikes: u32,
    largest_drive: f32,
    feedback: Vec<f32>,
    feedback_before: Vec<f32>,
}

impl Observer {
    fn event(&self) -> Event<'_> {
        Event {
            neuron: NEURON,
            spikes: self.spikes,
            largest_drive: self.largest_drive,
            feedback: &self.feedback,
            feedback_before: &self.feedback_before,
        }
    }

    fn observe(&mut self, event: Event<'_>) {
        if event.neuron != NEURON {
            return;
        }
        self.closed = true;
        self.spikes = event.spikes;
        self.largest_drive = event.largest_drive;
        self.feedback.clear();
        self.feedback.extend_from_slice(event.feedback);
        self.feedback_before.clear();
        self.feedback_before.extend_from_slice(event.feedback_before);
    }
}

impl Trace {
    /// The same, oldest first.
    fn unrolled(&self, steps: usize) -> Self {
        let first = if steps > TRACE { steps % TRACE } else { 0 };
        Self {
            potential: rotated(&self.potential, first),
            drive: rotated(&self.drive, first),
            feedback: rotated(&self.feedback, first),
            spike: rotated(&self.spike, first),
            upper_spike: rotated(&self.upper_spike, first),
            window: rotated(&self.window, first),
        }
    }
}

fn rotated<T: Copy>(ring: &[T], first: usize) -> Vec<T> {
    [&ring[first..], &ring[..first]].concat()
}

/// Writes to a place of a ring that may still be growing.
fn set<T>(ring: &mut Vec<T>, at: usize, value: T) {
    match ring.get_mut(at) {
        Some(place) => *place = value,
        None => ring.push(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> NeuronScene {
        NeuronScene { weights: vec![4.0], noise: 200.0, confounding: 0.0, seed: 1 }
    }

    fn run(scene: &NeuronScene, steps: usize) -> NeuronView {
        let mut figure = NeuronFigure::new(scene).unwrap();
        figure.advance(steps);
        figure.view()
    }

    fn effects(view: &NeuronView, name: EstimatorName) -> &[f32] {
        &view.estimates.iter().find(|estimate| estimate.estimator == name).unwrap().effects
    }

    /// The angle between the estimates and the weights, in degrees.
    fn error(scene: &NeuronScene, effects: &[f32]) -> f64 {
        let row = |values: &[f32]| Array2::from_shape_vec((1, values.len()), values.to_vec()).unwrap();
        angle_between(row(&scene.weights).view(), row(effects).view())
    }

    #[test]
    fn one_scene_gives_one_course_however_it_is_cut() {
        let [mut once, mut often] = [(); 2].map(|()| NeuronFigure::new(&scene()).unwrap());
        once.advance(20_000);
        (0..200).for_each(|_| often.advance(100));
        let (once, often) = (once.view(), often.view());
        assert_eq!(once, often);
        assert_eq!(once.events.len(), once.windows.iter().sum::<usize>());
        assert_ne!(once, run(&NeuronScene { seed: 2, ..scene() }, 20_000));
    }

    #[test]
    fn the_trace_is_that_of_a_neuron_that_spikes_at_its_threshold() {
        let trace = run(&scene(), 5_000).trace;
        assert_eq!([trace.potential.len(), trace.spike.len(), trace.window.len()], [TRACE; 3]);
        let spikes: Vec<usize> = (0..TRACE).filter(|&step| trace.spike[step] == 1).collect();
        assert!(spikes.len() > 3);
        for step in spikes {
            assert_eq!(trace.potential[step], -1.0);
        }
        for step in 0..TRACE {
            assert!(trace.potential[step] < 1.5);
            assert!(trace.window[step] == 1 || trace.drive[step] == trace.potential[step]);
        }
        assert!(trace.window.contains(&1) && trace.upper_spike.contains(&1));
        assert!(trace.feedback.iter().any(|&feedback| feedback > 0.0));
    }

    #[test]
    fn the_jump_has_the_sign_of_the_weight() {
        for weight in [-4.0, 4.0] {
            let right = (1..=10).filter(|&seed| {
                let view = run(&NeuronScene { weights: vec![weight], seed, ..scene() }, 1_000_000);
                view.truth[0] * weight > 0.0 && effects(&view, EstimatorName::LeastSquares)[0] * weight > 0.0
            });
            assert!(right.count() >= 9, "{weight}");
        }
    }

    #[test]
    fn without_weights_there_is_no_effect() {
        let view = run(&NeuronScene { weights: vec![0.0], ..scene() }, 100_000);
        assert_eq!(view.truth, [0.0]);
    }

    #[test]
    fn a_confounder_fools_the_correlation_and_not_the_discontinuity() {
        let weights = vec![-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0];
        let alone = NeuronScene { weights, ..scene() };
        let view = run(&alone, 300_000);
        assert!(error(&alone, effects(&view, EstimatorName::Observed)) < 25.0);
        let confounded = NeuronScene { confounding: 0.5, ..alone };
        let view = run(&confounded, 1_000_000);
        assert!(error(&confounded, &view.truth) < 15.0);
        // A silent moment shows what the source does, whether or not the neuron is at its threshold.
        let innovation = error(&confounded, effects(&view, EstimatorName::Innovation));
        assert!(innovation < 30.0, "{innovation}");
        let observed = error(&confounded, effects(&view, EstimatorName::Observed));
        let discontinuity = error(&confounded, effects(&view, EstimatorName::LeastSquares));
        assert!(observed > 3.0 * discontinuity, "{observed} against {discontinuity}");
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        for bad in [
            NeuronScene { weights: vec![], ..scene() },
            NeuronScene { weights: vec![f32::NAN], ..scene() },
            NeuronScene { noise: -1.0, ..scene() },
            NeuronScene { noise: f64::INFINITY, ..scene() },
            NeuronScene { confounding: 1.1, ..scene() },
        ] {
            assert!(NeuronFigure::new(&bad).is_err(), "{bad:?}");
        }
    }
}
