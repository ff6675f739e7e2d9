//! Feedback weights that measured effects are written into: the common part of the rules that measure.

use crate::state::{State, Visitor};
use ndarray::{Array2, ArrayView2, ArrayViewMut2};

/// Feedback weights, one `[n_in, n_out]` matrix a layer, that keep the spread of the random ones they start as: of
/// measured effects only the relative size matters.
#[derive(Debug, Clone)]
pub struct WriteBack {
    feedback: Vec<Array2<f32>>,
    /// Standard deviation of the initial random weights of each layer.
    deviation: Vec<f32>,
}

impl WriteBack {
    /// Starts from random `feedback`.
    pub fn new(feedback: Vec<Array2<f32>>) -> Self {
        let deviation = feedback.iter().map(|weights| weights.std(0.0)).collect();
        Self { feedback, deviation }
    }

    /// The feedback weights of a layer, `[n_in, n_out]`.
    pub fn weights(&self, layer: usize) -> ArrayView2<'_, f32> {
        self.feedback[layer].view()
    }

    /// Writes the `effects` `[n_in, n_out]` that were measured for a layer; see [`write_back`].
    pub fn write(&mut self, layer: usize, effects: ArrayView2<'_, f32>) {
        write_back(effects, self.deviation[layer], self.feedback[layer].view_mut());
    }
}

impl State for WriteBack {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.feedback.visit(visitor);
    }
}

/// Writes causal effects `[n_in, n_out]` into feedback weights of the same shape, rescaled to the
/// standard deviation `deviation` of the initial random feedback weights: only relative effects
/// matter. Entries with an effect of exactly 0 were never estimated and keep their weight.
pub fn write_back(causal_effect: ArrayView2<'_, f32>, deviation: f32, mut feedback: ArrayViewMut2<'_, f32>) {
    let estimated = || causal_effect.iter().map(|&effect| f64::from(effect)).filter(|&effect| effect != 0.0);
    let count = estimated().count() as f64;
    let mean = estimated().sum::<f64>() / count;
    let variance = estimated().map(|effect| (effect - mean) * (effect - mean)).sum::<f64>() / count;
    let scale = f64::from(deviation) / variance.sqrt();
    // None or one estimated, or all alike: there is no spread to rescale.
    if !scale.is_finite() {
        return;
    }
    for (feedback, &effect) in feedback.iter_mut().zip(causal_effect) {
        if effect != 0.0 {
            *feedback = (f64::from(effect) * scale) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn writing_back_rescales_what_was_estimated_and_keeps_the_rest() {
        let effects = array![[1.0, 0.0, -2.0], [3.0, 0.0, 0.5]];
        let mut feedback = Array2::from_elem((2, 3), 7.0);
        write_back(effects.view(), 0.1, feedback.view_mut());
        let deviation = ndarray::arr1(&[1.0f32, -2.0, 3.0, 0.5]).std(0.0);
        let expected = [1.0, 7.0 * deviation / 0.1, -2.0, 3.0, 7.0 * deviation / 0.1, 0.5];
        let found: Vec<f32> = feedback.iter().map(|weight| weight * deviation / 0.1).collect();
        approx::assert_relative_eq!(&found[..], &expected[..], max_relative = 1e-6);
    }

    #[test]
    fn without_spread_nothing_is_written() {
        for effects in [array![[0.0, 0.0]], array![[0.0, 2.0]], array![[2.0, 2.0]]] {
            let mut feedback = array![[3.0, 4.0]];
            write_back(effects.view(), 0.1, feedback.view_mut());
            assert_eq!(feedback, array![[3.0, 4.0]]);
        }
    }
}
