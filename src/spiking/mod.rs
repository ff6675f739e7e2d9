//! The spiking phase: neurons measure their causal effects on the population above.
//!
//! The fully connected part of the network runs as a spiking network under random drive. A neuron
//! that comes just above its threshold spikes, one that stays just below does not, and everything
//! else is the same on average. So the jump, at the threshold, in what comes back from above is the
//! causal effect of its spike: a regression discontinuity design (Guerguiev, Kording and Richards,
//! *Spike-based causal inference for weight alignment*, ICLR 2020). Only relative effects matter;
//! rescaled by [`write_back`], they become the feedback weights.
//!
//! | module | what is in it |
//! |---|---|
//! | [`neuron`] | the leaky integrate-and-fire neuron |
//! | [`synapse`] | the kernel κ and its traces; currents from one population to the next |
//! | [`drive`] | the Poisson drive |
//! | [`window`] | when a neuron is close to its threshold, and for how long that counts |
//! | [`response`] | what comes back from the population above within a window |
//! | [`estimator`] | the causal effect, from the events of a neuron |
//! | [`roster`] | which neurons need to be simulated |
//! | [`circuit`] | one step of a spiking network, made of all of these |
//! | [`phase`] | one layer pair after the other, for a given time |

pub mod circuit;
pub mod drive;
pub mod estimator;
pub mod neuron;
pub mod phase;
pub mod response;
pub mod roster;
pub mod synapse;
pub mod window;

pub use circuit::Circuit;
pub use estimator::EstimatorName;
pub use phase::{Advance, Phase};

use ndarray::{ArrayView2, ArrayViewMut2};

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

/// Whether there are `length` numbers, all finite: as it must be in a state that comes from a file.
fn is_sound<T: Copy + Into<f64>>(values: &[T], length: usize) -> bool {
    values.len() == length && values.iter().all(|&value| value.into().is_finite())
}

/// Lists the indices, in ascending order, of the few `values` that are special.
#[inline(always)]
fn list_rare<T>(values: &[T], is_special: impl Fn(&T) -> bool, list: &mut Vec<u32>) {
    list.clear();
    let (blocks, rest) = values.as_chunks::<8>();
    let mut first = 0;
    for block in blocks {
        // One byte a value, compared as vectors; then a whole block is asked at once.
        let mut special = u64::from_le_bytes(block.each_ref().map(|value| u8::from(is_special(value))));
        while special != 0 {
            list.push(first + special.trailing_zeros() / 8);
            special &= special - 1;
        }
        first += block.len() as u32;
    }
    list.extend((first..).zip(rest).filter(|(_, value)| is_special(value)).map(|(index, _)| index));
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

    #[test]
    fn numbers_are_sound_that_are_finite_and_as_many_as_expected() {
        assert!(is_sound(&[0.0f32, f32::MAX], 2) && is_sound::<f64>(&[], 0));
        assert!(!is_sound(&[0.0], 2) && !is_sound(&[0.0, 0.0], 1));
        for infinite in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(!is_sound(&[0.0, infinite], 2));
        }
    }
}
