//! Checkpoints: an experiment as bytes, to go on from later, here or elsewhere.
//!
//! An experiment that goes on from a checkpoint yields the very records, bit for bit, that it would have
//! yielded without; the checkpoint may lie between any two chunks of work. What is kept is all that
//! cannot be computed anew: no images, no workspace, no matrix in the layout of one machine. So a
//! checkpoint of the native program goes on in a browser, and the other way round.
//!
//! ```text
//! "spikealign" │ version, u32 │ CRC-32 of what follows, u32 │ settings, records, course │ weights, …
//!                                                            ╰────── all that `read` needs ─╯
//! ```
//!
//! Both numbers have their lowest byte first; what follows is in the format of [`postcard`].
//!
//! The checksum finds damage, not malice, so nothing that is read is trusted: it is held against the
//! settings and the images before it is used. Reading takes no more memory than 200 times the length of
//! the bytes, whatever they claim, and then what an experiment of these settings takes, which
//! [`Configuration::validate`] bounds.
//!
//! The spiking rule takes 2.4 MB with the `scaled` network and 15 MB with the paper's, of which most are
//! estimates; the other rules take 0.9 MB and 4.8 MB. Saving and going on are a matter of milliseconds.

use super::{Course, Experiment, LAYERS, Record, Stage, TESTING_CHUNK, dense_weights};
use crate::{
    Error,
    alignment::LayerAlignment,
    configuration::Configuration,
    data::{CHECKSUM, Images},
    network::Measured,
    random,
    spiking::phase,
};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// What every checkpoint begins with.
const MAGIC: [u8; 10] = *b"spikealign";
/// The version of the format. It must change with any type that is saved.
const VERSION: u32 = 1;
/// Where the payload begins: after magic, version and checksum.
const PAYLOAD: usize = MAGIC.len() + 4 + 4;

/// What a checkpoint is of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checkpoint {
    /// The settings of the experiment.
    pub configuration: Configuration,
    /// What it was busy with.
    pub stage: Stage,
    /// The epoch, from 1.
    pub epoch: usize,
    /// Training images seen so far, over all epochs.
    pub examples: usize,
    /// All records so far.
    pub records: Vec<Record>,
}

/// Tells what a checkpoint is of, without images and without going on from it.
///
/// # Errors
/// [`Error::Checkpoint`] for bytes that are no checkpoint, are damaged, or are of another version;
/// [`Error::Setting`] for settings out of range.
pub fn read(bytes: &[u8]) -> Result<Checkpoint, Error> {
    let ((configuration, _, records, course), _) = decode_head(bytes)?;
    let (stage, epoch, examples) = (course.stage, course.epoch, course.examples());
    Ok(Checkpoint { configuration, stage, epoch, examples, records })
}

/// The first part of a checkpoint: the settings, what tells the images ([`Images::checksum`]), all
/// records, and the course.
type Head = (Configuration, u32, Vec<Record>, Course);

/// The rest: what [the network](crate::network::Network::learned) and [the rule](crate::feedback::Rule::learned) have
/// learned, and where there is a spiking phase, its state.
type Body = (Vec<f32>, Vec<f32>, Option<phase::State>);

impl Experiment {
    /// The experiment as bytes, from which [`Experiment::resume`] goes on.
    ///
    /// # Errors
    /// [`Error::Diverged`] when there is nothing to go on from.
    pub fn checkpoint(&self) -> Result<Vec<u8>, Error> {
        let Self { configuration, checksum, network, rule, spiking, course, records, failure, .. } = self;
        if let Some(failure) = failure {
            return Err(failure.clone());
        }
        if !network.is_finite() {
            return Err(Error::Diverged { what: "a weight" });
        }
        let feedback: Vec<f32> = rule.learned().iter().flatten().copied().collect();
        let spiking = self.has_spiking_phase().then(|| spiking.state());
        // The same as a `Head` and a `Body`, but of borrowed parts.
        encode((configuration, checksum, records, course), (network.learned().concat(), feedback, spiking))
    }

    /// Goes on from a checkpoint, with the images that it was made with.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are no checkpoint, are damaged, are of another version, or
    /// don't fit the images; otherwise as [`Experiment::new`].
    pub fn resume(bytes: &[u8], images: Arc<Images>) -> Result<Self, Error> {
        let ((configuration, checksum, records, course), rest) = decode_head(bytes)?;
        let ((network, feedback, spiking), rest) = decode::<Body>(rest)?;
        let mut experiment = Self::prepare(configuration, images)?;
        if checksum != experiment.checksum || course.order.len() != experiment.course.order.len() {
            return Err(problem("was made with other images; give those, or begin anew"));
        }
        if !rest.is_empty() || spiking.is_some() != experiment.has_spiking_phase() {
            return Err(unsound());
        }
        experiment.network.restore(&network)?;
        experiment.restore_feedback(&feedback)?;
        if let Some(state) = spiking {
            let forward = dense_weights(&experiment.network);
            experiment.spiking.restore(state, &forward, experiment.configuration.rdd_seconds)?;
        }
        experiment.course = course;
        experiment.records = records;
        if experiment.is_on_course() { Ok(experiment) } else { Err(unsound()) }
    }

    fn restore_feedback(&mut self, saved: &[f32]) -> Result<(), Error> {
        let own = self.rule.learned_mut();
        let count: usize = own.iter().map(|weights| weights.len()).sum();
        if saved.len() != count || !saved.iter().all(|weight| weight.is_finite()) {
            return Err(problem("holds feedback weights that are not those of its rule and network"));
        }
        own.iter_mut().flatten().zip(saved).for_each(|(own, &saved)| *own = saved);
        Ok(())
    }

    /// Whether an experiment of these settings can have come to where this one is.
    fn is_on_course(&self) -> bool {
        let Self { configuration, course, spiking, records, .. } = self;
        let Course { stage, epoch, trained, tested, since_record, test, .. } = *course;
        let (examples, test_total, batch) = (course.order.len(), self.test_total(), configuration.batch_size);

        let has_phase = self.has_spiking_phase();
        let phase = if has_phase { spiking.steps_in(configuration.rdd_seconds) } else { 0 };
        let phases_over = if stage == Stage::Spiking { epoch - 1 } else { epoch };
        let simulated = phases_over as u64 * phase as u64 + spiking.steps_done() as u64;

        let between_batches = trained.is_multiple_of(batch) && examples - trained > 1;
        let stage_is_sound = match stage {
            Stage::Spiking => has_phase && trained == 0,
            Stage::Training => between_batches,
            Stage::Testing => {
                (between_batches || trained == examples)
                    && since_record.examples > 0
                    && tested < test_total
                    && tested.is_multiple_of(TESTING_CHUNK)
                    && tested == test.examples
            }
            Stage::Done => epoch == configuration.epochs && trained == examples,
        };
        let is_measured = |measured: Measured, most: usize| {
            measured.correct <= measured.examples
                && measured.examples <= most
                && measured.loss_sum.is_finite()
        };
        let answers: u64 = course.confusion.iter().map(|&count| u64::from(count)).sum();
        let names = self.layer_names();
        let are_layers = |layers: &[LayerAlignment]| layers.iter().map(|layer| &layer.name).eq(&names);
        let may_be_layers = |layers: &[LayerAlignment]| layers.is_empty() || are_layers(layers);

        stage_is_sound
            && spiking.steps_total() == if stage == Stage::Spiking { phase } else { 0 }
            && course.simulated_steps == simulated
            && random::is_shuffled_range(&course.order)
            && random::is_alive(&course.order_generator)
            && is_measured(since_record, trained)
            && is_measured(test, test_total)
            && course.confusion.len() == self.network.classes() * self.network.classes()
            && answers == test.examples as u64
            && may_be_layers(&course.layers_after_spiking)
            && course.layers_after_spiking.iter().all(LayerAlignment::is_finite)
            && [0, LAYERS].contains(&course.gradient_angles.len())
            && course.gradient_angles.iter().all(|angle| angle.is_finite())
            && records.iter().all(|record| {
                are_layers(&record.layers)
                    && may_be_layers(&record.layers_after_spiking)
                    && record.gradient_angles.len() == LAYERS
            })
    }
}

/// Checks all of a head that can be checked without images.
fn check((configuration, _, records, course): &Head) -> Result<(), Error> {
    configuration.validate()?;
    let is_sound = (1..=configuration.epochs).contains(&course.epoch)
        && course.order.len() <= configuration.examples
        && course.trained <= course.order.len()
        && records.iter().all(|record| {
            (record.rule, record.seed) == (configuration.rule, configuration.seed)
                && (1..=course.epoch).contains(&record.epoch)
                && record.examples <= course.examples()
                && record.is_finite()
        });
    if is_sound { Ok(()) } else { Err(unsound()) }
}

/// The two parts of a checkpoint, in the format of the file.
fn encode(head: impl Serialize, body: impl Serialize) -> Result<Vec<u8>, Error> {
    let mut bytes = postcard::to_allocvec(&(MAGIC, VERSION.to_le_bytes(), [0; 4], head, body))
        .map_err(|error| problem(format!("cannot be written: {error}")))?;
    let (start, payload) = bytes.split_at_mut(PAYLOAD);
    start[PAYLOAD - 4..].copy_from_slice(&CHECKSUM.checksum(payload).to_le_bytes());
    Ok(bytes)
}

/// What follows the checksum of an undamaged checkpoint of this version.
fn payload(bytes: &[u8]) -> Result<&[u8], Error> {
    let foreign = || problem("is none: these bytes are of something else");
    let incomplete = || problem("is damaged or cut short; use another copy, or begin anew");
    let rest = bytes.strip_prefix(&MAGIC).ok_or_else(foreign)?;
    let (version, rest) = rest.split_first_chunk().ok_or_else(incomplete)?;
    let version = u32::from_le_bytes(*version);
    if version != VERSION {
        return Err(problem(format!(
            "is of version {version}, but this program reads version {VERSION}; use the program that wrote \
             it, or begin anew"
        )));
    }
    let (checksum, payload) = rest.split_first_chunk().ok_or_else(incomplete)?;
    if CHECKSUM.checksum(payload) == u32::from_le_bytes(*checksum) { Ok(payload) } else { Err(incomplete()) }
}

/// The head of a checkpoint, checked, and what follows.
fn decode_head(bytes: &[u8]) -> Result<(Head, &[u8]), Error> {
    let (head, rest) = decode(payload(bytes)?)?;
    check(&head)?;
    Ok((head, rest))
}

/// A value from the beginning of a payload, and the rest of it.
fn decode<T: DeserializeOwned>(payload: &[u8]) -> Result<(T, &[u8]), Error> {
    postcard::take_from_bytes(payload).map_err(|_| unsound())
}

fn unsound() -> Error {
    problem("holds what no experiment can be; use another copy, or begin anew")
}

fn problem(problem: impl Into<String>) -> Error {
    Error::Checkpoint { problem: problem.into() }
}
