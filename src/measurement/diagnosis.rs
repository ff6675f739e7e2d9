//! Is it a regression discontinuity? The windows of one layer, as single numbers of which the truth is known.
//!
//! A window of neuron i leaves a response r_k from each neuron k above. Of these, two combinations are kept:
//!
//! - along the *weights*, Σ_k w_ik r_k / Σ_k w_ik², with the weights in units of their deviation: its jump at the
//!   threshold is the effect of a weight of one deviation;
//! - along the *source*, Σ_k b_k r_k / Σ_k b_k², with the gains b of the first common source in units of their root mean
//!   square, or 1 without a source. The weights have nothing to do with the source, so the true jump is 0 on average, and
//!   any other is a bias, in the same units.

use super::spiking_phase::STEPS_PER_SECOND;
use crate::Error;
use crate::random::{Generator, Stream, generator};
use crate::spiking::circuit::Circuit;
use crate::spiking::drive::Drive;
use crate::spiking::source::{Confounding, Sources};
use crate::spiking::window::WINDOW;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

/// Numbers along the weights, and along the source.
pub type Along = [f32; 2];

/// A window of a neuron.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The neuron.
    pub neuron: u32,
    /// The largest drive, u_max: the running variable.
    pub largest_drive: f64,
    /// Whether the neuron spiked: the treatment.
    pub spiked: bool,
    /// The feedback before the window, R_pre.
    pub before: Along,
    /// The mean feedback in the first 1, 2, … 30 steps of the window.
    pub feedback: [Along; WINDOW],
}

impl Observation {
    /// The response of the first `steps` of the window: the mean feedback, less R_pre.
    pub fn response(&self, steps: usize) -> Along {
        let feedback = self.feedback[steps - 1];
        [0, 1].map(|along| feedback[along] - self.before[along])
    }
}

/// A layer that is driven, and whose windows are kept.
pub struct Diagnosis {
    circuit: Circuit,
    drive: Drive,
    generator: Generator,
    /// Weights `[n_in, n_out]` and gains `[n_out]` that responses are combined with.
    weights: Array2<f64>,
    source: Array1<f64>,
    /// The sum of all feedback so far, `[n_out]`, and as it was in the last steps, `[WINDOW + 1][n_out]`.
    sum: Array1<f64>,
    sums: Vec<Array1<f64>>,
    step: usize,
}

impl Diagnosis {
    /// At rest, with the `forward` weights `[n_out, n_in]`.
    ///
    /// # Errors
    /// [`Error::Shape`] for a layer without neurons.
    pub fn new(forward: ArrayView2<'_, f32>, confounding: Confounding, seed: u32) -> Result<Self, Error> {
        let shape @ [lower, upper] = [forward.ncols(), forward.nrows()];
        if forward.is_empty() {
            return Err(Error::Shape {
                what: "the weights",
                found: vec![upper, lower],
                expected: vec![1, 1],
            });
        }
        let mut circuit = Circuit::new(&[forward]);
        circuit.sources = Sources::new(confounding, shape, seed, 0);
        let gains = circuit.sources.as_ref().map(|sources| sources.gains_above(0));
        // A source that reaches no neuron above has no direction.
        let gains = gains.filter(|gains| mean_square(gains.view()) > 0.0);
        let source = gains.unwrap_or_else(|| Array1::ones(upper));
        let weights = forward.t().mapv(f64::from);
        let deviation = weights.std(0.0);
        Ok(Self {
            circuit,
            drive: Drive::new(lower),
            generator: generator(seed, Stream::Drive),
            weights: weights / deviation,
            source: &source / mean_square(source.view()).sqrt(),
            sum: Array1::zeros(upper),
            sums: vec![Array1::zeros(upper); WINDOW + 1],
            step: 0,
        })
    }

    /// The windows that close in so many `seconds` of simulated time.
    pub fn observe(&mut self, seconds: f64) -> Vec<Observation> {
        let mut observations = Vec::new();
        for _ in 0..(seconds * STEPS_PER_SECOND) as usize {
            let Self { circuit, drive, generator, weights, source, sum, sums, step } = self;
            let slot = *step % (WINDOW + 1);
            *sum += &ArrayView1::from(circuit.feedback(0));
            sums[slot].assign(sum);
            *step += 1;
            circuit.draw_sources(generator);
            circuit.step(drive.step(generator), |event| {
                let weights = weights.index_axis(Axis(0), event.neuron as usize);
                let along = |values: ArrayView1<'_, f64>| {
                    [weights, source.view()].map(|direction| {
                        let product = direction.dot(&values) / values.len() as f64;
                        product / mean_square(direction)
                    })
                };
                // The sums since the step that opened the window, which is the one that is overwritten next.
                let opened = along(sums[(slot + 1) % (WINDOW + 1)].view());
                let before = ArrayView1::from(event.feedback_before).mapv(f64::from);
                observations.push(Observation {
                    neuron: event.neuron,
                    largest_drive: event.largest_drive.into(),
                    spiked: event.spiked(),
                    before: along(before.view()).map(|value| value as f32),
                    feedback: std::array::from_fn(|index| {
                        let sum = along(sums[(slot + 2 + index) % (WINDOW + 1)].view());
                        [0, 1].map(|along| ((sum[along] - opened[along]) / (index + 1) as f64) as f32)
                    }),
                });
            });
        }
        observations
    }
}

fn mean_square(values: ArrayView1<'_, f64>) -> f64 {
    values.dot(&values) / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::random_weights;
    use crate::spiking::source::Shared;

    fn observe(confounding: Confounding) -> Vec<Observation> {
        let weights = &random_weights(&[[60, 20]], &mut generator(2, Stream::ForwardWeights))[0];
        Diagnosis::new(weights.t(), confounding, 2).unwrap().observe(60.0)
    }

    #[test]
    fn the_whole_window_has_the_feedback_that_estimators_see() {
        let observations = observe(Confounding::default());
        assert!(observations.len() > 1_000);
        // A window is as long as the feedback that the estimators see.
        let weights = &random_weights(&[[60, 20]], &mut generator(2, Stream::ForwardWeights))[0];
        let mut circuit = Circuit::new(&[weights.t()]);
        let (mut drive, mut generator) = (Drive::new(60), generator(2, Stream::Drive));
        let mut means = Vec::new();
        for _ in 0..60_000 {
            circuit.step(drive.step(&mut generator), |event| {
                means.push(event.feedback.iter().copied().map(f64::from).sum::<f64>() / 20.0);
            });
        }
        assert_eq!(means.len(), observations.len());
        for (mean, observation) in means.iter().zip(&observations) {
            approx::assert_abs_diff_eq!(
                *mean,
                f64::from(observation.feedback[WINDOW - 1][1]),
                epsilon = 1e-5
            );
        }
    }

    /// Against the windows of the same circuit, with what comes back kept step by step.
    #[test]
    fn windows_are_told_along_the_weights_and_along_the_source() {
        let weights = &random_weights(&[[60, 20]], &mut generator(2, Stream::ForwardWeights))[0];
        let confounding = Confounding { shared: Shared::Rank3, gain: 1_000.0 };
        let observations = Diagnosis::new(weights.t(), confounding, 2).unwrap().observe(10.0);
        assert!(observations.len() > 100);

        let mut circuit = Circuit::new(&[weights.t()]);
        circuit.sources = Sources::new(confounding, [60, 20], 2, 0);
        let gains = circuit.sources.as_ref().unwrap().gains_above(0).to_vec();
        let deviation = weights.mapv(f64::from).std(0.0);
        let (mut drive, mut generator) = (Drive::new(60), generator(2, Stream::Drive));
        // Σ_k d_k r_k / Σ_k d_k², with directions d in units of their deviation, and of their root mean square.
        let along = |direction: &[f64], unit: f64, values: &[f64]| {
            let product: f64 = direction.iter().zip(values).map(|(one, value)| one / unit * value).sum();
            product / direction.iter().map(|one| (one / unit).powi(2)).sum::<f64>()
        };
        let unit = (gains.iter().map(|gain| gain * gain).sum::<f64>() / 20.0).sqrt();
        let (mut feedback, mut expected): (Vec<Vec<f64>>, _) = (Vec::new(), observations.iter());
        for _ in 0..10_000 {
            feedback.push(circuit.feedback(0).to_vec());
            circuit.draw_sources(&mut generator);
            circuit.step(drive.step(&mut generator), |event| {
                let found = expected.next().unwrap();
                assert_eq!((found.neuron, found.spiked), (event.neuron, event.spiked()));
                let own: Vec<_> =
                    weights.row(event.neuron as usize).iter().map(|&one| f64::from(one)).collect();
                let before: Vec<_> = event.feedback_before.iter().map(|&one| f64::from(one)).collect();
                let window = &feedback[feedback.len() - WINDOW..];
                for steps in [1, 7, WINDOW] {
                    let response: Vec<_> = (0..20)
                        .map(|k| window[..steps].iter().map(|q| q[k]).sum::<f64>() / steps as f64 - before[k])
                        .collect();
                    let [weighted, shared] = found.response(steps).map(f64::from);
                    approx::assert_abs_diff_eq!(weighted, along(&own, deviation, &response), epsilon = 1e-5);
                    approx::assert_abs_diff_eq!(shared, along(&gains, unit, &response), epsilon = 1e-5);
                }
            });
        }
        assert_eq!(expected.next(), None);
    }
}
