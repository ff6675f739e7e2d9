//! What econometrics asks of a regression discontinuity: the jump at a threshold from lines fitted close to it, and the
//! jump of the density there.

/// A jump at a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jump {
    /// The value just above, less that just below.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
    /// How many points count below, and above.
    pub counts: [usize; 2],
}

/// What is fitted on one side of the threshold.
struct Side {
    at_threshold: f64,
    variance: f64,
    count: usize,
}

/// The jump at `threshold` in `points` `(x, y)`: a line on each side, with weights that fall from 1 to 0 at `bandwidth`
/// (the triangular kernel), and standard errors that allow for unequal variances. None for too few points.
pub fn jump(points: &[(f64, f64)], threshold: f64, bandwidth: f64) -> Option<Jump> {
    let [below, above] = [false, true].map(|above| side(points, threshold, bandwidth, above));
    let (below, above) = (below?, above?);
    Some(Jump {
        estimate: above.at_threshold - below.at_threshold,
        error: (above.variance + below.variance).sqrt(),
        counts: [below.count, above.count],
    })
}

fn side(points: &[(f64, f64)], threshold: f64, bandwidth: f64, above: bool) -> Option<Side> {
    let near = || {
        points.iter().filter_map(|&(x, y)| {
            let distance = x - threshold;
            let weight = 1.0 - distance.abs() / bandwidth;
            ((distance >= 0.0) == above && weight > 0.0).then_some((weight, distance, y))
        })
    };
    let (mut sums, mut count) = ([0.0; 5], 0);
    for (weight, x, y) in near() {
        for (sum, value) in sums.iter_mut().zip([1.0, x, x * x, y, x * y]) {
            *sum += weight * value;
        }
        count += 1;
    }
    let [one, x, xx, y, xy] = sums;
    let determinant = one * xx - x * x;
    if count < 3 || determinant <= 1e-12 * one * xx {
        return None;
    }
    let [intercept, slope] = [(xx * y - x * xy) / determinant, (one * xy - x * y) / determinant];
    let variance = near().map(|(weight, distance, y)| {
        let share = weight * (xx - x * distance) / determinant;
        (share * (y - intercept - slope * distance)).powi(2)
    });
    Some(Side { at_threshold: intercept, variance: variance.sum(), count })
}

/// The jump at `threshold` of the logarithm of the density of `values` (McCrary 2008): whoever could choose on which
/// side to be would show here. None for too few values, or a density that is not positive.
pub fn density_jump(values: &[f64], threshold: f64, bandwidth: f64) -> Option<Jump> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    let width = 2.0 * deviation / count.sqrt();
    // Bins that matter, none of which holds the threshold within it.
    let reach = (bandwidth / width).ceil();
    if !(reach >= 1.0 && reach <= count) {
        return None;
    }
    let mut heights = vec![0.0; 2 * reach as usize];
    for value in values {
        let bin = ((value - threshold) / width).floor() + reach;
        if bin >= 0.0
            && let Some(height) = heights.get_mut(bin as usize)
        {
            *height += 1.0 / (count * width);
        }
    }
    let bins: Vec<_> = (heights.iter().enumerate())
        .map(|(bin, &height)| (threshold + (bin as f64 + 0.5 - reach) * width, height))
        .collect();
    let [below, above] =
        [false, true].map(|above| side(&bins, threshold, bandwidth, above).map(|side| side.at_threshold));
    let (below, above) = (below.filter(|&height| height > 0.0)?, above.filter(|&height| height > 0.0)?);
    let are_near = |from: f64, to: f64| values.iter().filter(|&&value| (from..to).contains(&value)).count();
    Some(Jump {
        estimate: (above / below).ln(),
        error: (24.0 / 5.0 * (1.0 / above + 1.0 / below) / (count * bandwidth)).sqrt(),
        counts: [are_near(threshold - bandwidth, threshold), are_near(threshold, threshold + bandwidth)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, generator};
    use rand::RngExt;

    #[test]
    fn a_jump_between_two_lines_is_found_exactly() {
        let value = |x: f64| if x < 1.0 { 2.0 - x } else { 3.0 + 0.5 * x };
        let points: Vec<_> = (0..200).map(|i| (f64::from(i) + 0.5) / 100.0).map(|x| (x, value(x))).collect();
        for bandwidth in [0.1, 0.5, f64::INFINITY] {
            let Jump { estimate, error, .. } = jump(&points, 1.0, bandwidth).unwrap();
            approx::assert_abs_diff_eq!(estimate, 2.5, epsilon = 1e-9);
            assert!(error < 1e-9);
        }
        assert_eq!(jump(&points, 1.0, 0.1).unwrap().counts, [10, 10]);
        assert_eq!(jump(&points[..100], 1.0, 0.1), None);
    }

    /// Out of 200 estimates, those further from the truth than 1.96 standard errors.
    fn misses(estimate: impl Fn(u32) -> Jump, truth: f64) -> usize {
        (1..=200)
            .filter(|&seed| {
                let found = estimate(seed);
                (found.estimate - truth).abs() > 1.96 * found.error
            })
            .count()
    }

    #[test]
    fn standard_errors_hold_what_they_promise() {
        let of_lines = |seed| {
            let generator = &mut generator(seed, Stream::Noise);
            let points: Vec<_> = (0..400)
                .map(|_| {
                    let x = generator.random_range(0.0..2.0f64);
                    let noise = (1.0 + x) * generator.random_range(-1.0..1.0);
                    (x, x + noise + if x < 1.0 { 0.0 } else { 0.5 })
                })
                .collect();
            jump(&points, 1.0, 0.8).unwrap()
        };
        let missed = misses(of_lines, 0.5);
        assert!((3..=22).contains(&missed), "{missed}");
        // Two thirds of the values are above the threshold.
        let of_density = |seed| {
            let generator = &mut generator(seed, Stream::Noise);
            let draw = |_| match generator.random_range(0..3) {
                0 => generator.random_range(0.0..1.0f64),
                _ => generator.random_range(1.0..2.0),
            };
            density_jump(&(0..2_000).map(draw).collect::<Vec<_>>(), 1.0, 0.5).unwrap()
        };
        let missed = misses(of_density, 2f64.ln());
        assert!((2..=22).contains(&missed), "{missed}");
    }

    #[test]
    fn no_values_have_no_density() {
        assert_eq!(density_jump(&[], 1.0, 0.1), None);
        assert_eq!(density_jump(&[1.0; 9], 1.0, 0.1), None);
    }

    /// From a fit by weighted least squares in numpy, with errors for unequal variances (HC0), and from bins counted there.
    #[test]
    fn a_jump_is_that_of_an_independent_fit() {
        let points: Vec<_> =
            (0..100).map(|i| (f64::from(i * 37 % 100) / 50.0, f64::from(i * i * 13 % 29) / 7.0)).collect();
        let found = jump(&points, 1.0, 0.5).unwrap();
        approx::assert_relative_eq!(found.estimate, -0.465_433_986_303_550_4, max_relative = 1e-12);
        approx::assert_relative_eq!(found.error, 0.780_785_651_888_482_4, max_relative = 1e-12);
        // Those at 0.5 and 1.5 have no weight.
        assert_eq!(found.counts, [24, 25]);
        // In units a million times as large it is the same.
        let small: Vec<_> = points.iter().map(|(x, y)| (x * 1e-6, *y)).collect();
        approx::assert_relative_eq!(
            jump(&small, 1e-6, 5e-7).unwrap().estimate,
            found.estimate,
            max_relative = 1e-6
        );

        let values: Vec<_> = (0..300).map(|i| f64::from(i * i * 37 % 1_009) / 504.5).collect();
        let found = density_jump(&values, 0.9, 0.55).unwrap();
        approx::assert_relative_eq!(found.estimate, -0.544_951_600_854_739_7, max_relative = 1e-12);
        approx::assert_relative_eq!(found.error, 0.400_840_830_506_818_57, max_relative = 1e-12);
        assert_eq!(found.counts, [79, 74]);
    }

    #[test]
    fn a_line_takes_three_points_that_do_not_lie_above_each_other() {
        let points = |xs: [f64; 3]| {
            xs.map(|x| (x, 3.0 + x)).into_iter().chain([1.25, 1.5, 1.75].map(|x| (x, x))).collect::<Vec<_>>()
        };
        let three = points([0.25, 0.5, 0.75]);
        approx::assert_abs_diff_eq!(jump(&three, 1.0, 1.0).unwrap().estimate, -3.0, epsilon = 1e-12);
        assert_eq!(jump(&three[1..], 1.0, 1.0), None);
        assert_eq!(jump(&three[..5], 1.0, 1.0), None);
        assert_eq!(jump(&points([0.5; 3]), 1.0, 1.0), None);
    }

    #[test]
    fn where_there_is_nothing_on_one_side_there_is_no_jump_of_the_density() {
        let values: Vec<_> = (0..100).map(|i| f64::from(i) / 100.0).collect();
        assert_eq!(density_jump(&values, 1.0, 0.5), None);
        assert_eq!(density_jump(&values, 0.0, 0.5), None);
    }
}
