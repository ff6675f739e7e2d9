//! The schedule that ties everything together, and the records that it yields.
//!
//! ```text
//! epoch:  spiking phase (if the rule uses spikes) ─▶ training ─▶ testing ─▶ a record
//!                                                     ▲              │
//!                                                     └──────────────┘ every `record_every` images
//! ```
//!
//! Work is done in chunks that the caller asks for, so that a worker can pause, report and stop. Between
//! any two chunks an experiment can be saved, and go on elsewhere: see [`checkpoint`].

pub mod checkpoint;
mod record;

pub use record::{Progress, Record, Stage};

use crate::{
    Error,
    alignment::{LayerAlignment, angle, layer_name},
    configuration::Configuration,
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

/// One network that learns by one rule.
pub struct Experiment {
    configuration: Configuration,
    images: Arc<Images>,
    /// What tells these images from others: see [`Images::checksum`].
    checksum: u32,
    network: Network,
    rule: Box<dyn Rule>,
    spiking: spiking::Phase,
    course: Course,
    records: Vec<Record>,
    /// Why it cannot go on, once that is so.
    failure: Option<Error>,
    /// Logits of the test images of one chunk.
    answers: Vec<f32>,
    /// Input of the network, one batch.
    pixels: Vec<f32>,
    labels: Vec<u8>,
}

/// How far an experiment has come in its schedule, and what it has measured since its last record.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Course {
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
    /// More than 32 bits: the longest experiment simulates 36 million seconds.
    simulated_steps: u64,
    layers_after_spiking: Vec<LayerAlignment>,
    gradient_angles: Vec<f64>,
    /// Answers to the test images of this stage: `[label, answer]`.
    confusion: Vec<u32>,
}

impl Experiment {
    /// Prepares a network, its rule and its first epoch. `examples` and `test_examples` larger than
    /// the data set are cut to it.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting out of range, [`Error::Shape`] for images too small for the
    /// network, [`Error::Data`] for a data set with too few images.
    pub fn new(configuration: Configuration, images: Arc<Images>) -> Result<Self, Error> {
        let mut experiment = Self::prepare(configuration, images)?;
        experiment.begin_epoch()?;
        Ok(experiment)
    }

    /// An experiment before its first epoch.
    fn prepare(configuration: Configuration, images: Arc<Images>) -> Result<Self, Error> {
        configuration.validate()?;
        let seed = configuration.seed;
        let size = [images.rows(), images.columns()];
        let classes = images.classes().len();
        let network =
            Network::new(configuration.net, size, classes, &mut generator(seed, Stream::ForwardWeights))?;
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
        let populations: Vec<usize> =
            network.feedback_shapes()[FIRST_DENSE..].iter().map(|shape| shape[0]).chain([classes]).collect();
        let course = Course {
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
            confusion: vec![0; classes * classes],
        };
        Ok(Self {
            checksum: images.checksum(examples, configuration.test_examples),
            rule: feedback::rule(configuration.rule, random),
            spiking: spiking::Phase::with_estimator(&populations, configuration.estimator, seed)?,
            course,
            records: Vec::new(),
            failure: None,
            answers: Vec::new(),
            pixels: Vec::new(),
            labels: Vec::new(),
            configuration,
            images,
            network,
        })
    }

    /// The settings.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Goes on until there were so many epochs in all, also if all that were asked for are over.
    ///
    /// # Errors
    /// [`Error::Setting`] when `epochs` is out of range, or fewer than have begun.
    pub fn set_epochs(&mut self, epochs: usize) -> Result<(), Error> {
        let configuration = Configuration { epochs, ..self.configuration.clone() };
        configuration.validate()?;
        if epochs < self.course.epoch {
            return Err(Error::Setting {
                field: "epochs",
                value: epochs.to_string(),
                range: format!("at least {}: so many have begun", self.course.epoch),
            });
        }
        self.configuration = configuration;
        if self.course.stage == Stage::Done { self.begin_epoch() } else { Ok(()) }
    }

    /// Does at most so many chunks of work, a few milliseconds each: a training batch, 100 ms of
    /// simulated spiking, or 100 test images.
    ///
    /// # Errors
    /// [`Error::Diverged`] when what is learned or measured is no longer a sensible number. The
    /// experiment has ended then, and says so again whenever it is asked to advance.
    pub fn advance(&mut self, chunks: usize) -> Result<Progress, Error> {
        let before = self.records.len();
        let mut layers = None;
        for _ in 0..chunks {
            if self.failure.is_some() {
                break;
            }
            let advanced = match self.course.stage {
                Stage::Spiking => self.advance_spiking(&mut layers),
                Stage::Training => self.advance_training(),
                Stage::Testing => self.advance_testing(),
                Stage::Done => break,
            };
            self.failure = advanced.err();
        }
        let records = self.records[before..].to_vec();
        // Records from before a failure are not lost: then the next call tells of it.
        if let (Some(failure), []) = (&self.failure, &records[..]) {
            return Err(failure.clone());
        }
        let course = &self.course;
        let (done, total) = match course.stage {
            Stage::Spiking => (self.spiking.steps_done(), self.spiking.steps_total()),
            Stage::Training => (course.trained, course.order.len()),
            Stage::Testing => (course.tested, self.test_total()),
            Stage::Done => (1, 1),
        };
        Ok(Progress {
            stage: course.stage,
            epoch: course.epoch,
            done,
            total,
            examples: course.examples(),
            simulated_seconds: course.simulated_seconds(),
            layers,
            records,
        })
    }

    /// All records so far.
    pub fn records(&self) -> &[Record] {
        &self.records
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

    /// The names of the fully connected layers: see [`layer_name`].
    pub fn layer_names(&self) -> Vec<String> {
        self.network.feedback_shapes()[FIRST_DENSE..].iter().map(|&shape| layer_name(shape)).collect()
    }

    /// How many fully connected layers there are.
    pub fn layer_count(&self) -> usize {
        LAYERS - FIRST_DENSE
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
        ArrayView2::from_shape([self.network.classes(); 2], &self.course.confusion)
            .expect("there is a count for every two classes")
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

    fn test_total(&self) -> usize {
        self.configuration.test_examples.min(self.images.test().len())
    }

    /// Whether there is a spiking phase before each epoch.
    fn has_spiking_phase(&self) -> bool {
        self.rule.uses_spikes() && self.configuration.rdd_seconds > 0.0
    }

    fn begin_epoch(&mut self) -> Result<(), Error> {
        let spikes = self.has_spiking_phase();
        let Self { configuration, network, course, .. } = self;
        if course.epoch == configuration.epochs {
            course.stage = Stage::Done;
            return Ok(());
        }
        course.epoch += 1;
        course.trained = 0;
        course.order.shuffle(&mut course.order_generator);
        course.layers_after_spiking.clear();
        course.stage = Stage::Training;
        if spikes {
            self.spiking.begin(&dense_weights(network), configuration.rdd_seconds)?;
            course.stage = Stage::Spiking;
        }
        Ok(())
    }
    fn advance_spiking(&mut self, layers: &mut Option<Vec<LayerAlignment>>) -> Result<(), Error> {
        let advance = self.spiking.advance(SPIKING_CHUNK);
        self.course.simulated_steps += advance.steps as u64;
        if let Some(pair) = advance.write_back {
            let effects = self.spiking.causal_effects(pair);
            if !effects.iter().all(|effect| effect.is_finite()) {
                return Err(Error::Diverged { what: "a causal effect" });
            }
            self.rule.after_spikes(FIRST_DENSE + pair, effects.view());
            *layers = Some(self.layers());
        }
        if self.spiking.steps_done() == self.spiking.steps_total() {
            self.course.layers_after_spiking = self.layers();
            self.course.stage = Stage::Training;
        }
        Ok(())
    }

    fn advance_training(&mut self) -> Result<(), Error> {
        let Self { configuration, images, network, rule, course, pixels, labels, .. } = self;
        let Configuration { learning_rate, momentum, record_every, batch_size, .. } = *configuration;
        let before = course.trained;
        let left = course.order.len() - before;
        // A batch of one has no variance to normalise by, so a last lone image joins the batch before it.
        let count = if left <= batch_size + 1 { left } else { batch_size };
        let chosen = &course.order[before..before + count];
        gather(images.train(), chosen.iter().map(|&index| index as usize), pixels, labels);
        course.trained += count;
        let due = record_every > 0 && course.trained / record_every > before / record_every
            || course.trained == course.order.len();
        let measured = network.forward(pixels, labels)?;
        if due {
            course.gradient_angles = gradient_angles(network, labels, rule.as_ref())?;
        }
        network.backward(labels, rule.as_ref())?;
        network.update(rule.as_mut(), Sgd { learning_rate, momentum });
        course.since_record += measured;
        if due {
            course.stage = Stage::Testing;
            course.tested = 0;
            course.test = Measured::default();
            course.confusion.fill(0);
        }
        Ok(())
    }

    fn advance_testing(&mut self) -> Result<(), Error> {
        let total = self.test_total();
        let Self { images, network, course, answers, pixels, labels, .. } = self;
        let chosen = course.tested..(course.tested + TESTING_CHUNK).min(total);
        course.tested = chosen.end;
        gather(images.test(), chosen, pixels, labels);
        answers.clear();
        course.test += network.evaluate(pixels, labels, answers)?;
        let classes = network.classes();
        for (answer, &label) in answers.chunks_exact(classes).zip(&*labels) {
            course.confusion[usize::from(label) * classes + loss::answer(answer)] += 1;
        }
        if course.tested == total {
            self.records.push(self.record()?);
            self.course.since_record = Measured::default();
            self.course.stage = Stage::Training;
            if self.course.trained == self.course.order.len() {
                self.begin_epoch()?;
            }
        }
        Ok(())
    }

    fn record(&self) -> Result<Record, Error> {
        let Self { configuration, course, .. } = self;
        let record = Record {
            rule: configuration.rule,
            seed: configuration.seed,
            epoch: course.epoch,
            examples: course.examples(),
            train_loss: course.since_record.loss(),
            train_accuracy: course.since_record.accuracy(),
            test_loss: course.test.loss(),
            test_accuracy: course.test.accuracy(),
            simulated_seconds: course.simulated_seconds(),
            layers: self.layers(),
            layers_after_spiking: course.layers_after_spiking.clone(),
            gradient_angles: course.gradient_angles.clone(),
        };
        if !self.network.is_finite() {
            return Err(Error::Diverged { what: "a weight" });
        }
        if record.is_finite() { Ok(record) } else { Err(Error::Diverged { what: "a measure" }) }
    }
}

impl Course {
    /// Training images seen so far, over all epochs.
    fn examples(&self) -> usize {
        (self.epoch - 1) * self.order.len() + self.trained
    }

    /// Seconds simulated in spiking phases so far.
    fn simulated_seconds(&self) -> f64 {
        self.simulated_steps as f64 / spiking::phase::STEPS_PER_SECOND
    }
}

/// The forward weights `[n_out, n_in]` of the fully connected layers.
fn dense_weights(network: &Network) -> Vec<ArrayView2<'_, f32>> {
    (FIRST_DENSE..LAYERS).map(|layer| network.forward_weight(layer)).collect()
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
