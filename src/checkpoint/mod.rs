//! Checkpoints: an experiment as bytes, to resume later, here or elsewhere.
//!
//! A resumed experiment yields the same records, bit for bit, as an uninterrupted one; the checkpoint may lie between
//! any two chunks of work. It holds only what cannot be recomputed: no images, no workspace, no matrix in the layout of
//! one machine. So a browser can resume a checkpoint of the native program, and vice versa.
//!
//! ```text
//! "spikealign" │ version, u32 │ CRC-32 of what follows, u32 │ settings, records, course │ weights, …
//!                                                            ╰────── all that `read` needs ─╯
//! ```
//!
//! Both numbers have their lowest byte first; what follows is in the format of [`postcard`].
//!
//! The checksum finds damage, not malice, so everything is checked against the settings and the images before it is
//! used. Those checks are here, beside the format, as `impl` blocks of the checked types. Whatever the bytes claim,
//! reading takes at most 200 times their length in memory, plus the memory of an experiment with these settings, which
//! [`Configuration::validate`] bounds.

mod bytes;
mod course;
mod numbers;
mod spiking;

use bytes::{decode, encode, encode_after};
use numbers::Numbers;

use crate::{
    Error,
    configuration::Configuration,
    data::{CHECKSUM, Images},
    experiment::{Course, Experiment, Record, Stage},
    feedback::Description,
};
use serde::Serialize;
use std::sync::Arc;

/// What every checkpoint begins with.
const MAGIC: [u8; 10] = *b"spikealign";
/// Bytes before what is encoded.
const HEADER: usize = MAGIC.len() + 4 + 4;
/// The version of the format. It must change with any type that is saved.
const VERSION: u32 = 4;

/// A summary of a checkpoint.
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

/// Reads the summary of a checkpoint, without images and without resuming it.
///
/// # Errors
/// [`Error::Checkpoint`] for bytes that are no checkpoint, are damaged, or are of another version;
/// [`Error::Setting`] for settings out of range.
pub fn read(bytes: &[u8]) -> Result<Checkpoint, Error> {
    let ((configuration, _, records, course), _) = decode_head(bytes)?;
    let (stage, epoch, examples) = (course.stage, course.epoch, course.examples());
    Ok(Checkpoint { configuration, stage, epoch, examples, records })
}

/// The first part of a checkpoint: the settings, a checksum of the images ([`Images::checksum`]), all records, and the
/// course.
type Head = (Configuration, u32, Vec<Record>, Course);

/// The rest: what the network and the rule have learned, and where there is a measurement, its state.
type Body<'a> = (Numbers, Numbers, Option<&'a [u8]>);

impl Experiment {
    /// The experiment as bytes, for [`Experiment::resume`].
    ///
    /// # Errors
    /// [`Error::Diverged`] when training has diverged.
    pub fn checkpoint(&mut self) -> Result<Vec<u8>, Error> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        self.check_finite()?;
        let Self { configuration, checksum, network, rule, measurement, course, records, .. } = self;
        let measurement = measurement.as_mut().map(|measurement| measurement.save()).transpose()?;
        // The same as a `Head` and a `Body`, but of borrowed parts.
        let head = (configuration, checksum, records, course);
        let body = (Numbers::of(network), Numbers::of(&mut **rule), measurement);
        let header = [&MAGIC[..], &VERSION.to_le_bytes(), &[0; 4]].concat();
        let mut bytes = encode_after(header, &head)?;
        // Bytes that are outgrown lie beside twice as many while they are copied. Each of the five lengths has ten at most.
        let measured = body.2.as_ref().map_or(0, Vec::len);
        bytes.reserve_exact(body.0.size() + body.1.size() + measured + 64);
        let mut bytes = encode_after(bytes, &body)?;
        let checksum = CHECKSUM.checksum(&bytes[HEADER..]).to_le_bytes();
        bytes[HEADER - checksum.len()..HEADER].copy_from_slice(&checksum);
        Ok(bytes)
    }

    /// Resumes from a checkpoint, with the images that it was made with.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are no checkpoint, are damaged, are of another version, or
    /// don't fit the images; otherwise as [`Experiment::new`].
    pub fn resume(bytes: &[u8], images: Arc<Images>) -> Result<Self, Error> {
        let (head, rest) = decode_head(bytes)?;
        let rule = head.0.rule.description()?;
        Self::go_on(head, rest, images, rule)
    }

    /// The same with a custom rule, for checkpoints of [`Experiment::with_rule`].
    ///
    /// # Errors
    /// As [`Experiment::resume`]; also when the checkpoint is of another rule.
    pub fn resume_with_rule(bytes: &[u8], images: Arc<Images>, rule: &Description) -> Result<Self, Error> {
        let (head, rest) = decode_head(bytes)?;
        if head.0.rule != rule.name.into() {
            return Err(problem(format!("is for the rule `{}`, not `{}`", head.0.rule, rule.name)));
        }
        Self::go_on(head, rest, images, rule)
    }

    fn go_on(head: Head, rest: &[u8], images: Arc<Images>, rule: &Description) -> Result<Self, Error> {
        let (configuration, checksum, records, course) = head;
        let ((network, feedback, measurement), rest) = decode::<Body>(rest)?;
        let mut experiment = Self::prepare(configuration, images, rule)?;
        if checksum != experiment.checksum || course.order.len() != experiment.course.order.len() {
            return Err(problem("was made with other images; use those, or start again"));
        }
        if !rest.is_empty() || measurement.is_some() != experiment.measurement.is_some() {
            return Err(invalid());
        }
        network
            .restore(&mut experiment.network)
            .map_err(|_| problem("holds weights that do not fit its network"))?;
        feedback
            .restore(&mut *experiment.rule)
            .map_err(|_| problem("holds feedback weights that do not fit its rule and network"))?;
        if let (Some(own), Some(saved)) = (&mut experiment.measurement, measurement) {
            own.restore(saved, &experiment.network.forward_weights(experiment.measured_layers.clone()))?;
        }
        experiment.course = course;
        experiment.records = records;
        if experiment.is_on_course() { Ok(experiment) } else { Err(invalid()) }
    }
}

/// Checks everything in a head that needs no images.
fn check((configuration, _, records, course): &Head) -> Result<(), Error> {
    configuration.validate_with(None)?;
    let is_valid = (1..=configuration.epochs).contains(&course.epoch)
        && course.order.len() <= configuration.examples
        && course.trained <= course.order.len()
        && records.iter().all(|record| {
            record.configuration.is_of_one_run(configuration)
                && (&record.rule, record.seed) == (&configuration.rule, configuration.seed)
                && (1..=course.epoch).contains(&record.epoch)
                && record.examples <= course.examples()
                && record.is_finite()
        });
    if is_valid { Ok(()) } else { Err(invalid()) }
}

/// What follows the checksum of an undamaged checkpoint of this version.
fn payload(bytes: &[u8]) -> Result<&[u8], Error> {
    let foreign = || problem("is not one: these bytes are something else");
    let incomplete = || problem("is damaged or truncated; use another copy, or start again");
    let rest = bytes.strip_prefix(&MAGIC).ok_or_else(foreign)?;
    let (version, rest) = rest.split_first_chunk().ok_or_else(incomplete)?;
    let version = u32::from_le_bytes(*version);
    if version != VERSION {
        return Err(problem(format!(
            "has version {version}, but this program reads version {VERSION}; use the program that wrote \
             it, or start again"
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

/// Whether there are `length` numbers, all finite.
fn are_numbers<T: Copy + Into<f64>>(values: &[T], length: usize) -> bool {
    values.len() == length && values.iter().all(|&value| value.into().is_finite())
}

fn invalid() -> Error {
    problem("holds an impossible state; use another copy, or start again")
}

fn problem(problem: impl Into<String>) -> Error {
    Error::Checkpoint { problem: problem.into() }
}

#[cfg(test)]
mod tests {
    use super::are_numbers;

    #[test]
    fn numbers_are_finite_and_as_many_as_expected() {
        assert!(are_numbers(&[0.0f32, f32::MAX], 2) && are_numbers::<f64>(&[], 0));
        assert!(!are_numbers(&[0.0], 2) && !are_numbers(&[0.0, 0.0], 1));
        for infinite in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(!are_numbers(&[0.0, infinite], 2));
        }
    }
}
