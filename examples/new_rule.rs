// A learning rule of one's own, and a race against two others: records and checkpoints are like those of any rule. A
// rule is one type: it says which matrix sends the error of a layer down, and hears of every update. It is never shown
// the forward weights. (In the crate itself it would be a file in `src/feedback/`, and its name in the list there.)
//
// After Kolen and Pollack (1994): a feedback weight makes the change that its forward weight makes, which both ends of
// the synapse can know, and slowly forgets what it started as. (Theirs has the forward weights forget too, so that the
// two end up equal; here they only come close.)
//
//     cargo run --release --example new_rule

use ndarray::Array2;
use spikealign::{
    Error,
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Record},
    feedback::{Backward, Description, Group, OwnSetting, Rule, Update},
    state::{State, Visitor},
};
use std::sync::Arc;

/// How the rule is called, what it can be set to, and how it is made.
const COPYCAT: Description = Description {
    name: "copycat",
    title: "Copycat",
    short: "copycat",
    explanation: "repeats what its forward weights do",
    group: Group::Rates,
    color: "purple",
    needs: "the change of the synapse that it copies",
    settings: &[OwnSetting {
        name: "decay",
        label: "Decay",
        help: "Share of a feedback weight that is forgotten in an update.",
        default: 0.01,
        low: 0.0,
        high: 1.0,
        whole: false,
    }],
    noise: None,
    measurement: None,
    create: |setup| Box::new(Copycat { decay: setup.settings.get("decay") as f32, feedback: setup.feedback }),
};

struct Copycat {
    /// One `[n_in, n_out]` matrix a layer.
    feedback: Vec<Array2<f32>>,
    decay: f32,
}

impl Rule for Copycat {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.feedback[layer].view())
    }

    fn after_update(&mut self, layer: usize, Update { change, .. }: Update<'_>) {
        self.feedback[layer] *= 1.0 - self.decay;
        self.feedback[layer] += &change.t();
    }
}

impl State for Copycat {
    /// What it has learned, for checkpoints.
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.feedback.visit(visitor);
    }
}

fn main() -> Result<(), Error> {
    let configuration =
        Configuration { epochs: 1, examples: 3_200, test_examples: 500, ..Default::default() };
    let images = Arc::new(Images::garments(1, 3_200, 500));
    for rule in ["bp", "fa"] {
        let configuration = Configuration { rule: rule.into(), ..configuration.clone() };
        report(&Experiment::new(configuration, Arc::clone(&images))?.advance(usize::MAX)?.records);
    }

    let mut experiment = Experiment::with_rule(configuration, Arc::clone(&images), &COPYCAT)?;
    experiment.advance(20)?;
    // It goes on from a checkpoint as if nothing had happened.
    let saved = experiment.checkpoint()?;
    let mut resumed = Experiment::resume_with_rule(&saved, images, &COPYCAT)?;
    experiment.advance(usize::MAX)?;
    resumed.advance(usize::MAX)?;
    assert_eq!(experiment.records(), resumed.records());
    report(resumed.records());
    let aligned = resumed.records()[0].layers.iter().all(|layer| layer.measure("angle") < Some(80.0));
    assert!(aligned, "every layer aligns; chance is 90°");
    Ok(())
}

fn report(records: &[Record]) {
    for Record { rule, test_accuracy, layers, .. } in records {
        println!("{rule}: {:.1}% of the test images are right", 100.0 * test_accuracy);
        for layer in layers {
            let angle = layer.measure("angle").unwrap_or_default();
            println!("  {:>7}: {angle:.0}° between forward and feedback weights", layer.name);
        }
    }
}
