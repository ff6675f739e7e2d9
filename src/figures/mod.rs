//! What the figures of the page run, besides the experiment: small scenes made of the same parts.
//!
//! | module | what it shows |
//! |---|---|
//! | [`transport`] | how far feedback weights send an error astray |
//! | [`neuron`] | one neuron at its threshold, with or without a confounder |
//! | [`layer`] | the causal effects of a whole network of fixed weights finding these weights |
//!
//! A figure is a scene, which a person sets, a state that advances by steps of 1 ms, and a view of
//! it. One scene gives one course of events: to look at an earlier moment is to run up to it again.

pub mod layer;
pub mod neuron;
pub mod transport;
