//! What each learning rule costs next to backpropagation: a step of training, and an epoch with what is measured before
//! it. Natively and in a browser alike.

use spikealign::{
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Stage},
    feedback::{Description, RULES},
};
use std::sync::Arc;

/// Images in a batch.
const BATCH: usize = 32;
/// Batches that are timed at once.
const BATCHES: usize = 16;
/// Images of an epoch as the page has it.
const EPOCH: usize = 60_000;
/// Simulated seconds that are timed, and those before an epoch of the paper.
const SECONDS: [f64; 2] = [9.0, 90.0];
/// Each round times every rule.
const ROUNDS: usize = 5;

/// Measures with the clock `now`, in milliseconds, and reports line by line.
pub fn report(engine: &str, now: impl Fn() -> f64, print: impl Fn(String)) {
    // One batch more: after the last one of an epoch more is done than learning.
    let images = Arc::new(Images::garments(1, (BATCHES + 1) * BATCH, BATCH));
    for net in ["scaled", "paper"] {
        let rounds: Vec<Vec<[f64; 2]>> =
            (0..ROUNDS).map(|_| RULES.iter().map(|rule| costs(rule, net, &images, &now)).collect()).collect();
        // The best of all rounds: other work on the machine only adds.
        let best = |rule: usize, which: usize| {
            rounds.iter().map(|round| round[rule][which]).fold(f64::INFINITY, f64::min)
        };
        for (index, rule) in RULES.iter().enumerate() {
            let [step, epoch] = [0, 1].map(|which| best(index, which) / best(0, which));
            print(format!(
                "{engine}, {net}, {}: a step {step:.2} times that of {}, an epoch {epoch:.2} times",
                rule.name, RULES[0].name
            ));
        }
    }
}

/// Milliseconds of a training step and of an epoch.
fn costs(rule: &Description, net: &str, images: &Arc<Images>, now: &impl Fn() -> f64) -> [f64; 2] {
    let ready = |rdd_seconds| {
        let configuration = Configuration {
            rule: rule.name.into(),
            net: net.parse().expect("the name of a network"),
            epochs: 1,
            examples: (BATCHES + 1) * BATCH,
            test_examples: BATCH,
            batch_size: BATCH,
            rdd_seconds,
            ..Default::default()
        };
        Experiment::new(configuration, Arc::clone(images)).expect("settings in their ranges")
    };
    let mut experiment = ready(0.0);
    let start = now();
    experiment.advance(BATCHES).expect("it learns");
    let step = (now() - start) / BATCHES as f64;
    let mut phase = 0.0;
    if rule.measurement.is_some() {
        let mut experiment = ready(SECONDS[0]);
        let start = now();
        while experiment.advance(1).expect("it measures").stage == Stage::Spiking {}
        phase = (now() - start) * SECONDS[1] / SECONDS[0];
    }
    [step, step * (EPOCH / BATCH) as f64 + phase]
}
