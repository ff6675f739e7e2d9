//! Native speed of the rate network, in images per second on one thread, for batches of 32, next to the
//! peak of multiply-and-add on the same core. The sizes from `8,16,64,32` to `64,128,512,256` are ½, 1,
//! 2 and 4 times `scaled`.

use divan::{Bencher, black_box, counter::ItemsCount};
use multiversion::multiversion;
use spikealign::configuration::RuleName;
use spikealign::feedback::{Rule, rule};
use spikealign::network::{Network, Sgd};
use spikealign::random::{Stream, generator};

const BATCH: usize = 32;
const IMAGE: [usize; 2] = [28, 28];
const SIZES: [&str; 5] = ["8,16,64,32", "scaled", "32,64,256,128", "64,128,512,256", "paper"];

fn main() {
    divan::main();
}

fn network(size: &str) -> (Network, Box<dyn Rule>) {
    let size = size.parse().expect("one of SIZES");
    let network = Network::new(size, IMAGE, 10, &mut generator(1, Stream::ForwardWeights));
    let network = network.expect("28 × 28 pixels are enough");
    let feedback = network.random_feedback(&mut generator(1, Stream::FeedbackWeights));
    (network, rule(RuleName::Fa, feedback))
}

/// Images of half zeros, as Fashion-MNIST's are, and labels.
fn batch() -> (Vec<f32>, Vec<u8>) {
    let pixel = |index: usize| (index.wrapping_mul(2_654_435_761) >> 8) as u8;
    let pixels = (0..BATCH * IMAGE[0] * IMAGE[1]).map(pixel);
    let images = pixels.map(|pixel| f32::from(pixel.saturating_sub(128)) / 127.0).collect();
    (images, (0..BATCH as u8).map(|index| index % 10).collect())
}

#[divan::bench(args = SIZES)]
fn train(bencher: Bencher, size: &str) {
    let (mut network, mut rule) = network(size);
    let (images, labels) = batch();
    // Without learning, no step differs from another.
    let sgd = Sgd { learning_rate: 0.0, momentum: 0.9 };
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        network.train_batch(black_box(&images), &labels, &mut *rule, sgd).expect("images to learn from")
    });
}

#[divan::bench(args = ["scaled", "paper"])]
fn forward(bencher: Bencher, size: &str) {
    let (mut network, _) = network(size);
    let (images, labels) = batch();
    bencher
        .counter(ItemsCount::new(BATCH))
        .bench_local(|| network.forward(black_box(&images), &labels).expect("images to learn from"));
}

#[divan::bench(args = ["scaled", "paper"])]
fn evaluate(bencher: Bencher, size: &str) {
    let (mut network, _) = network(size);
    let (images, labels) = batch();
    bencher
        .counter(ItemsCount::new(BATCH))
        .bench_local(|| network.evaluate(black_box(&images), &labels).expect("images to look at"));
}

/// The peak: items are floating-point operations.
#[divan::bench]
fn multiply_and_add(bencher: Bencher) {
    const STEPS: usize = 100_000;
    bencher
        .counter(ItemsCount::new(2 * CHAINS * STEPS))
        .bench_local(|| chains(STEPS, black_box(0.5), black_box(0.25)));
}

/// Twelve vectors of eight: enough independent chains to hide the latency of both operations.
const CHAINS: usize = 96;

#[multiversion(targets("x86_64+avx2"))]
fn chains(steps: usize, factor: f32, term: f32) -> [f32; CHAINS] {
    let mut values = [1.0; CHAINS];
    for _ in 0..steps {
        for value in &mut values {
            *value = *value * factor + term;
        }
    }
    values
}
