//! How sure a mean is: the bias-corrected and accelerated bootstrap (Efron 1987), as SciPy's `bootstrap` has it.

use crate::random::{Stream, generator};
use rand::RngExt;
use std::f64::consts::SQRT_2;

/// Fewer values than this have no interval: their resamples are too much alike, and it would be too narrow. The study has the
/// same bound.
pub const FEWEST: usize = 10;

const RESAMPLES: usize = 10_000;
/// The 2.5% quantile of the normal distribution.
const TAIL: f64 = -1.959_963_984_540_054;

/// The 95% interval of the mean of `values`, with resamples drawn from `seed`; none for fewer than [`FEWEST`].
///
/// ```
/// use spikealign::bootstrap::interval_of_mean;
///
/// let ten = [1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0];
/// let [low, high] = interval_of_mean(&ten, 1).unwrap();
/// assert!(low < 3.0 && 3.0 < high);
/// assert_eq!(interval_of_mean(&ten[1..], 1), None);
/// ```
pub fn interval_of_mean(values: &[f64], seed: u32) -> Option<[f64; 2]> {
    let count = values.len();
    if count < FEWEST {
        return None;
    }
    let generator = &mut generator(seed, Stream::Bootstrap);
    let means: Vec<f64> = (0..RESAMPLES)
        .map(|_| (0..count).map(|_| values[generator.random_range(0..count)]).sum::<f64>() / count as f64)
        .collect();
    let share = |holds: &dyn Fn(f64) -> bool| {
        means.iter().filter(|&&mean| holds(mean)).count() as f64 / RESAMPLES as f64
    };
    let mean = values.iter().sum::<f64>() / count as f64;
    let bias = normal_quantile((share(&|other| other < mean) + share(&|other| other <= mean)) / 2.0);
    let acceleration = acceleration(values, mean);
    let range = [f64::min, f64::max].map(|end| means.iter().copied().fold(mean, end));
    Some([TAIL, -TAIL].map(|tail| {
        let shifted = bias + tail;
        let wanted = normal(bias + shifted / (1.0 - acceleration * shifted));
        solve(|x| share(&|other| other <= x), wanted, range)
    }))
}

/// A sixth of the skewness of the mean, from the means that leave out one value each.
fn acceleration(values: &[f64], mean: f64) -> f64 {
    let (mut squares, mut cubes) = (0.0, 0.0);
    for value in values {
        let apart = value - mean;
        squares += apart * apart;
        cubes += apart * apart * apart;
    }
    if squares == 0.0 { 0.0 } else { cubes / (6.0 * squares * squares.sqrt()) }
}

/// The share of the normal distribution below `x`.
fn normal(x: f64) -> f64 {
    libm::erfc(-x / SQRT_2) / 2.0
}

/// The inverse of [`normal`].
fn normal_quantile(share: f64) -> f64 {
    solve(normal, share, [-8.0, 8.0])
}

/// Where a rising function reaches a value, by bisection; one end, if it is beyond.
fn solve(rising: impl Fn(f64) -> f64, value: f64, [mut low, mut high]: [f64; 2]) -> f64 {
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if rising(middle) < value {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SciPy 1.16.3: `bootstrap((values,), np.mean, n_resamples=400_000, method="BCa", rng=1)`.
    const KNOWN: [(&[f64], [f64; 2]); 3] = [
        (&[2.1307, 1.4119, 3.3748, 2.8253, 1.9421, 2.6110, 0.9034, 1.7702, 2.2518, 3.0125], [1.7634, 2.6498]),
        (
            &[0.3127, -0.4092, 0.1411, 0.9236, -0.2318, 0.5023, 0.0171, 2.4359, 0.2846, -0.1033, 0.7718],
            [0.1048, 1.0737],
        ),
        (
            &[-0.7113, -0.9041, -0.4276, -1.2302, -0.8157, -0.1429, -0.6331, -1.1018, -0.5264, -0.3195],
            [-0.8873, -0.4848],
        ),
    ];

    #[test]
    fn intervals_are_those_of_scipy() {
        for (values, expected) in KNOWN {
            let width = expected[1] - expected[0];
            for seed in 1..4 {
                let found = interval_of_mean(values, seed).unwrap();
                for (found, expected) in found.iter().zip(expected) {
                    assert!((found - expected).abs() < 0.03 * width, "{values:?}: {found} for {expected}");
                }
            }
        }
    }

    #[test]
    fn equal_values_leave_no_doubt_and_few_have_no_interval() {
        assert_eq!(interval_of_mean(&[0.5; 10], 1), Some([0.5, 0.5]));
        assert_eq!(interval_of_mean(&[0.5; 9], 1), None);
    }

    #[test]
    fn the_normal_distribution_and_its_inverse() {
        assert!((normal_quantile(0.025) - TAIL).abs() < 1e-12);
        assert!((normal(1.0) - 0.841_344_746_068_542_9).abs() < 1e-15);
    }
}
