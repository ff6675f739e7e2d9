//! Named streams of random numbers. All of them come from one seed, and none can disturb another:
//! two rules started from one seed see the same weights, the same batches and the same drive.

use crate::Error;
use rand::{Rng, SeedableRng};

/// The generator behind every stream: small, fast, and the same on every platform.
pub type Generator = rand_xoshiro::Xoshiro256PlusPlus;

/// What a stream of random numbers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Initial forward weights.
    ForwardWeights = 1,
    /// Initial (random) feedback weights.
    FeedbackWeights = 2,
    /// The order in which training images are shown.
    Order = 3,
    /// The Poisson drive of the spiking phase.
    Drive = 4,
    /// The generated images.
    Images = 5,
    /// Fixed feedback weights that are not those of a layer.
    DirectWeights = 6,
    /// Magnitudes of feedback weights that are drawn after every update.
    Magnitudes = 7,
    /// Noise from which feedback weights are learned.
    Noise = 8,
    /// How training images are moved and mirrored.
    Augmentation = 9,
    /// How strongly common sources reach each neuron.
    Gains = 10,
    /// Resamples of a bootstrap.
    Bootstrap = 11,
    /// The units of a network that are drawn.
    View = 12,
}

/// The generator of one stream of `seed`.
pub fn generator(seed: u32, stream: Stream) -> Generator {
    Generator::seed_from_u64(u64::from(seed) | (stream as u64) << 32)
}

/// The generator of one stream of `seed` for one layer and one update: it needs no state of its own.
pub fn batch_generator(seed: u32, stream: Stream, layer: usize, update: u64) -> Generator {
    // Golden-ratio steps keep the seeds of neighbours apart.
    let seed = u64::from(seed) | (stream as u64) << 32 | (layer as u64) << 40;
    Generator::seed_from_u64(seed ^ update.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// A random seed, from the system.
///
/// # Errors
/// [`Error::Setting`] when the system gives no random numbers.
pub fn draw_seed() -> Result<u32, Error> {
    getrandom::u32().map_err(|error| Error::Setting {
        field: "seed".into(),
        value: format!("random ({error})"),
        range: "a number: this system cannot draw one".into(),
    })
}

/// Whether a generator works. An all-zero state, which no seed gives, would draw only zeros.
pub fn is_alive(generator: &Generator) -> bool {
    let mut generator = generator.clone();
    (0..4).any(|_| generator.next_u64() != 0)
}

/// Whether these are a permutation of the numbers from 0 up.
pub fn is_permutation(numbers: &[u32]) -> bool {
    let mut seen = vec![false; numbers.len()];
    numbers
        .iter()
        .all(|&number| seen.get_mut(number as usize).is_some_and(|seen| !std::mem::replace(seen, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_has_every_number_once() {
        for numbers in [&[][..], &[0], &[2, 0, 1]] {
            assert!(is_permutation(numbers), "{numbers:?}");
        }
        for numbers in [&[1][..], &[0, 0], &[0, 2], &[u32::MAX, 0]] {
            assert!(!is_permutation(numbers), "{numbers:?}");
        }
    }
}
