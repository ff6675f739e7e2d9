//! No file of the fuzzer's corpus makes a parser panic: `fuzz/corpus`, through the fuzzer's own functions.

#[path = "../fuzz/targets.rs"]
mod targets;

use ndarray::ArrayD;
use ndarray_npy::{WritableElement, WriteNpyExt};
use spikealign::{
    configuration::Configuration,
    experiment::{Experiment, Stage},
    replay::Recording,
};
use std::{fs, io::Cursor, path::Path, sync::Arc};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus");

fn files(name: &str) -> Vec<Vec<u8>> {
    let folder = fs::read_dir(Path::new(CORPUS).join(name)).unwrap();
    folder.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
}

#[test]
fn no_file_of_the_corpus_panics() {
    for (name, parser) in targets::PARSERS {
        let files = files(name);
        assert!(!files.is_empty(), "{name} has no corpus");
        files.iter().for_each(|file| parser(file));
    }
}

/// Otherwise the fuzzer begins with nothing that it could change for the worse.
#[test]
fn the_corpus_has_checkpoints_and_recordings_that_are_sound() {
    let goes_on = |file: &Vec<u8>| Experiment::resume(file, Arc::clone(&targets::IMAGES)).is_ok();
    let is_recording =
        |file: &Vec<u8>| Recording::parse("file".to_string(), Cursor::new(targets::pack(file))).is_ok();
    let checkpoints = files("checkpoint").iter().filter(|&file| goes_on(file)).count();
    let recordings = files("recording").iter().filter(|&file| is_recording(file)).count();
    assert!(
        checkpoints >= CHECKPOINTS.len() && recordings >= RECORDINGS.len(),
        "a format has changed: `cargo test --all-features --test corpus -- --ignored` writes the corpus anew"
    );
}

/// Their steps of 1 ms. Only after a second there are estimates to compare.
const RECORDINGS: [usize; 2] = [3, 1_000];

const CHECKPOINTS: [(&str, Stage); 6] = [
    ("bp", Stage::Training),
    ("fa", Stage::Testing),
    ("rdd", Stage::Spiking),
    ("rdd", Stage::Training),
    ("rdd", Stage::Testing),
    ("rdd", Stage::Done),
];

#[test]
#[ignore = "writes into the corpus"]
fn write_checkpoints_and_recordings() {
    for (rule, stage) in CHECKPOINTS {
        let configuration = Configuration {
            rule: rule.into(),
            net: "1,1,1,1".parse().unwrap(),
            epochs: 2,
            examples: 5,
            test_examples: 3,
            record_every: 2,
            rdd_seconds: 0.6,
            batch_size: 2,
            ..Default::default()
        };
        let mut experiment = Experiment::new(configuration, Arc::clone(&targets::IMAGES)).unwrap();
        experiment.advance(1).unwrap();
        while experiment.advance(1).unwrap().stage != stage {}
        write("checkpoint", &format!("{rule}-{stage:?}"), &experiment.checkpoint().unwrap());
    }
    for steps in RECORDINGS {
        let seconds = steps / 1_000;
        let arrays = [
            // Where the archive is damaged, and how, is said by what comes before the arrays.
            vec![40, 0, 1],
            array(&[1, 1], 0.5f32),
            array(&[steps, 1], 1u8),
            array(&[1, 1], 0.5f32),
            array(&[seconds, 1, 1], 0.0f64),
            array(&[seconds, 1, 4, 1], 0.0f64),
            array(&[1, 1], 0.5f32),
            array(&[steps, 1], 0u8),
            array(&[steps, 1], 0u8),
            array(&[2, 1], 0.0f64),
            array(&[2, 1], 0.0f64),
        ];
        write("recording", &format!("{steps}-steps"), &arrays.concat());
    }
}

/// A NumPy file of equal numbers.
fn array<T: WritableElement + Clone>(shape: &[usize], number: T) -> Vec<u8> {
    let mut bytes = Vec::new();
    ArrayD::from_elem(shape, number).write_npy(&mut bytes).unwrap();
    bytes
}

fn write(target: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new(CORPUS).join(target);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), bytes).unwrap();
}
