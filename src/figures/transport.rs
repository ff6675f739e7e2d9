//! Weight transport: an error sent down through the transpose of the forward weights, and through other feedback
//! weights.

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
        let n_in = forward.len() / n_out.max(1);
        if n_in == 0 || forward.len() != n_in * n_out || feedback.len() != forward.len() {
            return Err(Error::Shape {
                what: "the feedback weights",
                found: vec![feedback.len()],
                expected: vec![n_in, n_out],
            });
        }
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
    fn what_does_not_fit_is_refused() {
        assert!(Transport::new(&[1.0; 6], &[1.0; 5], &[1.0; 2]).is_err());
        assert!(Transport::new(&[1.0; 5], &[1.0; 5], &[1.0; 2]).is_err());
        assert!(Transport::new(&[], &[], &[]).is_err());
        assert!(Transport::new(&[], &[], &[1.0]).is_err());
    }
}
