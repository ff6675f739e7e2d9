//! A hidden weight, to be guessed from the feedback around spikes that barely happened, and that barely did not.
//!
//! The neuron is that of [`neuron`](super::neuron). Each of its windows in which the drive u came close to the threshold
//! θ gives a curve: the feedback before and after the moment of the largest drive. Curves are laid on two piles, without
//! and with a spike. If the means of the piles part after the moment, the spike did it.

use super::neuron::{NeuronFigure, NeuronScene, Trace};
use crate::Error;
use crate::random::{Stream, batch_generator};
use crate::spiking::neuron::THRESHOLD;
use crate::spiking::window::WINDOW;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// A window counts if |u − θ| was less than this at its largest drive.
const BAND: f64 = 0.05;
/// Steps of a curve before the moment of the largest drive, and after it.
const BEFORE: usize = 10;
/// See [`BEFORE`].
const AFTER: usize = WINDOW;
/// Steps of a curve.
const SPAN: usize = BEFORE + 1 + AFTER;
/// Steps in a block. The jump of each block is one independent measurement.
const BLOCK: usize = 10_000;
/// Blocks before there is an interval.
const FEWEST_BLOCKS: usize = 4;
/// Drive of each neighbour, in Hz.
const NOISE: f64 = 150.0;
/// Curves that wait for a view, at most.
const CURVES: usize = 40;

/// What a person sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GuessScene {
    /// Seed of the weight, and of everything else that is random.
    pub seed: u32,
}

/// The feedback around one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuessCurve {
    /// Whether the neuron spiked.
    pub spiked: bool,
    /// The feedback, a step each, from 10 steps before the moment to 30 after it.
    pub feedback: Vec<f32>,
}

/// The curves without, or with, a spike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuessPile {
    /// How many.
    pub count: usize,
    /// Their mean, a step each.
    pub mean: Vec<f32>,
    /// The standard error of the mean.
    pub error: Vec<f32>,
    /// The mean in a second simulation, in which the neuron's spikes reach no other neuron.
    pub other_world: Vec<f32>,
}

/// The jump of the feedback at the threshold: the mean change with a spike, less that without.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuessJump {
    /// The mean of the blocks.
    pub mean: f64,
    /// Two standard errors below and above it.
    pub interval: [f64; 2],
}

/// The state of the figure, for a person to see.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuessView {
    /// Steps so far.
    pub steps: usize,
    /// The hidden weight.
    pub weight: f32,
    /// The last steps.
    pub trace: Trace,
    /// The last curves since the view before.
    pub curves: Vec<GuessCurve>,
    /// Without and with a spike.
    pub piles: [GuessPile; 2],
    /// The jump, once there are enough blocks.
    pub jump: Option<GuessJump>,
    /// The same less what it is in the second simulation: the true effect.
    pub truth: Option<GuessJump>,
}

/// The figure.
#[derive(Debug, Clone)]
pub struct GuessFigure {
    weight: f32,
    figure: NeuronFigure,
    /// Feedback in both simulations over the last steps, the last one at the end.
    feedback: VecDeque<[f64; 2]>,
    /// The largest drive of the open window, and its step.
    largest: (f64, usize),
    /// Steps and kinds of moments whose curves are not complete.
    moments: VecDeque<(usize, bool)>,
    piles: [Pile; 2],
    curves: Vec<GuessCurve>,
    /// Of the block under way: how many changes, and their sum in both simulations, without and with a spike.
    block: [(f64, [f64; 2]); 2],
    /// The jump of each block in both simulations.
    jumps: Vec<[f64; 2]>,
}

/// Sums over the curves of a pile.
#[derive(Debug, Clone)]
struct Pile {
    count: usize,
    /// Σq, Σq², and Σq of the second simulation, a step each.
    sums: [[f64; 3]; SPAN],
}

impl GuessFigure {
    /// Draws the weight, and starts from rest: a third of all weights excite, a third inhibit, a third are 0.
    ///
    /// # Errors
    /// None in practice.
    pub fn new(scene: &GuessScene) -> Result<Self, Error> {
        // The neighbours' weights have the stream of update 0.
        let mut generator = batch_generator(scene.seed, Stream::ForwardWeights, 0, 1);
        let sign = [-1.0, 0.0, 1.0][generator.random_range(0..3u32) as usize];
        let weight = sign * generator.random_range(4.0..6.0);
        let neuron = NeuronScene { weights: vec![weight], noise: NOISE, confounding: 0.0, seed: scene.seed };
        Ok(Self {
            weight,
            figure: NeuronFigure::new(&neuron)?,
            feedback: VecDeque::new(),
            largest: (0.0, 0),
            moments: VecDeque::new(),
            piles: [(); 2].map(|()| Pile { count: 0, sums: [[0.0; 3]; SPAN] }),
            curves: Vec::new(),
            block: Default::default(),
            jumps: Vec::new(),
        })
    }

    /// Steps of 1 ms.
    pub fn advance(&mut self, steps: usize) {
        for _ in 0..steps {
            self.figure.advance(1);
            self.remember();
            if let Some(&(step, spiked)) = self.moments.front()
                && step + AFTER == self.steps()
            {
                self.moments.pop_front();
                self.lay(spiked);
            }
            if self.steps().is_multiple_of(BLOCK) {
                self.end_block();
            }
        }
    }

    /// Steps so far.
    pub fn steps(&self) -> usize {
        self.figure.steps()
    }

    /// What there is to see now. The curves since the last view go with it.
    pub fn view(&mut self) -> GuessView {
        GuessView {
            steps: self.steps(),
            weight: self.weight,
            trace: self.figure.trace(),
            curves: std::mem::take(&mut self.curves),
            piles: self.piles.each_ref().map(Pile::view),
            jump: self.jump(|[world, _]| world),
            truth: self.jump(|[world, other]| world - other),
        }
    }

    /// Follows the feedback, and the largest drive of the open window.
    fn remember(&mut self) {
        if self.feedback.len() == WINDOW + SPAN {
            self.feedback.pop_front();
        }
        self.feedback.push_back(self.figure.feedback());
        let now = self.steps();
        if let Some(spiked) = self.figure.closed() {
            let (drive, step) = std::mem::take(&mut self.largest);
            // The curve of a moment near the start would begin before it.
            if (drive - THRESHOLD).abs() < BAND && step > BEFORE {
                self.moments.push_back((step, spiked));
            }
        } else if let Some(drive) = self.figure.drive()
            && drive > self.largest.0
        {
            self.largest = (drive, now);
        }
    }

    /// Lays the curve that ends now on its pile.
    fn lay(&mut self, spiked: bool) {
        let kind = usize::from(spiked);
        let pile = &mut self.piles[kind];
        let curve = self.feedback.range(self.feedback.len() - SPAN..);
        pile.count += 1;
        let mut changes = [0.0; 2];
        for (step, (&[here, other], sums)) in curve.clone().zip(&mut pile.sums).enumerate() {
            for (sum, term) in sums.iter_mut().zip([here, here * here, other]) {
                *sum += term;
            }
            let share = if step <= BEFORE { -1.0 / (BEFORE + 1) as f64 } else { 1.0 / AFTER as f64 };
            for (change, feedback) in changes.iter_mut().zip([here, other]) {
                *change += share * feedback;
            }
        }
        let (count, sums) = &mut self.block[kind];
        *count += 1.0;
        sums.iter_mut().zip(changes).for_each(|(sum, change)| *sum += change);
        if self.curves.len() == CURVES {
            self.curves.remove(0);
        }
        self.curves.push(GuessCurve { spiked, feedback: curve.map(|&[here, _]| here as f32).collect() });
    }

    /// Adds a jump for the block that ends, if there were moments of both kinds.
    fn end_block(&mut self) {
        let [(silent, sum_silent), (spiked, sum_spiked)] = std::mem::take(&mut self.block);
        if silent > 0.0 && spiked > 0.0 {
            self.jumps.push([0, 1].map(|world| sum_spiked[world] / spiked - sum_silent[world] / silent));
        }
    }

    /// The mean of what is `read` from the jumps of all blocks, with its interval.
    fn jump(&self, read: fn([f64; 2]) -> f64) -> Option<GuessJump> {
        let count = self.jumps.len() as f64;
        if self.jumps.len() < FEWEST_BLOCKS {
            return None;
        }
        let mean = self.jumps.iter().map(|&jump| read(jump)).sum::<f64>() / count;
        let squares = self.jumps.iter().map(|&jump| (read(jump) - mean).powi(2)).sum::<f64>();
        let reach = 2.0 * (squares / (count - 1.0) / count).sqrt();
        Some(GuessJump { mean, interval: [mean - reach, mean + reach] })
    }
}

impl Pile {
    fn view(&self) -> GuessPile {
        let count = self.count.max(1) as f64;
        let each = |read: &dyn Fn(&[f64; 3]) -> f64| self.sums.iter().map(|sums| read(sums) as f32).collect();
        GuessPile {
            count: self.count,
            mean: each(&|[sum, ..]| sum / count),
            error: each(&|[sum, squares, _]| {
                let mean = sum / count;
                ((squares / count - mean * mean).max(0.0) / count).sqrt()
            }),
            other_world: each(&|[.., other]| other / count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u32, steps: usize) -> GuessView {
        let mut figure = GuessFigure::new(&GuessScene { seed }).unwrap();
        figure.advance(steps);
        figure.view()
    }

    #[test]
    fn one_seed_gives_one_course_however_it_is_cut() {
        let mut often = GuessFigure::new(&GuessScene { seed: 1 }).unwrap();
        (0..123).for_each(|_| often.advance(100));
        let (once, often) = (run(1, 12_300), often.view());
        assert_eq!(once, often);
        assert_ne!(once.piles, run(2, 12_300).piles);
        let [silent, spiked] = &once.piles;
        assert_eq!(once.curves.len(), (silent.count + spiked.count).min(CURVES));
        assert_eq!([silent.mean.len(), once.curves[0].feedback.len()], [SPAN; 2]);
    }

    #[test]
    fn what_comes_before_the_moment_is_the_same_in_both_worlds_and_only_the_spike_parts_them() {
        // A neuron that excites.
        let view = (1..).map(|seed| run(seed, 60_000)).find(|view| view.weight > 0.0).unwrap();
        let [silent, spiked] = &view.piles;
        assert!(silent.count > 20 && spiked.count > 20);
        let after = |means: &[f32]| means[BEFORE + 1..].iter().sum::<f32>() / AFTER as f32;
        assert!(after(&spiked.mean) > after(&spiked.other_world));
        let truth = view.truth.unwrap();
        assert!(truth.interval[0] > 0.0 && truth.mean < truth.interval[1], "{truth:?}");
        assert!(view.jump.unwrap().mean > 0.0);
    }

    #[test]
    fn without_a_weight_the_worlds_are_one() {
        let view = (1..).map(|seed| run(seed, 50_000)).find(|view| view.weight == 0.0).unwrap();
        let truth = view.truth.unwrap();
        assert_eq!((truth.mean, truth.interval), (0.0, [0.0, 0.0]));
        let [silent, _] = view.piles;
        assert_eq!(silent.mean, silent.other_world);
    }

    #[test]
    fn the_neuron_is_mostly_right() {
        let right = (1..=10).filter(|&seed| {
            let view = run(seed, 240_000);
            let [low, high] = view.jump.unwrap().interval;
            let found = f32::from(i8::from(low > 0.0) - i8::from(high < 0.0));
            found == if view.weight == 0.0 { 0.0 } else { view.weight.signum() }
        });
        assert!(right.count() >= 8);
    }
}
