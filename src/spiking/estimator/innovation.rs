//! What follows every spike, less what was to be expected, and less what a silent neuron's drive predicts.

use super::{Description, Estimator, Event, Moment, Sums};
use crate::spiking::neuron;
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The estimator in the list.
pub const DESCRIPTION: Description = Description {
    name: "",
    label: "what follows each spike, less a placebo (innovation)",
    title: "Innovation",
    of_windows: false,
};

/// Steps for which what follows is averaged, D; and between two placebos.
const RESPONSE: usize = 15;
/// The earlier of the two moments from which the response is expected is this many steps before the other.
const LAG: usize = 4;
/// Steps between two moments that the expectation learns from.
const EXPECT_EVERY: usize = 5;
/// Steps of the feedback in memory.
const MEMORY: usize = RESPONSE + LAG + 1;
/// Steps are counted up to a common multiple of all these.
const CYCLE: usize = 60;
/// The steps before a placebo in which a spike could still act on the response: the memory of the synapses.
const SILENCE: u32 = (1 << 30) - 1;
/// The steps after a placebo in which a spike could still act on the response.
const FOLLOWING: u32 = (1 << (RESPONSE - 1)) - 1;
/// The fewest placebos that are used.
const FEWEST: f64 = 5.0;

/// Not a discontinuity: windows and the threshold play no part. With q_k(t) the feedback from neuron k above as it
/// arrives in step t, let F_k(s) be its mean in the steps s+1 … s+15.
///
/// 1. **Expectation**, for each neuron above, from every fifth step: the least squares of
///    F_k(s) ≈ a_k + b_k q_k(s) + c_k q_k(s−4). What it misses is the *innovation* e_k(s), of variance v_k.
/// 2. **Effect**, for each pair: m_ik is the mean of e_k(s) over all spikes s of i, with the lines as they are at the
///    end.
/// 3. **Placebo**, for each pair: every 15 steps, if i has been silent for 30 steps and stays so for the next 14, its drive u
///    and e_k(s) give a covariance, l_ik = Σ e_k (u − ū). A spike that did not happen has no effect, so l shows only what
///    else goes with the drive of i: a *negative control*. Let S_i = Σ (u − ū)².
/// 4. **Gate**: f_i = mean over k of l_ik² / (v_k S_i) is 1 on average if nothing goes with the drive, and grows with the
///    time of measurement if something does. w_i = max(0, 1 − 1/f_i).
/// 5. **Effect less placebo**: β_i = m_i − w_i (m_i·l_i / l_i·l_i) l_i, over all k.
///
/// All of it is local: a neuron needs its own spikes and drive, and the feedback that it receives.
///
/// It assumes that a common source moves a spiking neuron's upper neurons in the same *proportions* as a silent one's:
/// responses are linear. Where upper neurons saturate, a bias stays. And it removes one direction of as many as there
/// are neurons above, so where these are few, a part of the effect goes with it.
#[derive(Debug, Clone)]
pub struct Innovation {
    /// Steps so far, modulo [`CYCLE`].
    step: f64,
    /// q in the last [`MEMORY`] steps, `[MEMORY][n_out]`, and its sum over the last [`RESPONSE`].
    past: Vec<f32>,
    recent: Vec<f64>,
    /// F, from `recent`.
    response: Vec<f32>,
    expectation: Expectation,
    /// For each neuron below: spikes, placebos, Σ u, Σ u², and u of the next placebo.
    lower: Vec<[f64; 5]>,
    /// For each pair, over the spikes: Σ F, Σ q(s), Σ q(s−4); over the placebos: Σ e, Σ u e.
    sums: Sums<5>,
    /// The neurons below that spiked at s, and e where a placebo ends.
    spikes: Vec<u32>,
    innovation: Vec<f32>,
}

impl Innovation {
    /// Nothing seen yet, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self {
            step: 0.0,
            past: vec![0.0; MEMORY * outputs],
            recent: vec![0.0; outputs],
            response: vec![0.0; outputs],
            expectation: Expectation::new(outputs),
            lower: vec![[0.0; 5]; inputs],
            sums: Sums::new(inputs, outputs),
            spikes: Vec::new(),
            innovation: Vec::new(),
        }
    }

    /// Takes in the feedback q of the next step, and counts it.
    fn remember(&mut self, feedback: &[f64]) -> usize {
        self.step = (self.step + 1.0) % CYCLE as f64;
        let now = self.step as usize;
        let leaving = place(now, RESPONSE) * feedback.len();
        let entering = place(now, 0) * feedback.len();
        for (upper, &feedback) in feedback.iter().enumerate() {
            let feedback = feedback as f32;
            // Sums of so few numbers of few digits are exact.
            self.recent[upper] += f64::from(feedback) - f64::from(self.past[leaving + upper]);
            self.response[upper] = (self.recent[upper] / RESPONSE as f64) as f32;
            self.past[entering + upper] = feedback;
        }
        now
    }

    /// Keeps the drive of the neurons that have been silent. It is their potential; one that spiked is at the threshold.
    fn begin_placebos(&mut self, moment: Moment<'_>) {
        for (neuron, [.., drive]) in (0..).zip(&mut self.lower) {
            let is_silent = moment.history(neuron) & SILENCE == 0;
            *drive = if is_silent { moment.potential(neuron) } else { neuron::THRESHOLD };
        }
    }

    /// Takes the placebos of the neurons that stayed silent.
    fn end_placebos(&mut self, moment: Moment<'_>, before: &[f32], earlier: &[f32]) {
        let values = self.response.iter().zip(before).zip(earlier);
        self.innovation.clear();
        self.innovation.extend(values.enumerate().map(|(upper, ((&response, &before), &earlier))| {
            let Line { intercept, slope, slope_earlier, .. } = self.expectation.line(upper);
            (f64::from(response) - intercept - slope * f64::from(before) - slope_earlier * f64::from(earlier))
                as f32
        }));
        for (neuron, [_, placebos, sum, squares, drive]) in self.lower.iter_mut().enumerate() {
            if *drive >= neuron::THRESHOLD || moment.history(neuron as u32) & FOLLOWING != 0 {
                continue;
            }
            *placebos += 1.0;
            *sum += *drive;
            *squares += *drive * *drive;
            add(self.sums.row_mut(neuron, 3), 1.0, &self.innovation);
            // Most neurons get no input.
            if *drive != 0.0 {
                add(self.sums.row_mut(neuron, 4), *drive as f32, &self.innovation);
            }
        }
    }
}

/// Where the memory holds the feedback of `age` steps ago.
fn place(now: usize, age: usize) -> usize {
    (now + CYCLE - age) % MEMORY
}

fn add(sums: &mut [f32], weight: f32, values: &[f32]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
}

impl Estimator for Innovation {
    fn observe(&mut self, _event: Event<'_>) {}

    fn step(&mut self, moment: Moment<'_>) {
        let now = self.remember(moment.feedback);
        // The response is now complete for the moment s, 15 steps ago.
        let past = std::mem::take(&mut self.past);
        let row = |age| &past[place(now, age) * self.sums.outputs..][..self.sums.outputs];
        let (before, earlier) = (row(RESPONSE), row(RESPONSE + LAG));
        if now.is_multiple_of(EXPECT_EVERY) {
            self.expectation.observe(&self.response, before, earlier);
        }
        moment.list_spikes(RESPONSE - 1, &mut self.spikes);
        for &neuron in &self.spikes {
            self.lower[neuron as usize][0] += 1.0;
            for (sum, values) in [&self.response[..], before, earlier].into_iter().enumerate() {
                add(self.sums.row_mut(neuron as usize, sum), 1.0, values);
            }
        }
        match now % RESPONSE {
            0 => self.end_placebos(moment, before, earlier),
            1 => self.begin_placebos(moment),
            _ => {}
        }
        self.past = past;
    }

    fn causal_effects(&self) -> Array2<f32> {
        let outputs = self.sums.outputs;
        let lines: Vec<_> = (0..outputs).map(|upper| self.expectation.line(upper)).collect();
        let mut effects = Array2::zeros((self.lower.len(), outputs));
        for (neuron, &[spikes, placebos, sum, squares, _]) in self.lower.iter().enumerate() {
            if spikes == 0.0 {
                continue;
            }
            let spread = squares - sum * sum / placebos;
            // [m, l] of each neuron above, and f.
            let (mut pairs, mut meter) = (vec![[0.0; 2]; outputs], 0.0);
            for (upper, (pair, line)) in pairs.iter_mut().zip(&lines).enumerate() {
                let [response, before, earlier, innovation, product] =
                    self.sums.of(neuron, upper).map(f64::from);
                let expected = line.slope * before + line.slope_earlier * earlier;
                let placebo = product - sum * innovation / placebos;
                *pair = [(response - expected) / spikes - line.intercept, placebo];
                if line.variance > 0.0 {
                    meter += placebo * placebo / (line.variance * spread * outputs as f64);
                }
            }
            let gate = if placebos >= FEWEST && meter > 1.0 { 1.0 - 1.0 / meter } else { 0.0 };
            let dot =
                |[one, other]: [usize; 2]| pairs.iter().map(|pair| pair[one] * pair[other]).sum::<f64>();
            let share = if gate > 0.0 { gate * dot([0, 1]) / dot([1, 1]) } else { 0.0 };
            for (effect, [following, placebo]) in effects.row_mut(neuron).iter_mut().zip(pairs) {
                *effect = if share == 0.0 { following } else { following - share * placebo } as f32;
            }
        }
        effects
    }
}

impl State for Innovation {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.doubles(std::slice::from_mut(&mut self.step));
        visitor.singles(&mut self.past);
        visitor.doubles(&mut self.recent);
        visitor.doubles(std::slice::from_mut(&mut self.expectation.count));
        visitor.doubles(self.expectation.sums.as_flattened_mut());
        visitor.doubles(self.lower.as_flattened_mut());
        self.sums.visit(visitor);
    }
}

/// The regression of the response of each upper neuron on what its feedback was before.
#[derive(Debug, Clone)]
struct Expectation {
    count: f64,
    /// Σ of F, x, y, FF, Fx, Fy, xx, xy and yy, with x = q(s) and y = q(s−4).
    sums: Vec<[f64; 9]>,
}

/// The expectation of one upper neuron: F ≈ a + b q(s) + c q(s−4), and the variance that is left.
struct Line {
    intercept: f64,
    slope: f64,
    slope_earlier: f64,
    variance: f64,
}

impl Expectation {
    fn new(outputs: usize) -> Self {
        Self { count: 0.0, sums: vec![[0.0; 9]; outputs] }
    }

    fn observe(&mut self, response: &[f32], before: &[f32], earlier: &[f32]) {
        self.count += 1.0;
        for (((sums, &f), &x), &y) in self.sums.iter_mut().zip(response).zip(before).zip(earlier) {
            let [f, x, y] = [f, x, y].map(f64::from);
            for (sum, value) in sums.iter_mut().zip([f, x, y, f * f, f * x, f * y, x * x, x * y, y * y]) {
                *sum += value;
            }
        }
    }

    fn line(&self, upper: usize) -> Line {
        let [f, x, y, ff, fx, fy, xx, xy, yy] = self.sums[upper].map(|sum| sum / self.count.max(1.0));
        let [ff, fx, fy, xx, xy, yy] =
            [ff - f * f, fx - f * x, fy - f * y, xx - x * x, xy - x * y, yy - y * y];
        let determinant = xx * yy - xy * xy;
        // Feedback that hardly varies, or only together, predicts nothing.
        let [slope, slope_earlier] = if determinant > 1e-9 * xx * yy {
            [fx * yy - fy * xy, fy * xx - fx * xy].map(|numerator| numerator / determinant)
        } else {
            [0.0; 2]
        };
        Line {
            intercept: f - slope * x - slope_earlier * y,
            slope,
            slope_earlier,
            variance: ff - slope * fx - slope_earlier * fy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Generator, Stream, generator};
    use crate::spiking::population::Population;
    use rand::RngExt;

    /// A neuron below some others, whose truth is known. A source drives it and moves what comes back.
    struct Model {
        /// What a spike adds to the feedback of each neuron above, for ten steps.
        effects: Vec<f64>,
        /// What the source adds.
        loads: Vec<f64>,
        /// How much of the source is left one step later; 0 makes spikes independent of each other.
        persistence: f64,
        /// The most feedback that there can be, above its mean.
        ceiling: f64,
        /// Whether the potential of the neuron shows its drive; a potential that never moves gives no placebo.
        shows_drive: bool,
    }

    /// A random number of mean 0 and variance 1.
    fn noise(generator: &mut Generator) -> f64 {
        generator.random_range(-1.0..1.0) * 3f64.sqrt()
    }

    impl Model {
        fn new(effects: &[f64], loads: &[f64]) -> Self {
            let (effects, loads) = (effects.to_vec(), loads.to_vec());
            Self { effects, loads, persistence: 0.9, ceiling: f64::INFINITY, shows_drive: true }
        }

        /// The estimates after some steps.
        fn estimate(&self, steps: usize, seed: u32) -> Vec<f64> {
            let outputs = self.effects.len();
            let generator = &mut generator(seed, Stream::Noise);
            let mut estimator = Innovation::new(1, outputs);
            let innovations = (1.0 - self.persistence * self.persistence).sqrt();
            let (mut source, mut noises) = (0.0, vec![0.0; outputs]);
            let mut population = Population::new(1);
            for _ in 0..steps {
                source = self.persistence * source + innovations * noise(generator);
                let drive = 0.35 * (source + noise(generator));
                let spiked = drive >= neuron::THRESHOLD;
                let Population { neurons, .. } = &mut population;
                neurons.history[0] = neurons.history[0] << 1 | u32::from(spiked);
                neurons.potential[0] = if self.shows_drive { drive } else { 0.0 };
                let recent = f64::from((neurons.history[0] & 0x3ff).count_ones());
                let feedback =
                    noises.iter_mut().zip(&self.effects).zip(&self.loads).map(|((own, effect), load)| {
                        *own = 0.5 * *own + 0.75f64.sqrt() * noise(generator);
                        1.0 + (0.1 * *own + load * source + effect * recent).min(self.ceiling)
                    });
                let feedback = &feedback.collect::<Vec<_>>()[..];
                estimator.step(Moment { lower: &[], upper: &[], feedback, population: &population });
            }
            estimator.causal_effects().iter().copied().map(f64::from).collect()
        }

        /// Mean and standard error over seeds of the estimates for each neuron above.
        fn estimates(&self, steps: usize) -> Vec<[f64; 2]> {
            const SEEDS: f64 = 20.0;
            let runs: Vec<_> = (1..=SEEDS as u32).map(|seed| self.estimate(steps, seed)).collect();
            let of_upper = |upper: usize| {
                let mean = runs.iter().map(|run| run[upper]).sum::<f64>() / SEEDS;
                let squares = runs.iter().map(|run| (run[upper] - mean) * (run[upper] - mean)).sum::<f64>();
                [mean, (squares / (SEEDS * (SEEDS - 1.0))).sqrt()]
            };
            (0..self.effects.len()).map(of_upper).collect()
        }

        /// How far the mean estimates are from `truth`, by root of the mean square.
        fn bias(&self, truth: &[f64]) -> f64 {
            let found = self.estimates(40_000);
            let squares = found.iter().zip(truth).map(|([mean, _], truth)| (mean - truth) * (mean - truth));
            (squares.sum::<f64>() / found.len() as f64).sqrt()
        }
    }

    const LOADS: [f64; 6] = [0.1, 0.05, 0.0, -0.05, 0.1, 0.15];

    #[test]
    fn without_a_source_it_is_unbiased() {
        let effects = [-0.2, -0.1, 0.0, 0.1, 0.2, 0.0];
        let found = Model { persistence: 0.0, ..Model::new(&effects, &[0.0; 6]) }.estimates(40_000);
        for ([mean, error], effect) in found.into_iter().zip(effects) {
            // A spike acts in ten of the fifteen steps, and 1.5% of steps have one anyway.
            let truth = effect * 10.0 / 15.0 * 0.985;
            assert!((mean - truth).abs() < 4.0 * error, "{mean} ± {error} for {truth}");
        }
    }

    #[test]
    fn a_source_that_fools_what_follows_a_spike_is_known_from_the_silent_moments() {
        let model = Model::new(&[0.0; 6], &LOADS);
        let fooled = Model { shows_drive: false, ..Model::new(&[0.0; 6], &LOADS) }.bias(&[0.0; 6]);
        let fair = model.bias(&[0.0; 6]);
        assert!(fooled > 0.02 && fair < 0.2 * fooled, "{fair} and {fooled}");
    }

    #[test]
    fn where_feedback_saturates_a_bias_stays() {
        // Of the neurons above, one is inhibited by the source: it alone does not saturate.
        const INHIBITED: usize = 3;
        let [linear, saturated] = [f64::INFINITY, 0.05].map(|ceiling| {
            let [mean, error] =
                Model { ceiling, ..Model::new(&[0.0; 6], &LOADS) }.estimates(40_000)[INHIBITED];
            mean.abs() / error
        });
        assert!(linear < 4.0 && saturated > 6.0, "{linear} and {saturated}");
    }

    #[test]
    fn of_a_single_neuron_above_little_is_left() {
        let truth = 0.02 * 10.0 / 15.0;
        let [alone, _] = Model::new(&[0.02], &[0.1]).estimates(40_000)[0];
        assert!(alone.abs() < 0.5 * truth, "{alone} for {truth}");
    }

    #[test]
    fn the_expectation_is_the_least_squares_of_the_textbook() {
        // However weak the feedback is.
        for scale in [1.0, 1e-4] {
            let generator = &mut generator(3, Stream::Noise);
            let mut expectation = Expectation::new(1);
            for _ in 0..1_000 {
                let [x, y, error] = [(); 3].map(|()| scale * noise(generator) as f32);
                expectation.observe(&[0.5 + 0.25 * x - 0.75 * y + 0.1 * error], &[x], &[y]);
            }
            let Line { intercept, slope, slope_earlier, variance } = expectation.line(0);
            let variance = variance / f64::from(scale * scale);
            for (found, expected) in
                [(intercept, 0.5), (slope, 0.25), (slope_earlier, -0.75), (variance, 0.01)]
            {
                approx::assert_abs_diff_eq!(found, expected, epsilon = 0.02);
            }
        }
        // Two equal predictors, and nothing at all, predict nothing.
        let mut same = Expectation::new(1);
        (0..10).for_each(|x| same.observe(&[x as f32], &[x as f32], &[x as f32]));
        for slopes in [same.line(0), Expectation::new(1).line(0)].map(|line| [line.slope, line.slope_earlier])
        {
            assert_eq!(slopes, [0.0; 2]);
        }
    }

    #[test]
    fn few_placebos_and_feedback_that_never_varies_take_nothing_away() {
        // Ten spikes with a mean response of 0.5, and placebos that all go with the drive.
        let effect = |placebos: f64, varies: bool| {
            let mut estimator = Innovation::new(1, 1);
            if varies {
                (0..8).for_each(|step| {
                    estimator.expectation.observe(&[(step % 2) as f32 - 0.5], &[0.0], &[0.0])
                });
            }
            estimator.lower[0] = [10.0, placebos, 0.0, 4.0, 0.0];
            for (row, value) in [5.0, 0.0, 0.0, 0.0, 4.0].into_iter().enumerate() {
                estimator.sums.row_mut(0, row)[0] = value;
            }
            estimator.causal_effects()[[0, 0]]
        };
        assert_eq!([effect(FEWEST - 1.0, true), effect(FEWEST, false)], [0.5; 2]);
        // f = 4² / (¼ · 4) = 16, so that 15 of 16 parts are taken away.
        approx::assert_abs_diff_eq!(effect(FEWEST, true), 0.5 / 16.0, epsilon = 1e-6);
    }
}
