//! The spiking phase: neurons measure their causal effects on the population above.
//!
//! The fully connected part of the network runs as a spiking network under random drive. A neuron that comes just above
//! its threshold spikes, one that stays just below does not, and everything else is the same on average. So the jump in
//! the feedback at the threshold is the causal effect of its spike: a regression discontinuity design (Guerguiev,
//! Kording and Richards, *Spike-based causal inference for weight alignment*, ICLR 2020). Only relative effects matter;
//! rescaled by [`WriteBack`](crate::feedback::WriteBack), they become the feedback weights.
//!
//! | module | what is in it |
//! |---|---|
//! | [`neuron`] | the leaky integrate-and-fire neuron |
//! | [`synapse`] | the kernel κ and its traces; currents from one population to the next |
//! | [`drive`] | the Poisson drive |
//! | [`source`] | common sources, which confound |
//! | [`window`] | when a neuron is close to its threshold, and for how long that counts |
//! | [`response`] | what comes back from the population above within a window |
//! | [`estimator`] | the causal effect, from the events of a neuron |
//! | [`roster`] | which neurons need to be simulated |
//! | `population` | the neurons that are awake, and which these are |
//! | [`circuit`] | one step of a spiking network, made of all of these |
//!
//! One layer after the other is measured in a [phase](crate::measurement::spiking_phase).

pub mod circuit;
pub mod drive;
pub mod estimator;
pub mod neuron;
pub(crate) mod population;
pub mod response;
pub mod roster;
pub mod source;
pub mod synapse;
pub mod window;

pub use circuit::Circuit;
pub use estimator::EstimatorName;
pub use source::Confounding;

/// Lists the indices, in ascending order, of the few `values` that are special.
#[inline(always)]
fn list_rare<T>(values: &[T], is_special: impl Fn(&T) -> bool, list: &mut Vec<u32>) {
    list.clear();
    let (blocks, rest) = values.as_chunks::<8>();
    let mut first = 0;
    for block in blocks {
        // One byte per value, compared as vectors; then a whole block is tested at once.
        let mut special = u64::from_le_bytes(block.each_ref().map(|value| u8::from(is_special(value))));
        while special != 0 {
            list.push(first + special.trailing_zeros() / 8);
            special &= special - 1;
        }
        first += block.len() as u32;
    }
    list.extend((first..).zip(rest).filter(|(_, value)| is_special(value)).map(|(index, _)| index));
}
