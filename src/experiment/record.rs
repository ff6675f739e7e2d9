//! An experiment's output: records of its measurements, and its progress.

use crate::{alignment::LayerAlignment, configuration::Configuration, feedback::RuleName};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// What is measured at the end of an epoch, and every `record_every` images within it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The rule that learned.
    pub rule: RuleName,
    /// The seed of everything random.
    pub seed: u32,
    /// The epoch, from 1.
    pub epoch: usize,
    /// Training images seen so far, over all epochs.
    pub examples: usize,
    /// Mean cross-entropy over the training images since the last record, in nats.
    pub train_loss: f64,
    /// Share of the training images since the last record that were classified right, 0–1.
    pub train_accuracy: f64,
    /// Mean cross-entropy over the test images, in nats.
    pub test_loss: f64,
    /// Share of the test images classified right, 0–1.
    pub test_accuracy: f64,
    /// The same as if all classes were equally frequent: the mean of the shares of each class, of those that the test
    /// images have, 0–1.
    pub test_balanced_accuracy: f64,
    /// Seconds simulated in spiking phases so far.
    pub simulated_seconds: f64,
    /// How the layers that have an error to send down are aligned now, from the bottom.
    pub layers: Vec<LayerAlignment>,
    /// How they were aligned right after this epoch's spiking phase; empty without one.
    pub layers_after_spiking: Vec<LayerAlignment>,
    /// For the last batch, the angle between the gradient that the rule computes and that of
    /// backpropagation, in degrees, of the same layers. The last is always 0: its error comes from the loss itself.
    pub gradient_angles: Vec<f64>,
    /// The settings of the shortest run that ends in this record.
    pub configuration: Configuration,
}

/// A layer whose feedback weights a measurement phase has just written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Which layer, counted as in [`Record::layers`].
    pub layer: usize,
    /// How it is aligned now, by the cheap measures.
    pub alignment: LayerAlignment,
}

/// What an experiment is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Spiking neurons measure their causal effects.
    Spiking,
    /// The rate network learns.
    Training,
    /// The rate network classifies the test images.
    Testing,
    /// All epochs are over.
    Done,
}

/// Where an experiment stands after some chunks of work, and what these yielded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// What it is busy with now.
    pub stage: Stage,
    /// The epoch, from 1.
    pub epoch: usize,
    /// How much of the stage is done: ms of simulated time, or images.
    pub done: usize,
    /// How much there is to do in the stage, in the same unit.
    pub total: usize,
    /// Training images seen so far, over all epochs.
    pub examples: usize,
    /// Seconds simulated in spiking phases so far.
    pub simulated_seconds: f64,
    /// What the spiking phase has written.
    pub measured: Vec<Measured>,
    /// The records that became ready.
    pub records: Vec<Record>,
}

/// The mean share of right answers over the labels present, from counts `[label, answer]`.
pub(super) fn balanced_accuracy(confusion: ArrayView2<'_, u32>) -> f64 {
    let (mut shares, mut labels) = (0.0, 0.0);
    for (label, answers) in confusion.outer_iter().enumerate() {
        let total: u32 = answers.iter().sum();
        if total > 0 {
            shares += f64::from(answers[label]) / f64::from(total);
            labels += 1.0;
        }
    }
    shares / labels
}

impl Record {
    /// Whether every number is finite. Measures of a diverging network may not be.
    pub fn is_finite(&self) -> bool {
        let measured = [
            self.train_loss,
            self.train_accuracy,
            self.test_loss,
            self.test_accuracy,
            self.test_balanced_accuracy,
        ];
        let layers = self.layers.iter().chain(&self.layers_after_spiking);
        measured.iter().chain([&self.simulated_seconds]).chain(&self.gradient_angles).all(|x| x.is_finite())
            && layers.into_iter().all(LayerAlignment::is_finite)
    }
}
