//! What every learning rule promises that can be known without training to an accuracy: gradients, invariants, signs.

use ndarray::{Array2, ArrayView2};
use proptest::prelude::*;
use spikealign::{
    alignment::LayerAlignment,
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Record},
    feedback::{Backward, Description, RULES, Rule, RuleName, RuleSettings, Setup, Signal, random_weights},
    network::{LAYERS, Network, Sgd},
    random::{Stream, generator},
    state::{State, Visitor},
};
use std::sync::Arc;

const IMAGE: [usize; 3] = [18, 21, 1];
const CLASSES: usize = 3;
const SGD: Sgd = Sgd { learning_rate: 0.01, momentum: 0.9, weight_decay: 0.0 };

fn network(seed: u32) -> Network {
    let size = "2,3,7,5".parse().unwrap();
    Network::new(size, IMAGE, CLASSES, &mut generator(seed, Stream::ForwardWeights)).unwrap()
}

fn batch(count: usize, seed: u64) -> (Vec<f32>, Vec<u8>) {
    let number = |index: usize| ((index as u64 * 7_919 + seed * 104_729) % 1_013) as f32 / 506.5 - 1.0;
    let pixels = (0..count * IMAGE.iter().product::<usize>()).map(number).collect();
    (pixels, (0..count).map(|index| (index % CLASSES) as u8).collect())
}

fn description(name: &str) -> &'static Description {
    RuleName::from(name).description().unwrap()
}

/// A rule of the list for this network, that starts with these feedback weights.
fn rule(name: &str, network: &Network, feedback: Vec<Array2<f32>>) -> Box<dyn Rule> {
    let settings = RuleSettings::default();
    let description = description(name);
    let inputs = (0..LAYERS).map(|layer| network.inputs(layer)).collect();
    let settings = settings.of(description);
    (description.create)(Setup { feedback, inputs, classes: CLASSES, seed: 1, settings })
}

fn random(network: &Network) -> Vec<Array2<f32>> {
    random_weights(&network.feedback_shapes(), &mut generator(1, Stream::FeedbackWeights))
}

fn transposes(network: &Network) -> Vec<Array2<f32>> {
    (0..LAYERS).map(|layer| network.forward_weight(layer).t().to_owned()).collect()
}

/// The gradients of all layers that have feedback, for one batch.
fn gradients(network: &mut Network, rule: &dyn Rule, images: &[f32], labels: &[u8]) -> Vec<Array2<f32>> {
    network.forward(images, labels).unwrap();
    network.backward(labels, rule).unwrap();
    (0..LAYERS).map(|layer| network.gradient(layer).to_owned()).collect()
}

fn distance(forward: ArrayView2<'_, f32>, feedback: ArrayView2<'_, f32>) -> f64 {
    let difference = &forward - &feedback.t();
    difference.iter().map(|&number| f64::from(number).powi(2)).sum::<f64>().sqrt()
}

fn weights<'a>(rule: &'a dyn Rule, layer: usize) -> ArrayView2<'a, f32> {
    let Backward::Weights(weights) = rule.backward(layer) else { panic!("it has feedback weights") };
    weights
}

#[test]
fn a_rule_that_is_not_in_the_list_goes_on_for_more_epochs() {
    let own = Description { name: "own", ..*description("fa") };
    let settings = Configuration {
        net: "2,3,8,6".parse().unwrap(),
        epochs: 1,
        examples: 32,
        test_examples: 10,
        ..Default::default()
    };
    let mut experiment =
        Experiment::with_rule(settings, Arc::new(Images::garments(1, 32, 10)), &own).unwrap();
    experiment.advance(usize::MAX).unwrap();
    experiment.set_epochs(2).unwrap();
    experiment.advance(usize::MAX).unwrap();
    assert_eq!(experiment.records().len(), 2);
}

#[test]
fn kolen_and_pollack_forget_their_start_and_nothing_else() {
    let mut network = network(1);
    let start = random(&network);
    let mut rule = rule("kp", &network, start);
    let sgd = Sgd { weight_decay: rule.weight_decay(1).unwrap(), ..SGD };
    let before: Vec<f64> =
        (0..LAYERS).map(|layer| distance(network.forward_weight(layer), weights(&*rule, layer))).collect();
    let (images, labels) = batch(8, 2);
    let updates = 30;
    for _ in 0..updates {
        network.train_batch(&images, &labels, &mut *rule, sgd).unwrap();
    }
    for (layer, before) in before.into_iter().enumerate() {
        let found = distance(network.forward_weight(layer), weights(&*rule, layer));
        let expected = before * f64::from(sgd.kept()).powi(updates);
        approx::assert_relative_eq!(found, expected, max_relative = 1e-4);
    }
}

#[test]
fn kolen_and_pollack_from_the_transpose_are_backpropagation_bit_for_bit() {
    let [mut exact, mut copied] = [network(1), network(1)];
    let mut kp = rule("kp", &copied, transposes(&copied));
    let mut bp = rule("bp", &exact, random(&exact));
    let sgd = Sgd { weight_decay: 0.03, ..SGD };
    let (images, labels) = batch(8, 3);
    for _ in 0..20 {
        exact.train_batch(&images, &labels, &mut *bp, sgd).unwrap();
        copied.train_batch(&images, &labels, &mut *kp, sgd).unwrap();
    }
    for layer in 0..LAYERS {
        assert_eq!(exact.forward_weight(layer), copied.forward_weight(layer), "{layer}");
    }
}

/// The path of product feedback turns to BBᵀW, which lies at atan(1/√10) from W, as its start is forgotten.
#[test]
fn the_path_of_product_feedback_comes_near_the_weights() {
    let mut network = network(1);
    let mut rule = rule("pfa", &network, random(&network));
    let sgd = Sgd { weight_decay: 1.0, ..SGD };
    let (images, labels) = batch(8, 4);
    let angle = |network: &Network, rule: &dyn Rule, layer| {
        LayerAlignment::between(network.forward_weight(layer), weights(rule, layer)).measure("angle").unwrap()
    };
    let before: Vec<f64> = (0..LAYERS).map(|layer| angle(&network, &*rule, layer)).collect();
    for _ in 0..60 {
        network.train_batch(&images, &labels, &mut *rule, sgd).unwrap();
    }
    for (layer, before) in before.into_iter().enumerate() {
        let after = angle(&network, &*rule, layer);
        assert!(after < 35.0 && after < before, "layer {layer}: {before}° and then {after}°");
    }
}

#[test]
fn sign_rules_have_the_signs_of_the_weights_and_the_angles_of_theory() {
    let images = Arc::new(Images::garments(1, 64, 10));
    for (name, expected) in [("usf", 30.0), ("brsf", 41.4), ("frsf", 41.4)] {
        let settings =
            Configuration { rule: name.into(), examples: 64, test_examples: 10, ..Default::default() };
        let experiment = Experiment::new(settings, Arc::clone(&images)).unwrap();
        for layer in experiment.layers() {
            assert_eq!(layer.sign_agreement(), 1.0, "{name}");
        }
        // acos(√3/2) and acos(3/4), for many weights.
        let angle = experiment.layers()[1].measure("angle").unwrap();
        approx::assert_abs_diff_eq!(angle, expected, epsilon = 0.5);
    }
}

#[test]
fn direct_feedback_depends_on_the_output_error_and_not_on_the_layers_between() {
    struct Witness(Box<dyn Rule>);
    impl Rule for Witness {
        fn backward(&self, layer: usize) -> Backward<'_> {
            // Above the lowest layer, any other feedback makes no difference to what is below.
            if layer == 0 { self.0.backward(0) } else { Backward::Transpose }
        }
    }
    impl State for Witness {
        fn visit(&mut self, visitor: &mut dyn Visitor) {
            self.0.visit(visitor);
        }
    }
    let (images, labels) = batch(9, 5);
    for name in ["dfa", "sdfa", "drtp"] {
        let mut network = network(1);
        let rule = rule(name, &network, random(&network));
        let direct = gradients(&mut network, &*rule, &images, &labels);
        let bp = self::rule("bp", &network, Vec::new());
        let exact = gradients(&mut network, &*bp, &images, &labels);
        // The last layer learns exactly; all others do not.
        assert_eq!(direct[3], exact[3], "{name}");
        assert!((0..3).all(|layer| direct[layer] != exact[layer]), "{name}");
        assert!(
            matches!(rule.backward(0), Backward::Direct(weights, _) if weights.dim() == (network.inputs(0), 3))
        );
    }
    // The first convolution is taught by what comes to its output, whatever the layers above do.
    let mut network = network(1);
    let rule = rule("dfa", &network, random(&network));
    let before = gradients(&mut network, &*rule, &images, &labels);
    let after = gradients(&mut network, &Witness(rule), &images, &labels);
    assert_eq!(before[3], after[3]);
    assert_ne!(before[0], after[0], "the second convolution itself is taught from above");
}

#[test]
fn signs_of_the_error_do_not_depend_on_its_size_and_targets_not_on_the_answers() {
    let network = network(1);
    for (name, signal) in [("dfa", Signal::Error), ("sdfa", Signal::ErrorSign), ("drtp", Signal::Target)] {
        let rule = rule(name, &network, random(&network));
        for layer in 0..LAYERS {
            let Backward::Direct(_, found) = rule.backward(layer) else { panic!("{name} is direct") };
            assert_eq!(found, signal);
        }
    }
    // With equal hidden activity, targets teach the hidden layers the same, whatever the last layer answers.
    let (images, labels) = batch(6, 6);
    let hidden = |scale: f32| {
        let mut network = self::network(1);
        let rule = self::rule("drtp", &network, random(&network));
        struct Last(f32, usize);
        impl Visitor for Last {
            fn singles(&mut self, numbers: &mut [f32]) {
                // The weights of the last layer are the fourth list from the end.
                self.1 += 1;
                if self.1 == LISTS - 3 {
                    numbers.iter_mut().for_each(|number| *number *= self.0);
                }
            }
            fn doubles(&mut self, _numbers: &mut [f64]) {}
        }
        struct Count(usize);
        impl Visitor for Count {
            fn singles(&mut self, _numbers: &mut [f32]) {
                self.0 += 1;
            }
            fn doubles(&mut self, _numbers: &mut [f64]) {}
        }
        let mut count = Count(0);
        network.visit(&mut count);
        assert_eq!(count.0, LISTS);
        network.visit(&mut Last(scale, 0));
        gradients(&mut network, &*rule, &images, &labels)
    };
    let [one, three] = [hidden(1.0), hidden(3.0)];
    assert_eq!(one[..3], three[..3]);
    assert_ne!(one[3], three[3]);
}

/// Lists of numbers in a network: value and change of a weight, of two parameters and two statistics for each of four
/// batch norms, and of the biases.
const LISTS: usize = 2 * 8 + 2 * 10 + 4;

#[test]
fn the_mirror_sees_what_theory_says_it_sees() {
    // One batch of noise through a linear layer would correlate with its weights by 1/√(1 + (n_in + 1)/N).
    let images = Arc::new(Images::garments(1, 64, 10));
    let settings = Configuration {
        rule: "wm".into(),
        epochs: 1,
        examples: 64,
        test_examples: 10,
        learning_rate: 0.0,
        ..Default::default()
    };
    let mut experiment = Experiment::new(settings, images).unwrap();
    let records = experiment.advance(usize::MAX).unwrap().records;
    // Two batches of 128: 1/√(1 + 2·512·(1 − 1/π)/256) for a rectified layer of 512 inputs.
    let found = records[0].layers[1].measure("correlation").unwrap();
    approx::assert_abs_diff_eq!(found, 0.518, epsilon = 0.02);
    let linear = records[0].layers[3].measure("correlation").unwrap();
    approx::assert_abs_diff_eq!(linear, 0.893, epsilon = 0.03);
}

fn last_record(settings: Configuration, images: &Arc<Images>) -> Record {
    let mut experiment = Experiment::new(settings, Arc::clone(images)).unwrap();
    experiment.advance(usize::MAX).unwrap().records.pop().unwrap()
}

#[test]
fn information_alignment_without_null_and_with_the_mirrors_forgetting_is_the_mirror() {
    let images = Arc::new(Images::garments(1, 96, 10));
    let settings = |rule: &str, own: &[(&str, f64)]| {
        let mut settings = Configuration {
            rule: rule.into(),
            epochs: 1,
            examples: 96,
            test_examples: 10,
            learning_rate: 0.0,
            net: "4,6,16,12".parse().unwrap(),
            ..Default::default()
        };
        own.iter().for_each(|(name, value)| settings.set(name, &value.to_string()).unwrap());
        settings
    };
    let mirror = last_record(settings("wm", &[("wm.decay", 0.02)]), &images);
    let own = [("ia.null", 0.0), ("ia.rate", 1.0), ("ia.decay", 0.01)];
    let information = last_record(settings("ia", &own), &images);
    for (one, other) in mirror.layers.iter().zip(&information.layers) {
        let [one, other] = [one, other].map(|layer| layer.measure("correlation").unwrap());
        approx::assert_abs_diff_eq!(one, other, epsilon = 1e-5);
    }
}

#[test]
fn spiking_rules_read_the_same_spikes() {
    let images = Arc::new(Images::garments(1, 64, 10));
    for rule in ["rdd", "stdwi", "wm-spikes"] {
        let settings = Configuration {
            rule: rule.into(),
            epochs: 1,
            examples: 64,
            test_examples: 10,
            rdd_seconds: 40.0,
            ..Default::default()
        };
        let record = last_record(settings, &images);
        assert_eq!((record.simulated_seconds, record.layers_after_spiking.len()), (40.0, LAYERS));
        // The convolution is measured like the others: 25 · 16 inputs to 32 channels. Chance is 50 ± 0.4%.
        for layer in &record.layers_after_spiking {
            assert!(layer.sign_agreement() > 0.55, "{rule}, {}: {}", layer.name, layer.sign_agreement());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Every rule of the list fits every network, and makes no number that is none.
    #[test]
    fn every_rule_fits_every_network(
        rule in prop::sample::select(RULES.iter().map(|rule| rule.name).collect::<Vec<_>>()),
        widths in prop::array::uniform4(1usize..9),
        seed: u32,
    ) {
        let [a, b, c, d] = widths;
        let settings = Configuration {
            rule: rule.into(),
            net: format!("{a},{b},{c},{d}").parse().unwrap(),
            seed,
            epochs: 1,
            examples: 40,
            test_examples: 5,
            batch_size: 8,
            rdd_seconds: 0.8,
            ..Default::default()
        };
        let images = Arc::new(Images::garments(seed, 40, 5));
        let mut experiment = Experiment::new(settings, images).unwrap();
        let progress = experiment.advance(usize::MAX).unwrap();
        prop_assert!(progress.records.iter().all(Record::is_finite));
    }
}
