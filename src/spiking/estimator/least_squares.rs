//! Two lines in closed form.

use super::{Estimator, Event, Sums};
use crate::spiking::neuron::THRESHOLD;
use ndarray::Array2;

/// The two lines of [`super::Gradient`], where they would end: fitted by least squares, from running
/// moments. The jump at the threshold is unbiased even if the response also depends on the drive;
/// but drives lie on one side of the threshold for each line, whose end there is noisy.
#[derive(Debug, Clone)]
pub struct LeastSquares {
    /// Windows of each neuron, `[silent, spiked]`: count, Σx, Σx² of the drive beyond the threshold,
    /// x = u_max − θ.
    drives: Vec<[[f64; 3]; 2]>,
    /// `[silent Σr, silent Σxr, spiked Σr, spiked Σxr]` of the response r.
    responses: Sums<4>,
}

impl LeastSquares {
    /// No event yet, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self { drives: vec![[[0.0; 3]; 2]; inputs], responses: Sums::new(inputs, outputs) }
    }
}

/// The line's value at the threshold: its intercept, as x is 0 there. The mean where there is no
/// line to fit, nothing without any window.
fn at_threshold([count, x, x_x]: [f64; 3], r: f32, x_r: f32) -> Option<f64> {
    let (r, x_r) = (f64::from(r), f64::from(x_r));
    let determinant = count * x_x - x * x;
    if determinant > 1e-6 * count * x_x {
        Some((r * x_x - x * x_r) / determinant)
    } else {
        (count > 0.0).then(|| r / count)
    }
}

impl Estimator for LeastSquares {
    #[inline(always)]
    fn observe(&mut self, event: Event<'_>) {
        let (neuron, kind) = (event.neuron as usize, usize::from(event.spiked()));
        let x = f64::from(event.largest_drive) - THRESHOLD;
        for (sum, term) in self.drives[neuron][kind].iter_mut().zip([1.0, x, x * x]) {
            *sum += term;
        }
        for (row, factor) in [(2 * kind, 1.0), (2 * kind + 1, x as f32)] {
            let sums = self.responses.row_mut(neuron, row);
            for ((sum, &feedback), &before) in sums.iter_mut().zip(event.feedback).zip(event.feedback_before)
            {
                *sum += factor * (feedback - before);
            }
        }
    }

    fn causal_effects(&self) -> Array2<f32> {
        self.responses.map(|neuron, _, [r, x_r, r_spiked, x_r_spiked]| {
            let [silent, spiked] = self.drives[neuron];
            match (at_threshold(silent, r, x_r), at_threshold(spiked, r_spiked, x_r_spiked)) {
                (Some(silent), Some(spiked)) => (spiked - silent) as f32,
                _ => 0.0,
            }
        })
    }
}
