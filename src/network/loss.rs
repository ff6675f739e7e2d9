//! Softmax and cross entropy, together: their gradient is the difference of two probabilities.

use serde::{Deserialize, Serialize};

/// The largest mean cross entropy, in nats, of a network that still learns. Chance is ln 10 = 2.3; beyond
/// this the wrong answers of a network have been certain, in single precision, for long.
const LARGEST: f64 = 10_000.0;

/// What a pass over some images measured.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Measured {
    /// How many images there were.
    pub examples: usize,
    /// Sum of the cross entropy over the images, in nats.
    pub loss_sum: f64,
    /// How many images were given their label.
    pub correct: usize,
}

impl Measured {
    /// Mean cross entropy per image, in nats.
    pub fn loss(&self) -> f64 {
        self.loss_sum / self.examples as f64
    }

    /// Share of the images that were given their label, 0–1.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.examples as f64
    }

    /// Whether the loss is a number, and not so large that the network must have diverged.
    pub fn is_sensible(&self) -> bool {
        self.loss() <= LARGEST
    }
}

impl std::ops::AddAssign for Measured {
    fn add_assign(&mut self, other: Self) {
        self.examples += other.examples;
        self.loss_sum += other.loss_sum;
        self.correct += other.correct;
    }
}

/// The cross entropy of `softmax(logits)`, `[batch, classes]`, with the labels; or, if so asked, that of the softmax of
/// that softmax, as in the authors' program. Of equal logits the first is the answer.
pub fn forward(classes: usize, double_softmax: bool, logits: &[f32], labels: &[u8]) -> Measured {
    let mut measured = Measured { examples: labels.len(), ..Default::default() };
    let mut probabilities = Vec::new();
    for (logits, &label) in logits.chunks_exact(classes).zip(labels) {
        let label = usize::from(label);
        let scores = if double_softmax { probabilities_of(logits, &mut probabilities) } else { logits };
        let (largest, sum) = log_sum(scores);
        measured.loss_sum += f64::from(libm::logf(sum)) + f64::from(largest - scores[label]);
        measured.correct += usize::from(answer(logits) == label);
    }
    measured
}

/// The gradient of the mean loss by the logits: `errors = (softmax(logits) − label) / batch`, for a double softmax
/// carried through the inner one.
pub fn backward(classes: usize, double_softmax: bool, logits: &[f32], labels: &[u8], errors: &mut [f32]) {
    let batch = labels.len() as f32;
    let rows = logits.chunks_exact(classes).zip(errors.chunks_exact_mut(classes));
    let mut probabilities = Vec::new();
    for ((logits, errors), &label) in rows.zip(labels) {
        let scores = if double_softmax { probabilities_of(logits, &mut probabilities) } else { logits };
        let (largest, sum) = log_sum(scores);
        for (error, score) in errors.iter_mut().zip(scores) {
            *error = libm::expf(score - largest) / (sum * batch);
        }
        errors[usize::from(label)] -= 1.0 / batch;
        if double_softmax {
            let mean: f32 = errors.iter().zip(scores).map(|(error, score)| error * score).sum();
            errors.iter_mut().zip(scores).for_each(|(error, score)| *error = score * (*error - mean));
        }
    }
}

/// The probabilities that some logits stand for.
fn probabilities_of<'a>(logits: &[f32], probabilities: &'a mut Vec<f32>) -> &'a [f32] {
    probabilities.clear();
    probabilities.extend_from_slice(logits);
    softmax(probabilities);
    probabilities
}

/// The class that these logits stand for: of equal ones the first.
pub fn answer(logits: &[f32]) -> usize {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    logits.iter().position(|&logit| logit == largest).unwrap_or(0)
}

/// Turns the logits of one image into probabilities.
pub fn softmax(logits: &mut [f32]) {
    let (largest, sum) = log_sum(logits);
    logits.iter_mut().for_each(|logit| *logit = libm::expf(*logit - largest) / sum);
}

/// The largest logit, and the sum of `exp(logit − largest)`.
fn log_sum(logits: &[f32]) -> (f32, f32) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    (largest, logits.iter().map(|logit| libm::expf(logit - largest)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::reference::{self, assert_close, differences, numbers, to_f64};

    #[test]
    fn value_and_gradient_are_those_of_the_naive_loss() {
        let (classes, labels) = (5, [0, 4, 2, 2, 1, 3, 0]);
        let logits: Vec<f32> = numbers(classes * labels.len(), 1).iter().map(|number| 8.0 * number).collect();
        // The softmax of a softmax is the loss of probabilities in place of logits.
        let once = |logits: &[f64]| reference::loss(classes, logits, &labels);
        let twice = |logits: &[f64]| {
            let sum = |logits: &[f64]| logits.iter().map(|logit| logit.exp()).sum::<f64>();
            let images = logits.chunks(classes);
            let all: Vec<_> = images.flat_map(|one| one.iter().map(|logit| logit.exp() / sum(one))).collect();
            once(&all)
        };
        for (double_softmax, naive) in [(false, &once as &dyn Fn(&[f64]) -> f64), (true, &twice)] {
            let measured = forward(classes, double_softmax, &logits, &labels);
            let mean = measured.loss_sum / labels.len() as f64;
            assert_close(&[mean as f32], &[naive(&to_f64(&logits))], 1e-6);
            let mut errors = vec![f32::NAN; logits.len()];
            backward(classes, double_softmax, &logits, &labels, &mut errors);
            assert_close(&errors, &differences(&to_f64(&logits), naive), 1e-5);
        }
    }

    #[test]
    fn the_largest_logit_is_the_answer_and_the_largest_numbers_do_no_harm() {
        let measured = forward(3, false, &[1e30, -1e30, 0.0, 0.0, 1.0, 1.0], &[0, 2]);
        assert_eq!(measured.correct, 1);
        assert!(measured.loss_sum.is_finite());
        assert!(forward(2, false, &[f32::NAN, 0.0], &[0]).loss_sum.is_nan());
    }
}
