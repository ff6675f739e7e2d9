//! The schedule that ties everything together, and the records that it yields.
//!
//! ```text
//! epoch:  measurement (if the rule has one) ─▶ training ─▶ testing ─▶ a record
//!                                               ▲              │
//!                                               └──────────────┘ every `record_every` images
//! ```
//!
//! The caller requests work in chunks, so that a worker can pause, report and stop. Between any two chunks an
//! experiment can be saved, and resumed elsewhere: see [`checkpoint`](crate::checkpoint).

mod batch;
pub mod files;
mod record;
pub mod view;

pub use record::{Measured, Progress, Record, Stage};

use batch::{Batch, split_lengths};
use record::balanced_accuracy;

use crate::{
    Error,
    alignment::{LayerAlignment, angle_between, layer_name},
    configuration::Configuration,
    data::Images,
    feedback::{
        self, Backpropagation, Backward, Description, FeedbackLayers, Noise, Restricted, Rule, with_sign,
    },
    measurement::{self, Measurement, Steps, spiking_phase::STEPS_PER_SECOND},
    network::{self, DENSE, LAYERS, Network, Sgd, loss, noise::Probe},
    random::{Generator, Stream, batch_generator, generator},
    spiking::Confounding,
    state,
};
use ndarray::{Array2, ArrayView2, CowArray, Ix2, Zip};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};
use std::{ops::Range, sync::Arc};

/// Test images in one chunk of testing.
pub(crate) const TESTING_CHUNK: usize = 100;

/// One network that learns by one rule.
///
/// ```
/// use spikealign::{configuration::Configuration, data::Images, experiment::Experiment};
/// use std::sync::Arc;
///
/// let configuration = Configuration {
///     net: "4,8,16,12".parse()?,
///     epochs: 1,
///     examples: 64,
///     test_examples: 20,
///     rdd_seconds: 1.0,
///     ..Default::default()
/// };
/// let mut experiment = Experiment::new(configuration, Arc::new(Images::garments(1, 64, 20)))?;
/// let progress = experiment.advance(usize::MAX)?;
/// assert_eq!(progress.records.len(), 1);
/// # Ok::<(), spikealign::Error>(())
/// ```
pub struct Experiment {
    pub(crate) configuration: Configuration,
    pub(crate) images: Arc<Images>,
    /// Identifies the images: see [`Images::checksum`].
    pub(crate) checksum: u32,
    pub(crate) network: Network,
    pub(crate) rule: Box<dyn Rule>,
    /// The noise that the rule learns from after each update, if any.
    noise: Option<Noise>,
    /// What fills the feedback weights before each epoch, if anything.
    pub(crate) measurement: Option<Box<dyn Measurement>>,
    /// The layers that it measures.
    pub(crate) measured_layers: Range<usize>,
    pub(crate) course: Course,
    pub(crate) records: Vec<Record>,
    /// Why it cannot continue, once it has failed.
    pub(crate) failure: Option<Error>,
    /// Logits of the test images of one chunk.
    answers: Vec<f32>,
    /// Input of the network.
    batch: Batch,
    probe: Probe,
}

/// How far an experiment has come in its schedule, and what it has measured since its last record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Course {
    /// The training images in the order of this epoch.
    pub(crate) order: Vec<u32>,
    pub(crate) order_generator: Generator,
    pub(crate) noise_generator: Generator,
    pub(crate) stage: Stage,
    pub(crate) epoch: usize,
    /// Training images seen in this epoch.
    pub(crate) trained: usize,
    /// Test images seen in this stage.
    pub(crate) tested: usize,
    pub(crate) since_record: network::Measured,
    pub(crate) test: network::Measured,
    /// More than 32 bits: the longest experiment simulates 36 million seconds.
    pub(crate) simulated_steps: u64,
    pub(crate) layers_after_spiking: Vec<LayerAlignment>,
    pub(crate) gradient_angles: Vec<f64>,
    /// Answers to the test images of this stage: `[label, answer]`.
    pub(crate) confusion: Vec<u32>,
}

impl Experiment {
    /// Prepares a network, its rule and its first epoch. `examples` and `test_examples` larger than
    /// the data set are cut to it.
    ///
    /// # Errors
    /// [`Error::Setting`] for a setting out of range, [`Error::Shape`] for images too small for the
    /// network, [`Error::Data`] for a data set with too few images.
    pub fn new(configuration: Configuration, images: Arc<Images>) -> Result<Self, Error> {
        let rule = configuration.rule.description()?;
        Self::with_rule(configuration, images, rule)
    }

    /// The same with a custom rule, which need not be in the list. The settings take its name.
    ///
    /// # Errors
    /// As [`Experiment::new`].
    pub fn with_rule(
        configuration: Configuration,
        images: Arc<Images>,
        rule: &Description,
    ) -> Result<Self, Error> {
        let configuration = Configuration { rule: rule.name.into(), ..configuration };
        let mut experiment = Self::prepare(configuration, images, rule)?;
        experiment.begin_epoch()?;
        Ok(experiment)
    }

    /// An experiment before its first epoch.
    pub(crate) fn prepare(
        configuration: Configuration,
        images: Arc<Images>,
        description: &Description,
    ) -> Result<Self, Error> {
        configuration.validate_with(Some(description))?;
        let seed = configuration.seed;
        let classes = images.classes().len();
        // The images need not be those that the settings name.
        configuration.check_memory(Some(description), images.shape(), classes)?;
        let mut network = Network::new(
            configuration.net,
            images.shape(),
            classes,
            &mut generator(seed, Stream::ForwardWeights),
        )?;
        network.set_double_softmax(configuration.double_softmax);
        let shapes = network.feedback_shapes();
        let random = feedback::random_weights(&shapes, &mut generator(seed, Stream::FeedbackWeights));
        let settings = configuration.rule_settings.of(description);
        let inputs = (0..LAYERS).map(|layer| network.inputs(layer)).collect();
        let setup = feedback::Setup { feedback: random.clone(), inputs, classes, seed, settings };
        let noise = description.noise.map(|noise| noise(settings));
        let rule = (description.create)(setup);
        let (rule, measured_layers) = match configuration.feedback_layers {
            FeedbackLayers::All => (rule, 0..LAYERS),
            FeedbackLayers::Dense => (Box::new(Restricted::new(rule, DENSE, random)) as Box<dyn Rule>, DENSE),
        };
        let setup = measurement::Setup {
            shapes: &shapes[measured_layers.clone()],
            seconds: configuration.rdd_seconds,
            estimator: configuration.estimator,
            confounding: Confounding {
                shared: configuration.confounding,
                gain: configuration.confounding_gain,
            },
            seed,
        };
        let measures = configuration.rdd_seconds > 0.0;
        let create = description.measurement.filter(|_| measures);
        let measurement = create.map(|create| create(&setup)).transpose()?;
        let (train_len, test_len) = split_lengths(&configuration, &images);
        let examples = configuration.examples.min(train_len);
        if examples < configuration.batch_size || test_len == 0 {
            return Err(Error::Data {
                name: "The data set".into(),
                problem: format!(
                    "{train_len} training and {test_len} {} images are too few: at least one batch of {} and one to test \
                     with are needed",
                    if configuration.validation { "validation" } else { "test" },
                    configuration.batch_size
                ),
            });
        }
        // Those to validate with are among the training images.
        let checksum = match configuration.validation {
            true => images.checksum(images.train().len(), 0),
            false => images.checksum(examples, configuration.test_examples),
        };
        let course = Course {
            order: (0..examples as u32).collect(),
            order_generator: generator(seed, Stream::Order),
            noise_generator: generator(seed, Stream::Noise),
            stage: Stage::Training,
            epoch: 0,
            trained: 0,
            tested: 0,
            since_record: network::Measured::default(),
            test: network::Measured::default(),
            simulated_steps: 0,
            layers_after_spiking: Vec::new(),
            gradient_angles: Vec::new(),
            confusion: vec![0; classes * classes],
        };
        Ok(Self {
            checksum,
            rule,
            noise,
            measurement,
            measured_layers,
            course,
            records: Vec::new(),
            failure: None,
            answers: Vec::new(),
            batch: Batch::default(),
            probe: Probe::default(),
            configuration,
            images,
            network,
        })
    }

    /// The settings.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Changes the number of epochs in all, also of an experiment that is done.
    ///
    /// # Errors
    /// [`Error::Setting`] when `epochs` is out of range, or fewer than have begun.
    pub fn set_epochs(&mut self, epochs: usize) -> Result<(), Error> {
        let configuration = Configuration { epochs, ..self.configuration.clone() };
        configuration.validate_with(None)?;
        if epochs < self.course.epoch {
            return Err(Error::Setting {
                field: "epochs".into(),
                value: epochs.to_string(),
                range: format!("at least {}: that epoch has begun", self.course.epoch),
            });
        }
        self.configuration = configuration;
        if self.course.stage == Stage::Done { self.begin_epoch() } else { Ok(()) }
    }

    /// Does at most `chunks` chunks of work, a few milliseconds each: a training batch, 100 ms of
    /// simulated spiking, or 100 test images.
    ///
    /// # Errors
    /// [`Error::Diverged`] when a learned or measured value is not finite or is huge. The experiment has then ended:
    /// later calls return the same error.
    pub fn advance(&mut self, chunks: usize) -> Result<Progress, Error> {
        let before = self.records.len();
        let mut measured = Vec::new();
        for _ in 0..chunks {
            if self.failure.is_some() {
                break;
            }
            let advanced = match self.course.stage {
                Stage::Spiking => self.advance_measurement(&mut measured),
                Stage::Training => self.advance_training(),
                Stage::Testing => self.advance_testing(),
                Stage::Done => break,
            };
            self.failure = advanced.err();
        }
        let records = self.records[before..].to_vec();
        // Records from before a failure are not lost: the next call reports it.
        if let (Some(failure), []) = (&self.failure, &records[..]) {
            return Err(failure.clone());
        }
        let course = &self.course;
        let steps =
            self.measurement.as_ref().map_or(Steps { done: 0, total: 0, phase: 0 }, |one| one.steps());
        let (done, total) = match course.stage {
            Stage::Spiking => (steps.done, steps.total),
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
            measured,
            records,
        })
    }

    /// All records so far.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How all layers are aligned now, by every measure.
    pub fn layers(&self) -> Vec<LayerAlignment> {
        let layers = (0..self.layer_count()).map(|layer| match self.weights(layer) {
            (forward, Some(feedback)) => LayerAlignment::between(forward, feedback.view()),
            (forward, None) => LayerAlignment::of_none(forward),
        });
        layers.collect()
    }

    /// The names of the layers that have an error to send down, from the bottom: see [`layer_name`].
    pub fn layer_names(&self) -> Vec<String> {
        self.network.feedback_shapes().into_iter().map(layer_name).collect()
    }

    /// How many layers there are that have an error to send down.
    pub fn layer_count(&self) -> usize {
        LAYERS
    }

    /// Forward weights `[n_out, n_in]` and feedback weights `[n_in, n_out]` of a layer, counted from 0 at the bottom:
    /// the second convolution, and then the fully connected ones. There are no feedback weights of a layer where the
    /// error comes straight from the output.
    pub fn weights(&self, layer: usize) -> (ArrayView2<'_, f32>, Option<CowArray<'_, f32, Ix2>>) {
        let forward = self.network.forward_weight(layer);
        let feedback = match self.rule.backward(layer) {
            Backward::Transpose => Some(forward.reversed_axes().into()),
            Backward::Weights(feedback) => Some(feedback.into()),
            Backward::Signs(sizes) => {
                let signs =
                    Zip::from(sizes).and(forward.t()).map_collect(|&size, &weight| with_sign(size, weight));
                Some(signs.into())
            }
            Backward::Direct(..) => None,
        };
        (forward, feedback)
    }

    /// The effects `[n_in, n_out]` of a layer as measured so far, 0 where never estimated; none outside of a phase of
    /// measurement or before its first step, and for a layer that is not measured.
    fn effects(&self, layer: usize) -> Option<Array2<f32>> {
        let measures = self.course.stage == Stage::Spiking && self.measured_layers.contains(&layer);
        let measurement = self.measurement.as_ref().filter(|one| measures && one.steps().done > 0)?;
        Some(measurement.effects(layer - self.measured_layers.start))
    }

    /// How often each label got each answer, `[label, answer]`, in the current or last testing.
    pub fn confusion(&self) -> ArrayView2<'_, u32> {
        ArrayView2::from_shape([self.network.classes(); 2], &self.course.confusion)
            .expect("there is a count for every two classes")
    }

    /// The current probabilities of the classes for the first `count` test images, `[count, classes]`. Nothing learns
    /// from this.
    ///
    /// # Errors
    /// [`Error::Diverged`] when the answers are not finite.
    pub fn answers(&mut self, count: usize) -> Result<Array2<f32>, Error> {
        let count = count.min(self.test_total());
        self.batch.test(&self.configuration, &self.images, 0..count);
        self.probabilities()?;
        Ok(Array2::from_shape_vec((count, self.network.classes()), self.answers.clone())
            .expect("an image has as many answers as there are classes"))
    }

    /// The probabilities of the classes for an image of one's own, `[rows, columns, channels]`.
    ///
    /// # Errors
    /// [`Error::Shape`] for an image of another size; [`Error::Diverged`] when the answers are not finite.
    pub fn answer(&mut self, image: &[u8]) -> Result<Vec<f32>, Error> {
        self.batch.alone(&self.images, image);
        self.probabilities()?;
        Ok(self.answers.clone())
    }

    /// Has the network answer the images of the batch.
    fn probabilities(&mut self) -> Result<(), Error> {
        self.answers.clear();
        self.network.evaluate(&self.batch.pixels, &self.batch.labels, &mut self.answers)?;
        self.answers.chunks_exact_mut(self.network.classes()).for_each(loss::softmax);
        Ok(())
    }

    pub(crate) fn test_total(&self) -> usize {
        self.configuration.test_examples.min(split_lengths(&self.configuration, &self.images).1)
    }

    fn begin_epoch(&mut self) -> Result<(), Error> {
        let Self { configuration, network, measurement, measured_layers, course, .. } = self;
        if course.epoch == configuration.epochs {
            course.stage = Stage::Done;
            return Ok(());
        }
        course.epoch += 1;
        course.trained = 0;
        course.order.shuffle(&mut course.order_generator);
        course.layers_after_spiking.clear();
        course.stage = Stage::Training;
        if let Some(measurement) = measurement {
            measurement.begin(&network.forward_weights(measured_layers.clone()))?;
            course.stage = Stage::Spiking;
        }
        Ok(())
    }

    fn advance_measurement(&mut self, measured: &mut Vec<Measured>) -> Result<(), Error> {
        let Self { measurement, course, .. } = self;
        let Some(measurement) = measurement else { return Ok(()) };
        let advance = measurement.advance();
        course.simulated_steps += advance.steps as u64;
        let Steps { done, total, .. } = measurement.steps();
        if let Some(index) = advance.write_back {
            let effects = measurement.effects(index);
            if !effects.iter().all(|effect| effect.is_finite()) {
                return Err(Error::Diverged { what: "a causal effect" });
            }
            let layer = self.measured_layers.start + index;
            self.rule.after_measurement(layer, effects.view());
            // Only this layer has changed; costly measures can wait for the record.
            if let (forward, Some(feedback)) = self.weights(layer) {
                let alignment = LayerAlignment::between_entries(forward, feedback.view());
                measured.push(Measured { layer, alignment });
            }
        }
        if done == total {
            self.course.layers_after_spiking = self.layers();
            self.course.stage = Stage::Training;
        }
        Ok(())
    }

    fn advance_training(&mut self) -> Result<(), Error> {
        let Self {
            configuration, images, network, rule, noise, measured_layers, course, batch, probe, ..
        } = self;
        let Configuration {
            learning_rate, momentum, weight_decay, record_every, batch_size, augment, ..
        } = *configuration;
        // Learned numbers are of single precision.
        let [learning_rate, momentum, weight_decay] =
            [learning_rate, momentum, weight_decay].map(|number| number as f32);
        let weight_decay = rule.weight_decay(course.epoch).unwrap_or(weight_decay);
        let before = course.trained;
        let left = course.order.len() - before;
        // A batch of one has no variance to normalise by, so a last lone image joins the batch before it.
        let count = if left <= batch_size + 1 { left } else { batch_size };
        let chosen = &course.order[before..before + count];
        let chosen = chosen.iter().map(|&index| index as usize);
        let seen = course.examples() as u64;
        let augmentation =
            augment.then(|| batch_generator(configuration.seed, Stream::Augmentation, 0, seen));
        batch.train(images, chosen, augmentation);
        let Batch { pixels, labels, .. } = batch;
        course.trained += count;
        let due = record_every > 0 && course.trained / record_every > before / record_every
            || course.trained == course.order.len();
        let measured = network.forward(pixels, labels)?;
        if due {
            course.gradient_angles = gradient_angles(network, labels, rule.as_ref())?;
        }
        network.backward(labels, rule.as_ref())?;
        network.update(rule.as_mut(), Sgd { learning_rate, momentum, weight_decay });
        if let Some(noise) = *noise {
            for layer in measured_layers.clone() {
                probe.send(network, layer, noise, &mut course.noise_generator);
                rule.after_noise(layer, probe.response());
            }
        }
        course.since_record += measured;
        if due {
            course.stage = Stage::Testing;
            course.tested = 0;
            course.test = network::Measured::default();
            course.confusion.fill(0);
        }
        Ok(())
    }

    fn advance_testing(&mut self) -> Result<(), Error> {
        let total = self.test_total();
        let Self { configuration, images, network, course, answers, batch, .. } = self;
        let chosen = course.tested..(course.tested + TESTING_CHUNK).min(total);
        course.tested = chosen.end;
        batch.test(configuration, images, chosen);
        let Batch { pixels, labels, .. } = batch;
        answers.clear();
        course.test += network.evaluate(pixels, labels, answers)?;
        let classes = network.classes();
        for (answer, &label) in answers.chunks_exact(classes).zip(&*labels) {
            course.confusion[usize::from(label) * classes + loss::answer(answer)] += 1;
        }
        if course.tested == total {
            let record = self.record()?;
            self.records.push(record);
            self.course.since_record = network::Measured::default();
            self.course.stage = Stage::Training;
            if self.course.trained == self.course.order.len() {
                self.begin_epoch()?;
            }
        }
        Ok(())
    }

    /// What the network and the rule have learned can be told and kept.
    pub(crate) fn check_finite(&mut self) -> Result<(), Error> {
        let learned = [
            ("a weight", state::is_finite(&mut self.network)),
            ("a feedback weight", state::is_finite(&mut *self.rule)),
        ];
        match learned.into_iter().find(|(_, is_finite)| !is_finite) {
            Some((what, _)) => Err(Error::Diverged { what }),
            None => Ok(()),
        }
    }

    fn record(&mut self) -> Result<Record, Error> {
        self.check_finite()?;
        let Self { configuration, course, .. } = &*self;
        let record = Record {
            rule: configuration.rule.clone(),
            seed: configuration.seed,
            epoch: course.epoch,
            examples: course.examples(),
            train_loss: course.since_record.loss(),
            train_accuracy: course.since_record.accuracy(),
            test_loss: course.test.loss(),
            test_accuracy: course.test.accuracy(),
            test_balanced_accuracy: balanced_accuracy(self.confusion()),
            simulated_seconds: course.simulated_seconds(),
            layers: self.layers(),
            layers_after_spiking: course.layers_after_spiking.clone(),
            gradient_angles: course.gradient_angles.clone(),
            // The settings whose last record is this one.
            configuration: Configuration { epochs: course.epoch, ..configuration.clone() },
        };
        if record.is_finite() { Ok(record) } else { Err(Error::Diverged { what: "a measure" }) }
    }
}

impl Course {
    /// Training images seen so far, over all epochs.
    pub(crate) fn examples(&self) -> usize {
        (self.epoch - 1) * self.order.len() + self.trained
    }

    /// Seconds simulated in spiking phases so far.
    fn simulated_seconds(&self) -> f64 {
        self.simulated_steps as f64 / STEPS_PER_SECOND
    }
}

/// The angles between the gradients of `rule` and of backpropagation for the batch that went forward last. The network
/// is left with those of backpropagation.
fn gradient_angles(network: &mut Network, labels: &[u8], rule: &dyn Rule) -> Result<Vec<f64>, Error> {
    network.backward(labels, rule)?;
    let of_rule: [Array2<f32>; LAYERS] = std::array::from_fn(|layer| network.gradient(layer).to_owned());
    network.backward(labels, &Backpropagation)?;
    let angles =
        (0..).zip(&of_rule).map(|(layer, of_rule)| angle_between(of_rule.view(), network.gradient(layer)));
    Ok(angles.collect())
}
