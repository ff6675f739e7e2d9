//! What is timed of the rate network, natively and in a browser alike, for batches of 32, next to the peak of
//! multiply-and-add on the same core. The sizes from `8,16,64,32` to `64,128,512,256` are ½, 1, 2 and 4 times
//! `scaled`.

use multiversion::multiversion;
use spikealign::configuration::{NetworkSize, RuleName};
use spikealign::feedback::{Rule, random_weights, rule};
use spikealign::network::{Network, Sgd};
use spikealign::random::{Stream, generator};
use std::hint::black_box;

const BATCH: usize = 32;
const SIZES: [&str; 5] = ["8,16,64,32", "scaled", "32,64,256,128", "64,128,512,256", "paper"];
const IMAGE: [usize; 2] = [28, 28];

/// Measures everything with the clock `now`, in milliseconds, and reports it line by line.
pub fn report(now: impl Fn() -> f64, print: impl Fn(String)) {
    const STEPS: usize = 100_000;
    let [_, peak] = rates(&now, || {
        black_box(chains(STEPS, black_box(0.5), black_box(0.25)));
        (2 * CHAINS * STEPS) as f64
    });
    print(format!("multiply and add: {:.1} GFLOP/s at best", peak / 1e9));
    let (images, labels) = batch();
    // Without learning, no step differs from another.
    let sgd = Sgd { learning_rate: 0.0, momentum: 0.9 };
    for size in SIZES {
        let (mut network, mut rule) = network(size);
        let (forward_operations, operations) = operations(size);
        let report = |what: &str, [median, best]: [f64; 2], operations: f64| {
            let share = |rate: f64| 100.0 * rate * operations / peak;
            print(format!(
                "network, {size}, {what}: {median:.0} images per second, {:.0} % of the peak (best {best:.0}, {:.0} %)",
                share(median),
                share(best)
            ));
        };
        let train = rates(&now, || {
            network.train_batch(&images, &labels, &mut *rule, sgd).expect("images to learn from");
            BATCH as f64
        });
        report("training", train, operations);
        let forward = rates(&now, || {
            network.forward(&images, &labels).expect("images to learn from");
            BATCH as f64
        });
        report("forward half", forward, forward_operations);
        let mut answers = Vec::new();
        let evaluate = rates(&now, || {
            answers.clear();
            network.evaluate(&images, &labels, &mut answers).expect("images to look at");
            BATCH as f64
        });
        report("evaluation", evaluate, forward_operations);
    }
}

/// The median and the largest of nine rates, each of `work`, which says how much it did, per second.
fn rates(now: impl Fn() -> f64, mut work: impl FnMut() -> f64) -> [f64; 2] {
    work();
    let mut rates: Vec<f64> = (0..9)
        .map(|_| {
            let (start, mut done) = (now(), 0.0);
            while now() - start < 250.0 {
                done += work();
            }
            done / ((now() - start) / 1000.0)
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    [rates[4], rates[8]]
}

/// A network that learns by feedback alignment.
fn network(size: &str) -> (Network, Box<dyn Rule>) {
    let size = size.parse().expect("one of SIZES");
    let network = Network::new(size, IMAGE, 10, &mut generator(1, Stream::ForwardWeights));
    let network = network.expect("28 × 28 pixels are enough");
    let feedback = random_weights(&network.feedback_shapes(), &mut generator(1, Stream::FeedbackWeights));
    (network, rule(RuleName::Fa, feedback))
}

/// Images of half zeros, as Fashion-MNIST's are, and labels.
fn batch() -> (Vec<f32>, Vec<u8>) {
    let pixel = |index: usize| (index.wrapping_mul(2_654_435_761) >> 8) as u8;
    let pixels = (0..BATCH * IMAGE[0] * IMAGE[1]).map(pixel);
    let images = pixels.map(|pixel| f32::from(pixel.saturating_sub(128)) / 127.0).collect();
    (images, (0..BATCH as u8).map(|index| index % 10).collect())
}

/// Floating-point operations of the matrix products of one image: of a forward pass, and of a whole
/// training step. Every weight costs a multiplication and an addition forward, as many for its gradient,
/// and as many for the error that it sends down, which the first convolution does not.
fn operations(size: &str) -> (f64, f64) {
    let NetworkSize { channels: [a, b], hidden: [c, d] } = size.parse().expect("one of SIZES");
    let first = 24 * 24 * 25 * a;
    let rest = 8 * 8 * 25 * a * b + 16 * b * c + c * d + d * 10;
    (2.0 * (first + rest) as f64, 2.0 * (2 * first + 3 * rest) as f64)
}

/// As many vectors as there are registers for: enough chains to hide the latency of both operations.
const CHAINS: usize = if cfg!(target_family = "wasm") { 48 } else { 96 };

/// `steps` multiplications and additions in each of [`CHAINS`] independent chains: the peak.
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
