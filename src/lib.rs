//! Spikealign: learning without weight transport, measured by spikes.
//!
//! Backpropagation sends errors back through the transpose of the forward weights, which a neuron
//! cannot read. Guerguiev, Kording and Richards (*Spike-based causal inference for weight
//! alignment*, ICLR 2020) let each spiking neuron *measure* its causal effect on the neurons above
//! it, by a regression discontinuity at its threshold, and use these measurements as backward
//! weights. This crate is that system: it runs unchanged as a native library, as the program
//! `spikealign`, and as WebAssembly in a web page.
//!
//! ```text
//! data ──▶ experiment ──▶ network (forward, loss) ──▶ backward, through feedback ──▶ sgd
//!               │                                            ▲
//!               └── measurement (the spiking phase) ─────────┘ new feedback weights
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`configuration`] | every setting, with defaults and bounds |
//! | [`data`] | images and labels: one file a data set |
//! | [`network`] | the rate network that learns: convolution, batch norm, dense layers, loss, SGD |
//! | [`feedback`] | the learning rules: where backward weights come from, one file a rule |
//! | [`measurement`] | phases in which feedback weights are measured |
//! | [`spiking`] | spiking neurons, synapses, drive, the discontinuity at threshold, one file an estimator |
//! | [`alignment`] | measures that compare two weight matrices, one file a measure |
//! | [`bootstrap`] | how sure a mean over seeds is |
//! | [`experiment`] | the schedule that ties them together, and the records it yields |
//! | [`checkpoint`] | an experiment as bytes, and what such bytes may claim |
//! | [`describe`] | all that is declared with rules, data sets, measures and settings, in one |
//! | [`figures`] | the scenes of the page's figures |
//! | [`setting`] | what is known of one setting |
//! | [`state`] | the numbers that a checkpoint keeps |
//! | [`npy`] | matrices as NumPy files |
//! | [`random`] | named streams of random numbers, all from one seed |
//! | [`error`] | what can go wrong, in words for people |
//!
//! Only `browser` knows about JavaScript, only `src/bin` about terminals; `replay`, which needs the feature of that name,
//! compares the simulation with recordings of the authors' program.

// `forbid` would also refuse ndarray's `s!`, which allows its own unsafe code.
#![deny(unsafe_code)]

pub mod alignment;
pub mod bootstrap;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod browser;
pub mod checkpoint;
pub mod configuration;
pub mod data;
pub mod describe;
pub mod error;
pub mod experiment;
pub mod feedback;
pub mod figures;
pub mod measurement;
pub mod network;
pub mod npy;
pub mod random;
mod registry;
#[cfg(feature = "replay")]
pub mod replay;
pub mod setting;
pub mod spiking;
pub mod state;

pub use error::Error;
