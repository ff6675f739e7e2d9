use super::reference::{self, assert_close, differences, numbers, to_f64};
use super::*;
use crate::feedback::{Backpropagation, FeedbackAlignment, random_weights};
use crate::random::{Stream, generator};
use crate::state::is_finite;
use ndarray::Array2;

const CLASSES: usize = 3;
const IMAGE: [usize; 3] = [18, 21, 1];
const SGD: Sgd = Sgd { learning_rate: 0.01, momentum: 0.9, weight_decay: 0.0 };

fn network(seed: u32) -> Network {
    let size = "2,3,7,5".parse().unwrap();
    Network::new(size, IMAGE, CLASSES, &mut generator(seed, Stream::ForwardWeights)).unwrap()
}

fn batch(count: usize, seed: u64) -> (Vec<f32>, Vec<u8>) {
    let labels = (0..count).map(|index| (index % CLASSES) as u8).collect();
    (numbers(count * IMAGE.iter().product::<usize>(), seed), labels)
}

/// The mean loss of the naive network with these parameters, from the bottom up as
/// [`Network::parts`] has them.
fn naive_loss(network: &Network, parameters: &[f64], images: &[f32], labels: &[u8]) -> f64 {
    let mut rest = parameters;
    let mut take = |count| {
        let (taken, after) = rest.split_at(count);
        rest = after;
        taken
    };
    let mut values = to_f64(images);
    for block in &network.convolutions {
        let (shape, [n_in, n_out]) = (block.shape, block.shape.weight());
        let (weight, scale, shift) = (take(n_in * n_out), take(n_out), take(n_out));
        let convolved: Vec<f64> = values
            .chunks(shape.input.iter().product())
            .flat_map(|image| reference::convolution(shape.input, shape.output(), image, weight))
            .collect();
        let normalised = reference::normalise(&convolved, scale, shift);
        values = reference::pool(shape.output(), &normalised);
    }
    for block in &network.dense {
        let [n_in, n_out] = block.shape;
        values = reference::dense(block.shape, &values, take(n_in * n_out), take(n_out));
        if block.norm.is_some() {
            values = reference::normalise(&values, take(n_out), take(n_out));
        }
    }
    reference::loss(CLASSES, &values, labels)
}

fn flat(network: &mut Network, part: impl Fn(&Parameter) -> &Vec<f32>) -> Vec<f32> {
    let parameters = network.parts().filter_map(|one| match one {
        Part::Weight(parameter) | Part::Parameter(parameter) => Some(part(parameter).clone()),
        Part::Statistic(_) => None,
    });
    parameters.flatten().collect()
}

#[test]
fn backpropagation_is_the_gradient_of_the_naive_network() {
    for image in [IMAGE, [17, 16, 3]] {
        let size = "2,3,7,5".parse().unwrap();
        let network = Network::new(size, image, CLASSES, &mut generator(1, Stream::ForwardWeights)).unwrap();
        is_the_gradient_of_the_naive_network(network, &numbers(6 * image.iter().product::<usize>(), 2));
    }
}

fn is_the_gradient_of_the_naive_network(mut network: Network, images: &[f32]) {
    let (_, labels) = batch(6, 2);
    let measured = network.forward(images, &labels).unwrap();
    network.backward(&labels, &Backpropagation).unwrap();
    let found = flat(&mut network, |parameter| &parameter.gradient);
    let parameters = to_f64(&flat(&mut network, |parameter| &parameter.value));
    let loss = naive_loss(&network, &parameters, images, &labels);
    assert_close(&[(measured.loss_sum / 6.0) as f32], &[loss], 1e-5);
    let expected = differences(&parameters, |parameters| naive_loss(&network, parameters, images, &labels));
    assert_close(&found, &expected, 1e-3);
}

#[test]
fn feedback_that_equals_the_transpose_is_backpropagation_and_other_feedback_is_not() {
    let mut network = network(1);
    let (images, labels) = batch(5, 3);
    network.forward(&images, &labels).unwrap();
    let mut gradients = |rule: &dyn Rule| {
        network.backward(&labels, rule).unwrap();
        flat(&mut network, |parameter| &parameter.gradient)
    };
    let expected = gradients(&Backpropagation);
    let copies = network_feedback(&self::network(1));
    assert_eq!(gradients(&FeedbackAlignment::new(copies)), expected);
    let random =
        random_weights(&self::network(1).feedback_shapes(), &mut generator(1, Stream::FeedbackWeights));
    let others = gradients(&FeedbackAlignment::new(random));
    // The last layer's gradient takes no feedback; all others do.
    let last = expected.len() - (5 + 1) * CLASSES;
    assert_eq!(others[last..], expected[last..]);
    assert!(others[..50] != expected[..50]);
    assert_eq!(gradients(&Backpropagation), expected, "a backward pass can be repeated");
}

fn network_feedback(network: &Network) -> Vec<Array2<f32>> {
    (0..LAYERS).map(|layer| network.forward_weight(layer).t().to_owned()).collect()
}

#[test]
fn a_small_set_is_learnt_by_heart_by_every_rule() {
    for is_exact in [true, false] {
        // Feedback alignment needs some width to align in.
        let size = "4,8,32,16".parse().unwrap();
        let mut stream = generator(4, Stream::ForwardWeights);
        let mut network = Network::new(size, IMAGE, CLASSES, &mut stream).unwrap();
        let feedback = random_weights(&network.feedback_shapes(), &mut generator(4, Stream::FeedbackWeights));
        let mut rule: Box<dyn Rule> =
            if is_exact { Box::new(Backpropagation) } else { Box::new(FeedbackAlignment::new(feedback)) };
        let (images, labels) = batch(12, 5);
        for _ in 0..120 {
            network.train_batch(&images, &labels, &mut *rule, SGD).unwrap();
        }
        let measured = network.evaluate(&images, &labels, &mut Vec::new()).unwrap();
        assert_eq!(measured.correct, 12, "exact feedback: {is_exact}");
        assert!(measured.loss_sum < 12.0 * 0.2, "exact feedback: {is_exact}, {}", measured.loss_sum);
    }
}

#[test]
fn one_seed_gives_the_same_bits_and_another_does_not() {
    let run = |seed| {
        let mut network = network(seed);
        let (images, labels) = batch(8, 6);
        for count in [8, 3, 8] {
            let images = &images[..count * IMAGE[0] * IMAGE[1]];
            network.train_batch(images, &labels[..count], &mut Backpropagation, SGD).unwrap();
        }
        flat(&mut network, |parameter| &parameter.value)
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn evaluation_depends_on_no_other_image_and_changes_nothing() {
    let mut network = network(1);
    let (images, labels) = batch(70, 7);
    network.train_batch(&images, &labels, &mut Backpropagation, SGD).unwrap();
    let together = network.evaluate(&images, &labels, &mut Vec::new()).unwrap();
    let mut one_by_one = Measured::default();
    for (image, label) in images.chunks(IMAGE[0] * IMAGE[1]).zip(labels.chunks(1)) {
        one_by_one += network.evaluate(image, label, &mut Vec::new()).unwrap();
    }
    approx::assert_relative_eq!(together.loss_sum, one_by_one.loss_sum, epsilon = 1e-9);
    assert_eq!(together.correct, one_by_one.correct);
    assert_eq!(network.evaluate(&images, &labels, &mut Vec::new()), Ok(together));
}

#[test]
fn the_change_is_what_the_update_added_and_the_rule_sees_it() {
    struct Witness(Vec<Array2<f32>>);
    impl Rule for Witness {
        fn backward(&self, _layer: usize) -> Backward<'_> {
            Backward::Transpose
        }
        fn after_update(&mut self, _layer: usize, update: Update<'_>) {
            self.0.push(update.change.to_owned());
        }
    }
    impl State for Witness {
        fn visit(&mut self, _visitor: &mut dyn Visitor) {}
    }
    let mut network = network(1);
    let (images, labels) = batch(4, 8);
    let mut witness = Witness(Vec::new());
    for _ in 0..2 {
        let before = network.clone();
        witness.0.clear();
        network.train_batch(&images, &labels, &mut witness, SGD).unwrap();
        for layer in 0..LAYERS {
            let after = &before.forward_weight(layer) + &witness.0[layer];
            assert_eq!(after, network.forward_weight(layer));
            assert_eq!(
                after.shape(),
                [before.feedback_shapes()[layer][1], before.feedback_shapes()[layer][0]]
            );
        }
    }
}

#[test]
fn what_does_not_fit_is_an_error_and_not_a_panic() {
    let size = "2,3,7,5".parse().unwrap();
    let mut stream = generator(1, Stream::ForwardWeights);
    assert!(Network::new(size, [15, 28, 1], CLASSES, &mut stream).is_err());
    assert!(Network::new(size, [16, 16, 1], CLASSES, &mut stream).is_ok());
    let mut network = network(1);
    let (images, labels) = batch(4, 9);
    let mut train =
        |images: &[f32], labels: &[u8], rule: &mut dyn Rule| network.train_batch(images, labels, rule, SGD);
    assert!(train(&images[1..], &labels, &mut Backpropagation).is_err());
    assert!(train(&images[..IMAGE[0] * IMAGE[1]], &labels[..1], &mut Backpropagation).is_err());
    assert!(train(&images, &[0, 1, 2, 3], &mut Backpropagation).is_err());
    let wrong = vec![Array2::zeros((2, 2)); LAYERS];
    assert!(train(&images, &labels, &mut FeedbackAlignment::new(wrong)).is_err());
    let diverged = Err(Error::Diverged { what: "the loss" });
    assert_eq!(train(&vec![f32::NAN; images.len()], &labels, &mut Backpropagation), diverged);
}

#[test]
fn huge_feedback_diverges_and_says_so() {
    let mut network = network(1);
    let (images, labels) = batch(8, 10);
    let huge = network.feedback_shapes().map(|shape| Array2::from_elem(shape, 1e38));
    let mut rule = FeedbackAlignment::new(huge.into());
    let diverged = Err(Error::Diverged { what: "the loss" });
    assert!(is_finite(&mut network));
    network.train_batch(&images, &labels, &mut rule, SGD).unwrap();
    assert!(!is_finite(&mut network));
    assert_eq!(network.train_batch(&images, &labels, &mut rule, SGD), diverged);
    assert_eq!(network.evaluate(&images, &labels, &mut Vec::new()), diverged);
}
