//! A run survives: whatever interrupts it, its records are those of a run that nothing interrupted, and
//! no bytes whatever do harm.

use proptest::prelude::*;
use spikealign::{
    Error,
    checkpoint::{Checkpoint, read},
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Progress, Stage},
    feedback::{FeedbackLayers, RULES},
    spiking::{EstimatorName, source::Shared},
};
use std::sync::{Arc, LazyLock};

/// Magic and version, before the checksum.
const BEFORE_CHECKSUM: usize = 14;
/// What comes before the payload.
const HEADER: usize = BEFORE_CHECKSUM + 4;

static IMAGES: LazyLock<Arc<Images>> = LazyLock::new(|| Arc::new(Images::garments(7, 70, 130)));

/// Two epochs in which every stage takes several chunks.
fn small(rule: &str, estimator: EstimatorName) -> Configuration {
    Configuration {
        rule: rule.into(),
        estimator,
        net: "2,3,8,6".parse().unwrap(),
        seed: 7,
        epochs: 2,
        examples: 70,
        test_examples: 130,
        record_every: 40,
        batch_size: 16,
        rdd_seconds: 1.2,
        ..Default::default()
    }
}

/// Every rule and every estimator, and what else changes the course of a training.
fn configurations() -> Vec<Configuration> {
    let spiking = EstimatorName::ALL.iter().map(|&estimator| small("rdd", estimator));
    let others =
        RULES.iter().filter(|rule| rule.name != "rdd").map(|rule| small(rule.name, EstimatorName::Gradient));
    let otherwise = Configuration {
        double_softmax: true,
        augment: true,
        weight_decay: 0.01,
        feedback_layers: FeedbackLayers::Dense,
        ..small("wm", EstimatorName::Gradient)
    };
    let confounded =
        Configuration { confounding: Shared::Heterogeneous, ..small("rdd", EstimatorName::Innovation) };
    spiking.chain(others).chain([otherwise, confounded]).collect()
}

fn begin(configuration: Configuration) -> Experiment {
    Experiment::new(configuration, Arc::clone(&IMAGES)).unwrap()
}

fn resume(bytes: &[u8]) -> Result<Experiment, Error> {
    Experiment::resume(bytes, Arc::clone(&IMAGES))
}

/// The progress after every chunk of a run that nothing interrupts.
fn uninterrupted(configuration: Configuration) -> Vec<Progress> {
    let mut experiment = begin(configuration);
    let mut course = Vec::new();
    loop {
        course.push(experiment.advance(1).unwrap());
        if course[course.len() - 1].stage == Stage::Done {
            return course;
        }
    }
}

/// Checkpoints of a run of spikes, one in each stage.
static CHECKPOINTS: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
    [Stage::Spiking, Stage::Training, Stage::Testing, Stage::Done].map(|stage| {
        let mut experiment = begin(small("rdd", EstimatorName::Shrinkage));
        // In the second epoch, in the second chunk of its stage.
        while experiment.advance(1).unwrap().epoch == 1 {}
        while experiment.advance(1).unwrap().stage != stage {}
        experiment.advance(1).unwrap();
        experiment.checkpoint().unwrap()
    })
});

/// The bytes with the checksum that they should have.
fn repaired(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&bytes[HEADER..]);
    bytes[BEFORE_CHECKSUM..HEADER].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

fn problem(bytes: &[u8]) -> String {
    let error = resume(bytes).err().expect("these bytes are no checkpoint");
    assert_eq!(read(bytes), Err(error.clone()));
    assert!(matches!(error, Error::Checkpoint { .. }), "{error:?}");
    error.to_string()
}

#[test]
fn a_checkpoint_takes_the_memory_of_its_bytes() {
    for configuration in configurations() {
        let bytes = begin(configuration).checkpoint().unwrap();
        assert!(bytes.capacity() <= bytes.len() + 64, "{} for {}", bytes.capacity(), bytes.len());
    }
}

#[test]
fn a_run_goes_on_from_between_any_two_chunks() {
    for configuration in configurations() {
        let expected = uninterrupted(configuration.clone());
        let stages: Vec<Stage> = expected.iter().map(|progress| progress.stage).collect();
        for stage in [Stage::Training, Stage::Testing] {
            assert!(stages.iter().filter(|&&found| found == stage).count() > 4, "{stages:?}");
        }
        let mut experiment = begin(configuration);
        for expected in &expected {
            let bytes = experiment.checkpoint().unwrap();
            experiment = resume(&bytes).unwrap();
            assert!(experiment.checkpoint().unwrap() == bytes, "nothing is lost or added");
            assert_eq!(experiment.advance(1).as_ref(), Ok(expected));
        }
        let records: Vec<_> = expected.into_iter().flat_map(|progress| progress.records).collect();
        assert_eq!(resume(&experiment.checkpoint().unwrap()).unwrap().records(), records);
    }
}

#[test]
fn the_confusion_and_the_answers_go_on_too() {
    let mut experiment = begin(small("bp", EstimatorName::Gradient));
    while experiment.advance(1).unwrap().records.is_empty() {}
    let mut resumed = resume(&experiment.checkpoint().unwrap()).unwrap();
    assert_eq!(resumed.confusion(), experiment.confusion());
    assert_eq!(resumed.answers(9), experiment.answers(9));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// As the page does it: several chunks at a time, interrupted now and then, with measurements between.
    #[test]
    fn a_run_survives_interruptions(
        configuration in prop::sample::select(configurations()),
        pieces in prop::collection::vec((0..40usize, any::<bool>()), 1..8),
    ) {
        let mut experiment = begin(configuration.clone());
        let mut records = Vec::new();
        for (chunks, asks) in pieces {
            records.extend(experiment.advance(chunks).unwrap().records);
            if asks {
                experiment.answers(5).unwrap();
            }
            experiment = resume(&experiment.checkpoint().unwrap()).unwrap();
        }
        records.extend(experiment.advance(usize::MAX).unwrap().records);
        prop_assert_eq!(experiment.records(), &records[..]);
        let expected: Vec<_> =
            uninterrupted(configuration).into_iter().flat_map(|progress| progress.records).collect();
        prop_assert_eq!(records, expected);
    }
}

#[test]
fn a_checkpoint_tells_what_it_is_of() {
    let configuration = small("rdd", EstimatorName::Means);
    let mut experiment = begin(configuration.clone());
    let progress = loop {
        let progress = experiment.advance(1).unwrap();
        if !progress.records.is_empty() {
            break progress;
        }
    };
    let Progress { stage, epoch, examples, records, .. } = progress;
    let found = read(&experiment.checkpoint().unwrap()).unwrap();
    assert_eq!(found, Checkpoint { configuration, stage, epoch, examples, records });
}

#[test]
fn epochs_can_be_added() {
    for rule in ["bp", "rdd"] {
        let once = Configuration { epochs: 1, ..small(rule, EstimatorName::Gradient) };
        let mut experiment = begin(once);
        experiment.advance(usize::MAX).unwrap();
        let mut experiment = resume(&experiment.checkpoint().unwrap()).unwrap();
        experiment.set_epochs(2).unwrap();
        experiment.advance(usize::MAX).unwrap();
        let mut twice = begin(small(rule, EstimatorName::Gradient));
        twice.advance(usize::MAX).unwrap();
        assert_eq!(experiment.records(), twice.records());
        assert_eq!(
            experiment.set_epochs(1).unwrap_err().to_string(),
            "`epochs` is 1, but it must be at least 2: that epoch has begun"
        );
    }
}

#[test]
fn other_images_are_refused() {
    let [bytes, ..] = &*CHECKPOINTS;
    for other in [Images::garments(8, 70, 130), Images::garments(7, 69, 130), Images::garments(7, 70, 129)] {
        let error = Experiment::resume(bytes, Arc::new(other)).err().unwrap().to_string();
        assert!(error.starts_with("the checkpoint was made with other images"), "{error}");
    }
    // Images that are not used may differ.
    let more = Arc::new(Images::garments(7, 80, 140));
    assert!(Experiment::resume(bytes, more).is_ok());
}

#[test]
fn what_is_foreign_or_of_another_version_is_told_apart() {
    for bytes in [&b""[..], b"spike", b"\x89PNG\r\n\x1a\n", b"spikalign and on and on and on"] {
        assert_eq!(problem(bytes), "the checkpoint is not one: these bytes are something else");
    }
    let mut bytes = CHECKPOINTS[0].clone();
    bytes[10] = 9;
    let words = "has version 9, but this program reads version 4; use the program that wrote it";
    assert!(problem(&bytes).contains(words), "{}", problem(&bytes));
}

#[test]
fn every_truncation_is_refused() {
    let [bytes, ..] = &*CHECKPOINTS;
    for length in 10..bytes.len() {
        assert!(problem(&bytes[..length]).contains("is damaged or truncated"), "{length}");
    }
    let longer = [bytes, &[0][..]].concat();
    assert!(problem(&longer).contains("is damaged or truncated"));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let [bytes, ..] = &*CHECKPOINTS;
    // A prime step visits all parts and all bits of a byte.
    for bit in (0..8 * bytes.len()).step_by(17) {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        problem(&bytes);
    }
}

/// Goes on from bytes whose checksum is right, if that can be: nothing may panic, and what goes on must
/// end in records or in an error.
fn go_on(bytes: Vec<u8>) {
    let bytes = repaired(bytes);
    let _ = read(&bytes);
    let Ok(mut experiment) = resume(&bytes) else { return };
    assert!(read(&bytes).is_ok(), "what goes on can be read");
    for _ in 0..40 {
        match experiment.advance(1) {
            Ok(progress) => assert!(progress.records.iter().all(|record| record.is_finite())),
            Err(error) => {
                assert!(matches!(error, Error::Diverged { .. }), "{error:?}");
                assert_eq!(experiment.advance(1), Err(error));
                return;
            }
        }
    }
    // Numbers that were the largest there are may since have overflown: then it is refused.
    if let Some(error) = experiment.checkpoint().and_then(|bytes| resume(&bytes)).err() {
        assert!(matches!(error, Error::Diverged { .. } | Error::Checkpoint { .. }), "{error:?}");
    }
}

#[test]
fn truncations_with_a_right_checksum_do_no_harm() {
    for bytes in &*CHECKPOINTS {
        for length in (HEADER..bytes.len()).step_by(7) {
            go_on(bytes[..length].to_vec());
        }
        assert!(resume(&repaired([bytes, &[0][..]].concat())).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn flipped_bits_with_a_right_checksum_do_no_harm(
        stage in 0..4usize,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8u8), 1..4),
    ) {
        let mut bytes = CHECKPOINTS[stage].clone();
        for (index, bit) in flips {
            let at = HEADER + index.index(bytes.len() - HEADER);
            bytes[at] ^= 1 << bit;
        }
        go_on(bytes);
    }

    #[test]
    fn overwritten_bytes_with_a_right_checksum_do_no_harm(
        stage in 0..4usize,
        start in any::<prop::sample::Index>(),
        new in prop_oneof![
            prop::collection::vec(any::<u8>(), 1..12),
            prop::collection::vec(prop::sample::select(vec![0, 1, 0x7f, 0x80, 0xff]), 1..12),
        ],
    ) {
        let mut bytes = CHECKPOINTS[stage].clone();
        let at = HEADER + start.index(bytes.len() - HEADER);
        for (old, new) in bytes[at..].iter_mut().zip(new) {
            *old = new;
        }
        go_on(bytes);
    }

    #[test]
    fn arbitrary_payloads_do_no_harm(payload in prop::collection::vec(any::<u8>(), 0..300)) {
        go_on([&CHECKPOINTS[0][..HEADER], &payload].concat());
    }
}
