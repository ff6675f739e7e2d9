// The smallest program that trains: a network on generated images, with feedback weights that are
// measured by spiking before each epoch. Every setting is a field of `Configuration`.
//
//     cargo run --release --example train

use spikealign::{
    Error,
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Stage},
};
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let configuration = Configuration {
        rule: "rdd".into(),
        epochs: 2,
        examples: 1_000,
        test_examples: 500,
        rdd_seconds: 6.0,
        ..Default::default()
    };
    let Configuration { seed, examples, test_examples, .. } = configuration;
    let images = Arc::new(Images::garments(seed, examples, test_examples));
    let mut experiment = Experiment::new(configuration, images)?;

    let mut accuracy = 0.0;
    loop {
        // A chunk takes some milliseconds: between two of them a program can report, pause or stop.
        let progress = experiment.advance(1)?;
        for record in progress.records {
            accuracy = record.test_accuracy;
            println!("epoch {}: {:.1}% of the test images are right", record.epoch, 100.0 * accuracy);
            for layer in record.layers {
                println!("  {:>7}: {:.1}% of the signs agree", layer.name, 100.0 * layer.sign_agreement());
            }
        }
        if progress.stage == Stage::Done {
            break;
        }
    }
    assert!(accuracy > 0.5, "it has learned: chance is 0.1, and it reached {accuracy}");
    Ok(())
}
