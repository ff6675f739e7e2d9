//! The experiment as a whole: one seed gives one result, and rules differ in one place only.

use ndarray::Array2;
use spikealign::{
    Error,
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Record, Stage},
    feedback::FeedbackLayers,
};
use std::sync::Arc;

fn small(rule: &str) -> Configuration {
    Configuration {
        rule: rule.into(),
        net: "4,6,16,12".parse().unwrap(),
        seed: 7,
        epochs: 2,
        examples: 200,
        test_examples: 60,
        record_every: 100,
        rdd_seconds: 3.0,
        ..Default::default()
    }
}

fn images() -> Arc<Images> {
    Arc::new(Images::garments(7, 200, 60))
}

fn run(configuration: Configuration, chunks: usize) -> Vec<Record> {
    let mut experiment = Experiment::new(configuration, images()).unwrap();
    let mut records = Vec::new();
    loop {
        let progress = experiment.advance(chunks).unwrap();
        records.extend(progress.records);
        if progress.stage == Stage::Done {
            return records;
        }
    }
}

#[test]
fn one_seed_gives_one_result_however_the_work_is_cut() {
    for rule in ["bp", "fa", "rdd"] {
        let records = run(small(rule), 1);
        assert_eq!(records, run(small(rule), 1_000));
        let seen: Vec<_> = records.iter().map(|record| (record.epoch, record.examples)).collect();
        // 100 images are passed in the middle of a batch of 32.
        assert_eq!(seen, [(1, 128), (1, 200), (2, 328), (2, 400)]);
    }
}

#[test]
fn another_seed_gives_another_result() {
    let other = Configuration { seed: 8, ..small("rdd") };
    assert_ne!(run(small("rdd"), 10)[0].test_loss, run(other, 10)[0].test_loss);
}

#[test]
fn rules_of_one_seed_share_weights_and_batches() {
    let start = |rule| {
        let experiment = Experiment::new(small(rule), images()).unwrap();
        let forward: Vec<Array2<f32>> = (0..4).map(|layer| experiment.weights(layer).0.to_owned()).collect();
        forward
    };
    assert_eq!(start("bp"), start("fa"));
    assert_eq!(start("bp"), start("rdd"));

    // With a step of 0 nothing is learnt, so equal losses say that the batches were equal.
    let losses = |rule| -> Vec<f64> {
        let still = Configuration { learning_rate: 0.0, ..small(rule) };
        run(still, 10).into_iter().map(|record| record.train_loss).collect()
    };
    assert_eq!(losses("bp"), losses("fa"));
    assert_eq!(losses("bp"), losses("rdd"));
}

#[test]
fn the_drive_does_not_depend_on_what_was_learnt_before() {
    let first = |learning_rate| {
        let configuration = Configuration { learning_rate, ..small("rdd") };
        run(configuration, 10).swap_remove(0).layers_after_spiking
    };
    assert_eq!(first(0.0), first(0.01));
}

#[test]
fn feedback_is_what_each_rule_says() {
    let last = |rule| run(small(rule), 10).pop().unwrap();
    for layer in last("bp").layers {
        let measures = ["sign_agreement", "correlation"].map(|name| layer.measure(name));
        assert_eq!(measures, [Some(1.0); 2], "{}", layer.name);
    }
    assert!(last("fa").layers_after_spiking.is_empty());
    let rdd = run(Configuration { rdd_seconds: 4.0, ..small("rdd") }, 10).pop().unwrap();
    assert_eq!(rdd.simulated_seconds, 8.0);
    assert_eq!(rdd.layers.len(), 4);
    // 2 s a layer is little; the widest dense layer aligns all the same. Its 1,536 entries would agree
    // by chance in 50 ± 1.3 %.
    assert!(rdd.layers_after_spiking[1].sign_agreement() > 0.56, "{rdd:?}");

    // Where a rule does not act, feedback is random, and the same for all of them.
    for rule in ["bp", "rdd"] {
        let dense = Configuration { feedback_layers: FeedbackLayers::Dense, ..small(rule) };
        let experiment = Experiment::new(dense, images()).unwrap();
        let random = Experiment::new(small("fa"), images()).unwrap();
        assert_eq!(experiment.weights(0).1, random.weights(0).1, "{rule}");
    }
}

#[test]
fn it_learns() {
    for rule in ["bp", "fa", "rdd"] {
        let wider = Configuration { net: "8,16,64,32".parse().unwrap(), epochs: 12, ..small(rule) };
        let accuracy = run(wider, 100).pop().unwrap().test_accuracy;
        assert!(accuracy > 0.35, "{rule:?} reached {accuracy}; chance is 0.1");
    }
}

#[test]
fn bad_settings_and_divergence_are_errors_in_words() {
    let wrong = Configuration { batch_size: 1, ..small("bp") };
    let error = Experiment::new(wrong, images()).err().unwrap();
    assert_eq!(error.to_string(), "`batch_size` is 1, but it must be from 2 to 1024");

    let few = Arc::new(Images::garments(7, 8, 8));
    assert!(matches!(Experiment::new(small("bp"), few), Err(Error::Data { .. })));
}

/// Ten is a thousand times too much. Backpropagation then runs out of numbers; the other rules would go on
/// with an absurd loss for ever.
#[test]
fn a_network_that_diverges_is_stopped_and_says_so() {
    for rule in ["bp", "fa", "rdd"] {
        let configuration =
            Configuration { learning_rate: 10.0, record_every: 32, epochs: 20, ..small(rule) };
        let mut experiment = Experiment::new(configuration, images()).unwrap();
        let error = loop {
            match experiment.advance(7) {
                Ok(progress) => {
                    assert_ne!(progress.stage, Stage::Done, "{rule:?} is not stopped");
                    assert!(progress.records.iter().all(Record::is_finite), "{:?}", progress.records);
                }
                Err(error) => break error,
            }
        };
        assert!(
            error.to_string().ends_with(
                "has grown beyond bounds; try a lower learning rate, or other settings of the rule"
            ),
            "{error}"
        );
        assert!(experiment.records().len() < 20, "{rule:?} is stopped after {}", experiment.records().len());
        assert_eq!(experiment.advance(1), Err(error.clone()), "once and for all");
        assert_eq!(experiment.checkpoint(), Err(error));
    }
}

/// The weights stay finite: the rule's feedback is then written no more.
#[test]
fn what_a_rule_learns_may_diverge_and_is_not_kept() {
    let mut configuration = Configuration { epochs: 20, ..small("ia") };
    configuration.set("ia.rate", "1").unwrap();
    configuration.set("ia.null", "10").unwrap();
    let mut experiment = Experiment::new(configuration, images()).unwrap();
    let error = loop {
        match experiment.advance(1) {
            Ok(progress) => assert_ne!(progress.stage, Stage::Done),
            Err(error) => break error,
        }
    };
    assert_eq!(error, Error::Diverged { what: "a feedback weight" });
    assert_eq!(experiment.checkpoint(), Err(error));
}

#[test]
fn settings_of_rules_are_those_that_run() {
    let mut default = small("kp");
    default.set("kp.decay", "0.5").unwrap();
    default.set("kp.decay", "0.0001").unwrap();
    assert_eq!(default, small("kp"));
    let wrong = |name, text| small("kp").set(name, text).unwrap_err().to_string();
    assert!(wrong("pfa.ratio", "1.5").starts_with("`pfa.ratio` is 1.5, but it must be"));
    assert!(wrong("wm.examples", "many").starts_with("`wm.examples` is many, but it must be"));
    assert!(wrong("kp.dcay", "x").starts_with("`rule_settings` is kp.dcay, but it must be one of"));
}

#[test]
fn settings_of_rules_that_nobody_checked_are_refused_with_the_rest() {
    let read = |settings: &str| {
        let mut configuration = serde_json::to_value(small("kp")).unwrap();
        configuration["rule_settings"] = serde_json::from_str(settings).unwrap();
        serde_json::from_value::<Configuration>(configuration).unwrap().validate()
    };
    assert_eq!(read(r#"{"kp.decay": 0.5}"#), Ok(()));
    let wrong = |settings| read(settings).unwrap_err().to_string();
    assert!(wrong(r#"{"kp.decay": -1}"#).starts_with("`kp.decay` is -1, but it must be"));
    assert!(wrong(r#"{"kp.dcay": 0}"#).starts_with("`rule_settings` is kp.dcay, but it must be one of"));
}

#[test]
fn weight_decay_is_that_of_the_settings_where_the_rule_has_none_of_its_own() {
    let loss = |rule, weight_decay| {
        run(Configuration { epochs: 1, weight_decay, ..small(rule) }, 10).pop().unwrap().test_loss
    };
    assert_ne!(loss("fa", 0.05), loss("fa", 0.0));
    assert_eq!(loss("kp", 0.05), loss("kp", 0.0));
}

/// The last tenth of the images that are used to train.
#[test]
fn images_to_validate_with_are_told_and_known() {
    let validating = |examples| Configuration { validation: true, examples, ..small("bp") };
    let few = Experiment::new(validating(34), Arc::new(Images::garments(7, 34, 60))).err().unwrap();
    assert!(few.to_string().contains("31 training and 3 validation images are too few"), "{few}");
    // Both hold the same images to train with.
    let [one, other] = [200, 190].map(|train| Arc::new(Images::garments(7, train, 60)));
    let bytes = |configuration| Experiment::new(configuration, one.clone()).unwrap().checkpoint().unwrap();
    let resumed = |bytes: Vec<u8>| Experiment::resume(&bytes, other.clone()).map(drop);
    assert_eq!(resumed(bytes(Configuration { examples: 64, ..small("bp") })), Ok(()));
    let refused = resumed(bytes(validating(64))).unwrap_err().to_string();
    assert!(refused.starts_with("the checkpoint was made with other images"), "{refused}");
}

#[test]
fn records_from_before_a_failure_are_not_lost() {
    let configuration = Configuration { learning_rate: 1.0, epochs: 100, ..small("bp") };
    let mut experiment = Experiment::new(configuration, images()).unwrap();
    let records = experiment.advance(usize::MAX).unwrap().records;
    assert!(!records.is_empty());
    assert_eq!(experiment.records(), records);
    assert!(matches!(experiment.advance(1), Err(Error::Diverged { .. })));
}

#[test]
fn measuring_changes_nothing_that_is_learned() {
    for rule in ["bp", "fa", "rdd"] {
        let often = run(small(rule), 10);
        let seldom = run(Configuration { record_every: 0, ..small(rule) }, 10);
        assert_eq!(often.last().unwrap().test_loss, seldom.last().unwrap().test_loss);
        assert_eq!(often.last().unwrap().layers, seldom.last().unwrap().layers);
    }
}

#[test]
fn gradients_of_backpropagation_are_at_no_angle_to_themselves() {
    let angles = |rule| run(small(rule), 10)[0].gradient_angles.clone();
    assert!(angles("bp").iter().all(|&angle| angle < 1e-3));
    for rule in ["fa", "rdd"] {
        let angles = angles(rule);
        let [below @ .., last] = &angles[..] else { panic!("no layers") };
        assert!(below.iter().all(|&angle| (5.0..130.0).contains(&angle)), "{angles:?}");
        assert!(*last < 1e-3, "{angles:?}");
    }
}

#[test]
fn answers_are_those_that_were_counted() {
    let mut experiment = Experiment::new(small("bp"), images()).unwrap();
    let record = loop {
        let progress = experiment.advance(1).unwrap();
        if let [record, ..] = &progress.records[..] {
            break record.clone();
        }
    };
    let confusion = experiment.confusion().mapv(f64::from);
    assert_eq!(confusion.sum(), 60.0);
    assert_eq!(confusion.diag().sum() / 60.0, record.test_accuracy);
    let of_labels = confusion.rows().into_iter().zip(confusion.diag());
    let shares: Vec<f64> =
        of_labels.filter(|(row, _)| row.sum() > 0.0).map(|(row, right)| right / row.sum()).collect();
    assert_eq!(record.test_balanced_accuracy, shares.iter().sum::<f64>() / shares.len() as f64);
    let answers = experiment.answers(1_000).unwrap();
    assert_eq!(answers.dim(), (60, 10));
    let mut counted = Array2::<f64>::zeros((10, 10));
    for (answer, label) in answers.rows().into_iter().zip((0..60).map(|image| images().test().label(image))) {
        approx::assert_abs_diff_eq!(answer.sum(), 1.0, epsilon = 1e-5);
        let best = (0..10).max_by(|&a, &b| answer[a].total_cmp(&answer[b])).unwrap();
        counted[[label.into(), best]] += 1.0;
    }
    assert_eq!(counted, confusion);
}

#[test]
fn a_view_has_the_weights_of_its_units_and_changes_nothing() {
    let mut measured = 0;
    for rule in ["bp", "fa", "dfa", "rdd"] {
        let mut experiment = Experiment::new(small(rule), images()).unwrap();
        loop {
            let progress = experiment.advance(1).unwrap();
            let view = experiment.view().unwrap();
            assert_eq!(view, experiment.view().unwrap());
            // A record ends an epoch, and the next one's measurement has not begun: the view has the feedback used.
            let is_measuring = progress.stage == Stage::Spiking && progress.done > 0;
            assert!(view.layers.iter().all(|layer| layer.effects.is_empty() != is_measuring));
            for (layer, shown) in view.layers.iter().enumerate() {
                let (forward, feedback) = experiment.weights(layer);
                let [below, above] = [layer, layer + 1].map(|level| &view.levels[level].units);
                assert_eq!(shown.forward.len(), below.len() * above.len());
                assert_eq!(shown.feedback.len(), if feedback.is_some() { shown.forward.len() } else { 0 });
                measured += usize::from(shown.effects.iter().any(|&effect| effect != 0.0));
                // Inputs of fully connected layers but the first are neurons.
                for (index, &below) in below.iter().enumerate().filter(|_| layer > 1) {
                    for (place, &above) in (index * view.levels[layer + 1].units.len()..).zip(above) {
                        assert_eq!(shown.forward[place], forward[[above, below]]);
                        if let Some(feedback) = &feedback {
                            assert_eq!(shown.feedback[place], feedback[[below, above]]);
                        }
                    }
                }
            }
            let same = view.levels.iter().all(|level| level.sent == level.exact);
            assert_eq!(same, rule == "bp", "{rule}");
            if progress.stage == Stage::Done {
                break;
            }
        }
        assert_eq!(experiment.records(), run(small(rule), 7), "{rule}");
    }
    assert!(measured > 0);
}
