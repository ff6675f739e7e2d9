//! Weight transport: an error sent down through the transpose of the forward weights, and through other feedback
//! weights. And feedback alignment: a network that learns from such errors bends its forward weights towards the
//! feedback.

use crate::Error;
use crate::alignment::{LayerAlignment, angle_between};
use ndarray::{Array1, ArrayView2, aview1};
use serde::Serialize;

/// An error, sent down in two ways.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Transport {
    /// How far the feedback weights agree with the forward weights.
    pub alignment: LayerAlignment,
    /// The error of each input through the transpose: what backpropagation would send.
    pub exact: Vec<f32>,
    /// The error of each input through the feedback weights.
    pub sent: Vec<f32>,
    /// The angle between the two, in degrees.
    pub angle: f64,
}

impl Transport {
    /// Sends the `error` `[n_out]` through `forward` `[n_out, n_in]` and `feedback` `[n_in, n_out]`,
    /// which are given row by row.
    ///
    /// # Errors
    /// [`Error::Shape`] when the three don't fit each other.
    pub fn new(forward: &[f32], feedback: &[f32], error: &[f32]) -> Result<Self, Error> {
        let n_out = error.len();
        let n_in = count_inputs("the feedback weights", feedback, forward, n_out)?;
        let forward = view([n_out, n_in], forward);
        let feedback = view([n_in, n_out], feedback);
        let exact: Array1<f32> = forward.t().dot(&aview1(error));
        let sent: Array1<f32> = feedback.dot(&aview1(error));
        let row = |values| view([1, n_in], values);
        Ok(Self {
            alignment: LayerAlignment::between(forward, feedback),
            angle: angle_between(
                row(exact.as_slice().unwrap_or_default()),
                row(sent.as_slice().unwrap_or_default()),
            ),
            exact: exact.to_vec(),
            sent: sent.to_vec(),
        })
    }
}

/// Step size of [`Learning`].
const RATE: f32 = 0.2;

/// A linear network that learns to repeat its inputs, of which it has as many as outputs: `output = W A input`, with
/// neurons in between. Its inputs have variance 1 and are uncorrelated, so that the expected gradient is known, and
/// nothing is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Learning {
    /// W `[n_out, n_in]`, row by row: the forward weights of the figure.
    pub forward: Vec<f32>,
    /// A `[n_in, n_out]`, row by row: the weights below them.
    pub lower: Vec<f32>,
    /// The mean square of the error at each output.
    pub loss: f32,
}

impl Learning {
    /// Goes on from here for so many `steps`, with errors that come down through `feedback` `[n_in, n_out]`:
    /// ΔW = η E Aᵀ and ΔA = η B E, where E = 1 − W A.
    ///
    /// # Errors
    /// [`Error::Shape`] when the weights don't fit each other.
    pub fn new(
        forward: &[f32],
        lower: &[f32],
        feedback: &[f32],
        n_out: usize,
        steps: usize,
    ) -> Result<Self, Error> {
        let n_in = count_inputs("the feedback weights", feedback, forward, n_out)?;
        count_inputs("the weights below", lower, forward, n_out)?;
        let mut learned = Self { forward: forward.to_vec(), lower: lower.to_vec(), loss: 0.0 };
        let mut error = vec![0.0; n_out * n_out];
        for step in 0..=steps {
            learned.loss = learned.measure(&mut error, n_out);
            if step < steps {
                learned.step(&error, feedback, [n_in, n_out]);
            }
        }
        Ok(learned)
    }

    /// Writes E `[n_out, n_out]`, and returns the loss. (Plain loops: the products of ndarray are made for large matrices,
    /// and kilobytes to download.)
    fn measure(&self, error: &mut [f32], n_out: usize) -> f32 {
        let n_in = self.forward.len() / n_out;
        let mut sum = 0.0;
        for (at, error) in error.iter_mut().enumerate() {
            let [output, column] = [at / n_out, at % n_out];
            let mut product = 0.0;
            for input in 0..n_in {
                product += self.forward[output * n_in + input] * self.lower[input * n_out + column];
            }
            *error = f32::from(u8::from(output == column)) - product;
            sum += *error * *error;
        }
        sum / n_out as f32
    }

    /// A step down the gradient.
    fn step(&mut self, error: &[f32], feedback: &[f32], [n_in, n_out]: [usize; 2]) {
        for input in 0..n_in {
            let own = input * n_out..(input + 1) * n_out;
            let (lower, feedback) = (&mut self.lower[own.clone()], &feedback[own]);
            let [mut forward_change, mut lower_change] = [vec![0.0; n_out], vec![0.0; n_out]];
            for (at, error) in error.iter().enumerate() {
                let [output, column] = [at / n_out, at % n_out];
                forward_change[output] += error * lower[column];
                lower_change[column] += feedback[output] * error;
            }
            for output in 0..n_out {
                self.forward[output * n_in + input] += RATE * forward_change[output];
                lower[output] += RATE * lower_change[output];
            }
        }
    }
}

/// How many inputs there are, if forward weights `[n_out, n_in]` fit others `[n_in, n_out]`.
fn count_inputs(what: &'static str, others: &[f32], forward: &[f32], n_out: usize) -> Result<usize, Error> {
    let n_in = forward.len() / n_out.max(1);
    if n_in == 0 || forward.len() != n_in * n_out || others.len() != forward.len() {
        return Err(Error::Shape { what, found: vec![others.len()], expected: vec![n_in, n_out] });
    }
    Ok(n_in)
}

/// `numbers` as a matrix of `shape`; their count matches.
fn view(shape: [usize; 2], numbers: &[f32]) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape(shape, numbers).expect("the numbers have been counted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transpose_sends_what_backpropagation_sends() {
        let forward = [1.0, -2.0, 0.5, 3.0, 4.0, -1.0];
        let transpose = [1.0, 3.0, -2.0, 4.0, 0.5, -1.0];
        let transport = Transport::new(&forward, &transpose, &[1.0, -0.5]).unwrap();
        assert_eq!(transport.exact, [-0.5, -4.0, 1.0]);
        assert_eq!(transport.sent, transport.exact);
        assert!(transport.angle < 1e-3);
        let opposite = transpose.map(|weight: f32| -weight);
        let transport = Transport::new(&forward, &opposite, &[1.0, -0.5]).unwrap();
        approx::assert_abs_diff_eq!(transport.angle, 180.0, epsilon = 1e-3);
        assert_eq!(transport.alignment.sign_agreement(), 0.0);
    }

    #[test]
    fn while_it_learns_the_forward_weights_bend_towards_the_feedback() {
        let feedback = [0.3, -0.8, 0.6, 0.5, -0.7, 0.2];
        let start = [0.9, -0.5, 0.4, -0.7, 0.8, 1.1];
        let angle = |forward: &[f32]| Transport::new(forward, &feedback, &[1.0, -0.6]).unwrap().angle;
        let mut now = Learning::new(&start, &[0.0; 6], &feedback, 2, 0).unwrap();
        assert_eq!((&now.forward[..], now.loss), (&start[..], 1.0));
        // A step by hand: A = 0, so that only A changes, by 0.2 B.
        now = Learning::new(&now.forward, &now.lower, &feedback, 2, 1).unwrap();
        assert_eq!(now.forward, start);
        assert_eq!(now.lower, feedback.map(|weight| 0.2 * weight));
        let learned = Learning::new(&now.forward, &now.lower, &feedback, 2, 100).unwrap();
        assert!(learned.loss < 1e-3, "{}", learned.loss);
        assert!(angle(&learned.forward) < angle(&start) - 30.0, "{}", angle(&learned.forward));
        // In several calls as in one.
        now = Learning::new(&now.forward, &now.lower, &feedback, 2, 60).unwrap();
        assert_eq!(Learning::new(&now.forward, &now.lower, &feedback, 2, 40).unwrap(), learned);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Transport::new(&[1.0; 6], &[1.0; 5], &[1.0; 2]).is_err());
        assert!(Transport::new(&[1.0; 5], &[1.0; 5], &[1.0; 2]).is_err());
        assert!(Transport::new(&[], &[], &[]).is_err());
        assert!(Transport::new(&[], &[], &[1.0]).is_err());
        assert!(Learning::new(&[1.0; 6], &[1.0; 5], &[1.0; 6], 2, 1).is_err());
        assert!(Learning::new(&[1.0; 6], &[1.0; 6], &[1.0; 5], 2, 1).is_err());
    }
}
