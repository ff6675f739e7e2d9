//! Named streams of random numbers. All of them come from one seed, and none can disturb another:
//! two rules started from one seed see the same weights, the same batches and the same drive.

use rand::SeedableRng;

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
}

/// The generator of one stream of `seed`.
pub fn generator(seed: u32, stream: Stream) -> Generator {
    Generator::seed_from_u64(u64::from(seed) | (stream as u64) << 32)
}
