//! The simulations behind the page's figures: small scenes built from the same parts as the experiment.
//!
//! | module | what it shows |
//! |---|---|
//! | [`transport`] | how far feedback weights send an error astray |
//! | [`neuron`] | one neuron at its threshold, with or without a confounder |
//! | [`guess`] | a hidden weight, to be guessed from the feedback around near-spikes and spikes |
//! | [`layer`] | the causal effects of a whole network of fixed weights finding these weights |
//!
//! A figure is a scene, which the reader sets, a state that advances in steps of 1 ms, and a view of it. A scene always
//! runs the same way: to show an earlier moment, it is run again up to that moment.

pub mod guess;
pub mod layer;
mod moments;
pub mod neuron;
pub mod transport;
