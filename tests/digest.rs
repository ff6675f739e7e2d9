//! One seed gives the same numbers and the same checkpoints, bit for bit, natively and in every browser:
//! `tests/browser` includes this file and holds a browser to the same digests.

use spikealign::{
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Stage},
    feedback::{RULES, random_weights},
    measurement::SpikingPhase,
    random::{Stream, generator},
    spiking::{Confounding, EstimatorName, source::Shared},
};
use std::sync::Arc;

/// What a native machine gets.
pub const NATIVE: u64 = 0x0d8c_be7a_909d_4a12;

/// Every bit of the causal effects of a short phase by every estimator, and of one that three common sources confound,
/// boiled down by FNV-1a.
pub fn digest() -> u64 {
    let sizes = [256, 100, 50, 10];
    let shapes: Vec<_> = sizes.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let weights = random_weights(&shapes, &mut generator(1, Stream::ForwardWeights));
    let forward: Vec<_> = weights.iter().map(|weights| weights.t()).collect();
    let mut digest = Fnv::default();
    let three = Confounding { shared: Shared::Rank3, gain: 1_000.0 };
    let phases = EstimatorName::ALL.iter().map(|&name| (name, Confounding::default()));
    for (name, confounding) in phases.chain([(EstimatorName::Gradient, three)]) {
        let mut phase = SpikingPhase::new(&shapes, 6.0, name, 1).unwrap().confounded(confounding);
        phase.begin(&forward).unwrap();
        while phase.advance(1_000).steps > 0 {}
        for pair in 0..forward.len() {
            digest.add(phase.causal_effects(pair).iter().flat_map(|effect| effect.to_bits().to_le_bytes()));
        }
    }
    digest.0
}

/// What a native machine gets.
pub const NATIVE_TRAINING: u64 = 0x4da4_5cb9_f862_c387;

/// Every digit of the records of two epochs, and every bit of the weights after them, for each rule.
pub fn training_digest() -> u64 {
    let images = Arc::new(Images::garments(3, 320, 100));
    let mut digest = Fnv::default();
    for rule in RULES {
        let configuration = Configuration {
            rule: rule.name.into(),
            net: "4,8,32,16".parse().unwrap(),
            seed: 3,
            epochs: 2,
            examples: 320,
            test_examples: 100,
            record_every: 160,
            rdd_seconds: 3.0,
            ..Default::default()
        };
        let mut experiment = Experiment::new(configuration, Arc::clone(&images)).unwrap();
        loop {
            let progress = experiment.advance(100).unwrap();
            for record in progress.records {
                // A number is written with all the digits that tell it from its neighbours.
                // Settings that records have had since do not count at their defaults.
                let since = "confounding: None, confounding_gain: 1000.0, ";
                digest.add(format!("{record:?}").replace(since, "").bytes());
            }
            if progress.stage == Stage::Done {
                break;
            }
        }
        for layer in 0..experiment.layer_count() {
            let (forward, feedback) = experiment.weights(layer);
            for weight in forward.iter().chain(feedback.iter().flatten()) {
                digest.add(weight.to_bits().to_le_bytes());
            }
        }
    }
    digest.0
}

/// What a native machine gets. If it must change, checkpoints from before can't be gone on from: raise their
/// version.
pub const NATIVE_CHECKPOINTS: u64 = 0xb406_6be5_8f58_af03;

/// Every byte of the checkpoints of a small run, which goes on from each of them.
pub fn digest_of_checkpoints() -> u64 {
    let images = Arc::new(Images::garments(3, 100, 130));
    let configuration = Configuration {
        rule: "rdd".into(),
        net: "3,4,9,7".parse().unwrap(),
        seed: 3,
        epochs: 2,
        examples: 100,
        test_examples: 130,
        record_every: 40,
        rdd_seconds: 1.5,
        ..Default::default()
    };
    let mut digest = Fnv::default();
    let mut experiment = Experiment::new(configuration, Arc::clone(&images)).unwrap();
    while experiment.advance(2).unwrap().stage != Stage::Done {
        let bytes = experiment.checkpoint().unwrap();
        digest.add(bytes.iter().copied());
        experiment = Experiment::resume(&bytes, Arc::clone(&images)).unwrap();
    }
    digest.add(experiment.checkpoint().unwrap());
    digest.0
}

/// FNV-1a.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: impl IntoIterator<Item = u8>) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn causal_effects_are_those_of_the_digest() {
    let found = digest();
    assert_eq!(found, NATIVE, "{found:#x}");
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn checkpoints_are_those_of_the_digest() {
    let found = digest_of_checkpoints();
    assert_eq!(found, NATIVE_CHECKPOINTS, "{found:#x}");
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn two_epochs_of_training_are_those_of_the_digest() {
    let found = training_digest();
    assert_eq!(found, NATIVE_TRAINING, "{found:#x}");
}
