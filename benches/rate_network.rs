//! What is timed of the rate network, natively and in a browser alike, for batches of 32, next to the peak of
//! multiply-and-add on the same core.

use multiversion::multiversion;
use spikealign::feedback::{FeedbackAlignment, random_weights};
use spikealign::network::matrix_product::{COLUMNS, multiply_add};
use spikealign::network::{Network, NetworkSize, Sgd};
use spikealign::random::{Stream, generator};
use std::hint::black_box;

/// What the program was built for.
pub const BUILD: &str = if cfg!(target_feature = "relaxed-simd") {
    "Chromium, relaxed SIMD"
} else if cfg!(target_family = "wasm") {
    "Chromium"
} else {
    "native"
};

/// Images in a batch.
pub const BATCH: usize = 32;

/// Rows, columns and channels of an image.
pub const IMAGE: [usize; 3] = [28, 28, 1];

/// The same of an image in colour.
pub const COLOUR: [usize; 3] = [32, 32, 3];

/// The networks, and what they are called. Each is twice as wide as the one before it, up to the paper's.
const NETWORKS: [(&str, &str, [usize; 3]); 7] = [
    ("½ × scaled", "8,16,64,32", IMAGE),
    ("scaled", "16,32,128,64", IMAGE),
    ("2 × scaled", "32,64,256,128", IMAGE),
    ("4 × scaled", "64,128,512,256", IMAGE),
    ("paper", "paper", IMAGE),
    ("scaled, 32 × 32 in colour", "scaled", COLOUR),
    ("paper, 32 × 32 in colour", "paper", COLOUR),
];

/// Measures everything with the clock `now`, in milliseconds, and reports it line by line.
pub fn report(now: impl Fn() -> f64, print: impl Fn(String)) {
    const STEPS: usize = 100_000;
    let [_, peak] = rates(&now, || {
        black_box(chains(STEPS, black_box(0.5), black_box(0.25)));
        (2 * CHAINS * COLUMNS * STEPS) as f64
    });
    print(format!("{BUILD}, multiply and add: {:.1} GFLOP/s at best", peak / 1e9));
    // Without learning, no step differs from another.
    let sgd = Sgd { learning_rate: 0.0, momentum: 0.9, weight_decay: 0.0 };
    let mut half_as_wide = None;
    for (name, size, image) in NETWORKS {
        let (images, labels) = batch(image);
        let (mut network, mut rule) = network(size, image);
        let (forward_operations, operations) = operations(size, image);
        let report = |what: &str, [median, best]: [f64; 2], operations: f64| {
            let share = |rate: f64| 100.0 * rate * operations / peak;
            print(format!(
                "{BUILD}, {name}, {what}: {median:.0} images per second, {:.0}% of the peak (best {best:.0}, {:.0}%)",
                share(median),
                share(best)
            ));
        };
        let train = rates(&now, || {
            network.train_batch(&images, &labels, &mut rule, sgd).expect("images to learn from");
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
        let time = 1e6 / train[0];
        let growth = match half_as_wide.replace(time) {
            Some(half) if name != "paper" && image == IMAGE => {
                format!(", {:.1} times that at half the width", time / half)
            }
            _ => String::new(),
        };
        print(format!("{BUILD}, {name}, time to learn from an image: {time:.0} µs{growth}"));
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
fn network(size: &str, image: [usize; 3]) -> (Network, FeedbackAlignment) {
    let size = size.parse().expect("one of NETWORKS");
    let network = Network::new(size, image, 10, &mut generator(1, Stream::ForwardWeights));
    let network = network.expect("there are pixels enough");
    let feedback = random_weights(&network.feedback_shapes(), &mut generator(1, Stream::FeedbackWeights));
    (network, FeedbackAlignment::new(feedback))
}

/// Images of half zeros, as Fashion-MNIST's are, and labels.
fn batch(image: [usize; 3]) -> (Vec<f32>, Vec<u8>) {
    let pixel = |index: usize| (index.wrapping_mul(2_654_435_761) >> 8) as u8;
    let pixels = (0..BATCH * image.iter().product::<usize>()).map(pixel);
    let images = pixels.map(|pixel| f32::from(pixel.saturating_sub(128)) / 127.0).collect();
    (images, (0..BATCH as u8).map(|index| index % 10).collect())
}

/// Floating-point operations of the matrix products of one image: of a forward pass, and of a whole
/// training step. Every weight costs a multiplication and an addition forward, as many for its gradient,
/// and as many for the error that it sends down, which the first convolution does not.
fn operations(size: &str, [rows, columns, channels]: [usize; 3]) -> (f64, f64) {
    let NetworkSize { channels: [a, b], hidden: [c, d] } = size.parse().expect("one of NETWORKS");
    let [outer, pooled] = [[rows, columns].map(|side| side - 4), [rows, columns].map(|side| (side - 4) / 2)];
    let inner = pooled.map(|side| side - 4);
    let flattened = inner.map(|side| side / 2).iter().product::<usize>() * b;
    let first = outer.iter().product::<usize>() * 25 * channels * a;
    let rest = inner.iter().product::<usize>() * 25 * a * b + flattened * c + c * d + d * 10;
    (2.0 * (first + rest) as f64, 2.0 * (2 * first + 3 * rest) as f64)
}

/// As many vectors as there are registers for: enough chains to hide the latency of both operations.
const CHAINS: usize = 6;

/// `steps` multiplications and additions in each of [`CHAINS`] independent chains of vectors, with the
/// multiply-and-add of the network's own products: the peak.
#[inline(never)] // V8 optimises a function when it is called again, and not while it runs.
#[multiversion(targets("x86_64+avx2"))]
fn chains(steps: usize, factor: f32, term: f32) -> [[f32; COLUMNS]; CHAINS] {
    let mut values = [[1.0; COLUMNS]; CHAINS];
    for _ in 0..steps {
        values = values.map(|value| multiply_add(value, [factor; COLUMNS], [term; COLUMNS]));
    }
    values
}
