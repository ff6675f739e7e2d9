//! Spikealign: learning without weight transport, measured by spikes.
//!
//! Backpropagation sends errors back through the transpose of the forward weights, which a neuron
//! cannot read. Guerguiev, Kording and Richards (*Spike-based causal inference for weight
//! alignment*, ICLR 2020) let each spiking neuron *measure* its causal effect on the neurons above
//! it, by a regression discontinuity at its threshold, and use these measurements as backward
//! weights. This crate is that system: it runs unchanged as a native library, as the program
//! `spikealign`, and as WebAssembly in a web page.
//!
//! | module | what is in it |
//! |---|---|
//! | [`configuration`] | every setting, with defaults and bounds |
//! | [`data`] | images and labels: the IDX format and a generated set |
//! | [`network`] | the rate network that learns: convolution, batch norm, dense layers, loss, SGD |
//! | [`spiking`] | the spiking phase: neurons, synapses, drive, the discontinuity at threshold |
//! | [`feedback`] | the learning rules: where backward weights come from, one file a rule |
//! | [`alignment`] | measures that compare two weight matrices |
//! | [`experiment`] | the schedule that ties them together, the records it yields, and checkpoints |
//! | [`npy`] | matrices as NumPy files |
//! | [`random`] | named streams of random numbers, all from one seed |
//!
//! Only `browser` knows that JavaScript exists, and only `src/bin` knows files and terminals.

// `forbid` would also refuse ndarray's `s!`, which allows itself what it has proved.
#![deny(unsafe_code)]

pub mod data;
pub mod error;
pub mod experiment;
pub mod feedback;
pub mod figures;
pub mod network;
pub mod npy;
pub mod random;
#[cfg(feature = "cli")]
pub mod replay;
pub mod spiking;

pub use error::Error;
pub mod alignment;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod configuration;
