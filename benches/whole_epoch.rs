//! What an epoch of the spiking rule costs beyond one of feedback alignment, next to its spiking phase alone: natively
//! and in a browser alike. What is above 1 is spent on measuring and on writing weights back.

use crate::spiking_phase::{self, Case};
use spikealign::{
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Stage},
};
use std::sync::Arc;

/// Few images: both rules learn from them at the same cost, which is subtracted.
const IMAGES: usize = 320;
/// Each round times all three, so that other work on the machine meets them alike.
const ROUNDS: usize = 5;
/// Chunks that are asked for at a time.
const CHUNKS: usize = 4;

/// Measures with the clock `now`, in milliseconds, and reports line by line.
pub fn report(engine: &str, now: impl Fn() -> f64, print: impl Fn(String)) {
    let images = Arc::new(Images::garments(1, IMAGES, IMAGES));
    for case in spiking_phase::CASES.into_iter().filter(|case| ["scaled", "paper"].contains(&case.name)) {
        let mut rounds: Vec<[f64; 3]> = (0..ROUNDS)
            .map(|_| {
                let epochs = ["fa", "rdd"].map(|rule| {
                    let mut experiment = ready(case, rule, &images);
                    let start = now();
                    while experiment.advance(CHUNKS).expect("it learns").stage != Stage::Done {}
                    now() - start
                });
                let mut phase = spiking_phase::ready(case);
                let start = now();
                spiking_phase::run(&mut phase);
                [epochs[0], epochs[1], now() - start]
            })
            .collect();
        let share = |[fa, rdd, phase]: [f64; 3]| (rdd - fa) / phase;
        rounds.sort_by(|&one, &other| share(one).total_cmp(&share(other)));
        let middle = rounds[ROUNDS / 2];
        let [fa, rdd, phase] = middle;
        print(format!(
            "{engine}, {}, an epoch of rdd minus one of fa: {:.2} times its phase of {} s ({:.2} to {:.2}; {rdd:.0} - {fa:.0} ms, the phase {phase:.0} ms)",
            case.name,
            share(middle),
            case.seconds,
            share(rounds[0]),
            share(rounds[ROUNDS - 1]),
        ));
    }
}

/// An experiment of one epoch.
fn ready(case: Case, rule: &str, images: &Arc<Images>) -> Experiment {
    let configuration = Configuration {
        rule: rule.into(),
        net: case.name.parse().expect("the name of a network"),
        epochs: 1,
        examples: IMAGES,
        test_examples: IMAGES,
        record_every: 0,
        rdd_seconds: case.seconds.into(),
        ..Default::default()
    };
    Experiment::new(configuration, Arc::clone(images)).expect("settings in their ranges")
}
