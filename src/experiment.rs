//! The schedule that ties everything together, and the records that it yields.
//!
//! ```text
//! epoch:  spiking phase (if the rule uses spikes) ─▶ training ─▶ testing ─▶ a record
//!                                                     ▲              │
//!                                                     └──────────────┘ every `record_every` images
//! ```
//!
//! Work is done in chunks that the caller asks for, so that a worker can pause, report and stop.

use crate::{
    Error,
    alignment::{LayerAlignment, angle},
    configuration::{Configuration, RuleName},
    data::{self, Images},
    feedback::{self, Backpropagation, Backward, Rule},
    network::{LAYERS, Measured, Network, Sgd, loss},
    random::{Generator, Stream, generator},
    spiking,
};
use ndarray::{Array2, ArrayView2};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Steps of 1 ms that one chunk of the spiking phase simulates.
const SPIKING_CHUNK: usize = 100;
/// Test images in one chunk of testing.
const TESTING_CHUNK: usize = 100;
/// The first fully connected layer, among the layers that have feedback weights.
const FIRST_DENSE: usize = 1;

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
    /// Seconds simulated in spiking phases so far.
    pub simulated_seconds: f64,
    /// How the fully connected layers are aligned now.
    pub layers: Vec<LayerAlignment>,
    /// How they were aligned right after this epoch's spiking phase; empty without one.
    pub layers_after_spiking: Vec<LayerAlignment>,
    /// For the last batch, the angle between the gradient that the rule computes and that of
    /// backpropagation, in degrees: of the second convolution and the fully connected layers, from the
    /// bottom. The last is always 0: its error comes from the loss itself.
    pub gradient_angles: Vec<f64>,
}

/// What an experiment is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
    /// The alignment, when the spiking phase has just written feedback weights.
    pub layers: Option<Vec<LayerAlignment>>,
    /// The records that became ready.
    pub records: Vec<Record>,
}

/// One network that learns by one rule.
pub struct Experiment {
    configuration: Configuration,
    images: Arc<Images>,
    network: Network,
    rule: Box<dyn Rule>,
    spiking: spiking::Phase,
    /// The training images in the order of this epoch.
    order: Vec<u32>,
    order_generator: Generator,
    stage: Stage,
    epoch: usize,
    /// Training images seen in this epoch.
    trained: usize,
    /// Test images seen in this stage.
    tested: usize,
    since_record: Measured,
    test: Measured,
    simulated_steps: usize,
    layers_after_spiking: Vec<LayerAlignment>,
    gradient_angles: Vec<f64>,
    /// Answers to the test images of this stage: `[label, answer]`.
    confusion: Array2<u32>,
    /// Logits of the test images of one chunk.
    answers: Vec<f32>,
    /// Input of the network, one batch.
    pixels: Vec<f32>,
    labels: Vec<u8>,
}

impl Experiment {
    /// Prepares a network, its rule and its first epoch. `examples` and `test_examples` larger than
    /// the data set are cut to it.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting out of range, [`Error::Shape`] for images too small for the
    /// network, [`Error::Data`] for a data set with too few images.
    pub fn new(configuration: Configuration, images: Arc<Images>) -> Result<Self, Error> {
        configuration.validate()?;
        let seed = configuration.seed;
        let size = [images.rows(), images.columns()];
        let network = Network::new(
            configuration.net,
            size,
            images.classes().len(),
            &mut generator(seed, Stream::ForwardWeights),
        )?;
        let random = feedback::random_weights(
            &network.feedback_shapes(),
            &mut generator(seed, Stream::FeedbackWeights),
        );
        let examples = configuration.examples.min(images.train().len());
        if examples < configuration.batch_size || images.test().is_empty() {
            return Err(Error::Data {
                name: "The data set".into(),
                problem: format!(
                    "{} training and {} test images are too few: at least one batch of {} and one test \
                     image are needed",
                    images.train().len(),
                    images.test().len(),
                    configuration.batch_size
                ),
            });
        }
        let populations: Vec<usize> = network.feedback_shapes()[FIRST_DENSE..]
            .iter()
            .map(|shape| shape[0])
            .chain([images.classes().len()])
            .collect();
        let mut experiment = Self {
            rule: feedback::rule(configuration.rule, random),
            spiking: spiking::Phase::with_estimator(&populations, configuration.estimator, seed)?,
            order: (0..examples as u32).collect(),
            order_generator: generator(seed, Stream::Order),
            stage: Stage::Training,
            epoch: 0,
            trained: 0,
            tested: 0,
            since_record: Measured::default(),
            test: Measured::default(),
            simulated_steps: 0,
            layers_after_spiking: Vec::new(),
            gradient_angles: Vec::new(),
            confusion: Array2::zeros([images.classes().len(); 2]),
            answers: Vec::new(),
            pixels: Vec::new(),
            labels: Vec::new(),
            configuration,
            images,
            network,
        };
        experiment.begin_epoch()?;
        Ok(experiment)
    }

    /// The settings.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Does at most so many chunks of work, a few milliseconds each: a training batch, 100 ms of
    /// simulated spiking, or 100 test images.
    ///
    /// # Errors
    /// [`Error::Diverged`] when the loss is no longer finite; the experiment is then done.
    pub fn advance(&mut self, chunks: usize) -> Result<Progress, Error> {
        let mut records = Vec::new();
        let mut layers = None;
        for _ in 0..chunks {
            let advanced = match self.stage {
                Stage::Spiking => self.advance_spiking(&mut layers),
                Stage::Training => self.advance_training(),
                Stage::Testing => self.advance_testing(&mut records),
                Stage::Done => break,
            };
            if let Err(error) = advanced {
                self.stage = Stage::Done;
                return Err(error);
            }
        }
        let (done, total) = match self.stage {
            Stage::Spiking => (self.spiking.steps_done(), self.spiking.steps_total()),
            Stage::Training => (self.trained, self.order.len()),
            Stage::Testing => (self.tested, self.test_total()),
            Stage::Done => (1, 1),
        };
        Ok(Progress {
            stage: self.stage,
            epoch: self.epoch,
            done,
            total,
            examples: self.examples(),
            simulated_seconds: self.simulated_seconds(),
            layers,
            records,
        })
    }

    /// How the fully connected layers are aligned now.
    pub fn layers(&self) -> Vec<LayerAlignment> {
        (0..self.layer_count())
            .map(|layer| {
                let (forward, feedback) = self.weights(layer);
                LayerAlignment::between(forward, feedback)
            })
            .collect()
    }

    /// How many fully connected layers there are.
    pub fn layer_count(&self) -> usize {
        self.network.feedback_shapes().len() - FIRST_DENSE
    }

    /// Forward weights `[n_out, n_in]` and feedback weights `[n_in, n_out]` of a fully connected
    /// layer, counted from 0.
    pub fn weights(&self, layer: usize) -> (ArrayView2<'_, f32>, ArrayView2<'_, f32>) {
        let forward = self.network.forward_weight(FIRST_DENSE + layer);
        let feedback = match self.rule.backward(FIRST_DENSE + layer) {
            Backward::Transpose => forward.reversed_axes(),
            Backward::Weights(feedback) => feedback,
        };
        (forward, feedback)
    }

    /// How often each label `[label, answer]` was given each answer, in the testing that goes on or was
    /// the last.
    pub fn confusion(&self) -> ArrayView2<'_, u32> {
        self.confusion.view()
    }

    /// How probable the network, as it is now, holds each class for the first `count` test images,
    /// `[count, classes]`. Nothing learns from it.
    ///
    /// # Errors
    /// [`Error::Diverged`] when the answers are not finite.
    pub fn answers(&mut self, count: usize) -> Result<Array2<f32>, Error> {
        let count = count.min(self.test_total());
        gather(self.images.test(), 0..count, &mut self.pixels, &mut self.labels);
        self.answers.clear();
        self.network.evaluate(&self.pixels, &self.labels, &mut self.answers)?;
        let classes = self.network.classes();
        self.answers.chunks_exact_mut(classes).for_each(loss::softmax);
        Ok(Array2::from_shape_vec((count, classes), self.answers.clone())
            .expect("an image has as many answers as there are classes"))
    }

    fn examples(&self) -> usize {
        (self.epoch - 1) * self.order.len() + self.trained
    }

    fn simulated_seconds(&self) -> f64 {
        self.simulated_steps as f64 / spiking::phase::STEPS_PER_SECOND
    }

    fn test_total(&self) -> usize {
        self.configuration.test_examples.min(self.images.test().len())
    }

    fn begin_epoch(&mut self) -> Result<(), Error> {
        if self.epoch == self.configuration.epochs {
            self.stage = Stage::Done;
            return Ok(());
        }
        self.epoch += 1;
        self.trained = 0;
        self.order.shuffle(&mut self.order_generator);
        self.layers_after_spiking.clear();
        self.stage = Stage::Training;
        if self.rule.uses_spikes() && self.configuration.rdd_seconds > 0.0 {
            let forward: Vec<_> = (0..self.layer_count())
                .map(|layer| self.network.forward_weight(FIRST_DENSE + layer))
                .collect();
            self.spiking.begin(&forward, self.configuration.rdd_seconds)?;
            self.stage = Stage::Spiking;
        }
        Ok(())
    }

    fn advance_spiking(&mut self, layers: &mut Option<Vec<LayerAlignment>>) -> Result<(), Error> {
        let advance = self.spiking.advance(SPIKING_CHUNK);
        self.simulated_steps += advance.steps;
        if let Some(pair) = advance.write_back {
            self.rule.after_spikes(FIRST_DENSE + pair, self.spiking.causal_effects(pair).view());
            *layers = Some(self.layers());
        }
        if self.spiking.steps_done() == self.spiking.steps_total() {
            self.layers_after_spiking = self.layers();
            self.stage = Stage::Training;
        }
        Ok(())
    }

    fn advance_training(&mut self) -> Result<(), Error> {
        let before = self.trained;
        let left = self.order.len() - before;
        // A batch of one has no variance to normalise by, so a last lone image joins the batch before it.
        let count = match self.configuration.batch_size {
            size if left <= size + 1 => left,
            size => size,
        };
        let chosen = &self.order[before..before + count];
        gather(
            self.images.train(),
            chosen.iter().map(|&index| index as usize),
            &mut self.pixels,
            &mut self.labels,
        );
        let Configuration { learning_rate, momentum, record_every, .. } = self.configuration;
        self.trained += count;
        let due = record_every > 0 && self.trained / record_every > before / record_every
            || self.trained == self.order.len();
        let sgd = Sgd { learning_rate, momentum };
        let Self { network, rule, pixels, labels, .. } = self;
        let measured = network.forward(pixels, labels)?;
        if due {
            self.gradient_angles = gradient_angles(network, labels, rule.as_ref())?;
        }
        network.backward(labels, rule.as_ref())?;
        network.update(rule.as_mut(), sgd);
        self.since_record += measured;
        if due {
            self.stage = Stage::Testing;
            self.tested = 0;
            self.test = Measured::default();
            self.confusion.fill(0);
        }
        Ok(())
    }

    fn advance_testing(&mut self, records: &mut Vec<Record>) -> Result<(), Error> {
        let chosen = self.tested..(self.tested + TESTING_CHUNK).min(self.test_total());
        self.tested = chosen.end;
        gather(self.images.test(), chosen, &mut self.pixels, &mut self.labels);
        self.answers.clear();
        self.test += self.network.evaluate(&self.pixels, &self.labels, &mut self.answers)?;
        let answers = self.answers.chunks_exact(self.network.classes());
        for (answer, &label) in answers.zip(&self.labels) {
            self.confusion[[usize::from(label), loss::answer(answer)]] += 1;
        }
        if self.tested == self.test_total() {
            records.push(self.record());
            self.since_record = Measured::default();
            self.stage = Stage::Training;
            if self.trained == self.order.len() {
                self.begin_epoch()?;
            }
        }
        Ok(())
    }

    fn record(&self) -> Record {
        Record {
            rule: self.configuration.rule,
            seed: self.configuration.seed,
            epoch: self.epoch,
            examples: self.examples(),
            train_loss: self.since_record.loss(),
            train_accuracy: self.since_record.accuracy(),
            test_loss: self.test.loss(),
            test_accuracy: self.test.accuracy(),
            simulated_seconds: self.simulated_seconds(),
            layers: self.layers(),
            layers_after_spiking: self.layers_after_spiking.clone(),
            gradient_angles: self.gradient_angles.clone(),
        }
    }
}

/// The angles between the gradients of `rule` and of backpropagation for the batch that went forward last.
/// What is left in the network are those of backpropagation.
fn gradient_angles(network: &mut Network, labels: &[u8], rule: &dyn Rule) -> Result<Vec<f64>, Error> {
    network.backward(labels, rule)?;
    let of_rule: [Array2<f32>; LAYERS] = std::array::from_fn(|layer| network.gradient(layer).to_owned());
    network.backward(labels, &Backpropagation)?;
    let angles = (0..).zip(&of_rule).map(|(layer, of_rule)| angle(of_rule.view(), network.gradient(layer)));
    Ok(angles.collect())
}

/// Copies the `chosen` images of a split into the network's input.
fn gather(
    split: &data::Split,
    chosen: impl Iterator<Item = usize>,
    pixels: &mut Vec<f32>,
    labels: &mut Vec<u8>,
) {
    pixels.clear();
    labels.clear();
    for index in chosen {
        let image = split.image(index);
        let start = pixels.len();
        pixels.resize(start + image.len(), 0.0);
        data::normalise(image, &mut pixels[start..]);
        labels.push(split.label(index));
    }
}
