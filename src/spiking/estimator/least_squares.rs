//! Two lines in closed form.

use super::{Description, Estimator, Event, Line, Sums};
use crate::spiking::neuron::THRESHOLD;
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The estimator in the list.
pub const DESCRIPTION: Description = Description {
    name: "",
    label: "two lines, fitted exactly",
    title: "Two lines, fitted exactly",
    of_windows: true,
};

/// The two lines to which [`super::Gradient`] converges: fitted by least squares, from running moments. The jump at the
/// threshold is unbiased even if the response also depends on the drive; but each line has drives on one side of the
/// threshold only, so its end there is noisy.
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

    /// The lines of one pair, without and with a spike, if there were windows of both kinds.
    pub(super) fn lines_of(&self, neuron: usize, upper: usize) -> Option<[Line; 2]> {
        let [r, x_r, r_spiked, x_r_spiked] = self.responses.of(neuron, upper);
        let [silent, spiked] = self.drives[neuron];
        Some([line(silent, r, x_r)?, line(spiked, r_spiked, x_r_spiked)?])
    }
}

/// The line through windows with these moments; x is 0 at the threshold. A level line where there is no slope to fit;
/// none without windows.
fn line([count, x, x_x]: [f64; 3], r: f32, x_r: f32) -> Option<Line> {
    let (r, x_r) = (f64::from(r), f64::from(x_r));
    let determinant = count * x_x - x * x;
    if determinant > 1e-6 * count * x_x {
        let at_threshold = (r * x_x - x * x_r) / determinant;
        Some(Line { at_threshold, slope: (count * x_r - x * r) / determinant })
    } else {
        (count > 0.0).then(|| Line { at_threshold: r / count, slope: 0.0 })
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
        self.responses.map(|neuron, upper, _| {
            self.lines_of(neuron, upper)
                .map_or(0.0, |[silent, spiked]| (spiked.at_threshold - silent.at_threshold) as f32)
        })
    }

    fn lines(&self, neuron: usize, upper: usize) -> Option<[Line; 2]> {
        self.lines_of(neuron, upper)
    }
}

impl State for LeastSquares {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.doubles(self.drives.as_flattened_mut().as_flattened_mut());
        self.responses.visit(visitor);
    }
}
