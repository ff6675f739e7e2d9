//! Max pooling 2×2 of what [`batch_norm`](super::batch_norm) normalises, in one pass over memory.
//!
//! Images are `[rows, columns, channels]`; an odd last row or column is left out, as PyTorch does.
//! Which of four values was the largest is not stored: it is recomputed from the same numbers.

use super::batch_norm::BatchNorm;
use multiversion::multiversion;

/// The shape after pooling.
pub fn output([rows, columns, channels]: [usize; 3]) -> [usize; 3] {
    [rows / 2, columns / 2, channels]
}

/// `output = max over 2×2 of (multiplier · values + offset)` for one image of `shape`.
#[multiversion(targets("x86_64+avx2"))]
pub fn forward(shape: [usize; 3], norm: &BatchNorm, values: &[f32], output: &mut [f32]) {
    let [rows, columns, channels] = self::output(shape);
    let corners = corners(shape);
    for row in 0..rows {
        for column in 0..columns {
            let start = (2 * row * shape[1] + 2 * column) * channels;
            let output = &mut output[(row * columns + column) * channels..][..channels];
            let [a, b, c, d] = corners.map(|corner| &values[start + corner..][..channels]);
            let (multiplier, offset) = (&norm.multiplier[..channels], &norm.offset[..channels]);
            for k in 0..channels {
                let normalise = |value: f32| multiplier[k] * value + offset[k];
                let left = larger(normalise(a[k]), normalise(b[k]));
                let right = larger(normalise(c[k]), normalise(d[k]));
                output[k] = larger(left, right);
            }
        }
    }
}

/// The first step back: adds to `norm.sums` those of `dy` and `dy · (x − mean)` over one image, where
/// `errors` is the gradient by the pooled output.
pub fn backward_sums(
    shape: [usize; 3],
    norm: &mut BatchNorm,
    values: &[f32],
    pooled: &[f32],
    errors: &[f32],
) {
    let [rows, columns, channels] = self::output(shape);
    let mut sums = vec![[0.0_f32; 2]; channels];
    for row in 0..rows {
        for column in 0..columns {
            let start = (2 * row * shape[1] + 2 * column) * channels;
            let cell = (row * columns + column) * channels;
            for (k, sums) in sums.iter_mut().enumerate() {
                let error = errors[cell + k];
                let at = start + largest(shape, norm, values, start + k, k, pooled[cell + k]) + k;
                sums[0] += error;
                sums[1] += error * (values[at] - norm.mean[k]);
            }
        }
    }
    let [error, product] = &mut norm.sums;
    for ((sums, error), product) in sums.iter().zip(error).zip(product) {
        *error += f64::from(sums[0]);
        *product += f64::from(sums[1]);
    }
}

/// The second step back: `gradient` by the values before the ReLU, of the size of `values`, once
/// [`BatchNorm::prepare_backward`] has seen the sums of the whole batch.
pub fn backward(
    shape: [usize; 3],
    norm: &BatchNorm,
    values: &[f32],
    pooled: &[f32],
    errors: &[f32],
    gradient: &mut [f32],
) {
    let [rows, columns, channels] = self::output(shape);
    for (values, gradient) in values.chunks_exact(channels).zip(gradient.chunks_exact_mut(channels)) {
        for k in 0..channels {
            let by_statistics = norm.slope[k] * (values[k] - norm.mean[k]) + norm.constant[k];
            gradient[k] = if values[k] > 0.0 { by_statistics } else { 0.0 };
        }
    }
    for row in 0..rows {
        for column in 0..columns {
            let start = (2 * row * shape[1] + 2 * column) * channels;
            let cell = (row * columns + column) * channels;
            for k in 0..channels {
                let at = start + largest(shape, norm, values, start + k, k, pooled[cell + k]) + k;
                if values[at] > 0.0 {
                    gradient[at] += norm.multiplier[k] * errors[cell + k];
                }
            }
        }
    }
}

/// Offsets of the four values of a cell from its first.
fn corners([_, columns, channels]: [usize; 3]) -> [usize; 4] {
    [0, channels, columns * channels, (columns + 1) * channels]
}

/// Which corner of the cell at `start` is the first to be `pooled`.
fn largest(
    shape: [usize; 3],
    norm: &BatchNorm,
    values: &[f32],
    start: usize,
    channel: usize,
    pooled: f32,
) -> usize {
    let [a, b, c, d] = corners(shape);
    let is_largest =
        |&corner: &usize| norm.multiplier[channel] * values[start + corner] + norm.offset[channel] == pooled;
    [a, b, c].into_iter().find(|corner| is_largest(corner)).unwrap_or(d)
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::batch_norm::rectify;
    use crate::network::reference::{self, assert_close, differences, dot, numbers, to_f64};

    #[test]
    fn values_and_gradients_are_those_of_a_naive_batch_norm_and_pool() {
        // Odd sides leave a row or column out of the pooling, but not out of the statistics.
        for (shape, images) in [([4, 6, 3], 2), ([5, 3, 16], 3), ([3, 7, 21], 1)] {
            let [rows, columns, channels] = shape;
            let size = rows * columns * channels;
            let pooled_size: usize = output(shape).iter().product();
            let input = numbers(images * size, 1);
            let errors = numbers(images * pooled_size, 2);
            let mut norm = BatchNorm::new(channels);
            norm.scale.value = numbers(channels, 3);
            norm.shift.value = numbers(channels, 4);
            let (scale, shift) = (to_f64(&norm.scale.value), to_f64(&norm.shift.value));
            let naive = |input: &[f64], scale: &[f64], shift: &[f64]| {
                reference::pool(shape, &reference::normalise(input, scale, shift))
            };
            let loss = |output: &[f64]| dot(output, &to_f64(&errors));

            let mut values = input.clone();
            rectify(&mut values);
            norm.measure(&values, rows * columns);
            let mut pooled = vec![f32::NAN; errors.len()];
            for (values, pooled) in values.chunks(size).zip(pooled.chunks_mut(pooled_size)) {
                forward(shape, &norm, values, pooled);
            }
            assert_close(&pooled, &naive(&to_f64(&input), &scale, &shift), 1e-5);

            norm.sums.iter_mut().for_each(|sums| sums.fill(0.0));
            let batch =
                || values.chunks(size).zip(pooled.chunks(pooled_size)).zip(errors.chunks(pooled_size));
            for ((values, pooled), errors) in batch() {
                backward_sums(shape, &mut norm, values, pooled, errors);
            }
            norm.prepare_backward(images * rows * columns);
            let mut gradient = vec![f32::NAN; input.len()];
            for (((values, pooled), errors), gradient) in batch().zip(gradient.chunks_mut(size)) {
                backward(shape, &norm, values, pooled, errors, gradient);
            }
            let expected = differences(&to_f64(&input), |input| loss(&naive(input, &scale, &shift)));
            assert_close(&gradient, &expected, 1e-4);
            let expected = differences(&scale, |scale| loss(&naive(&to_f64(&input), scale, &shift)));
            assert_close(&norm.scale.gradient, &expected, 1e-5);
            let expected = differences(&shift, |shift| loss(&naive(&to_f64(&input), &scale, shift)));
            assert_close(&norm.shift.gradient, &expected, 1e-5);
        }
    }
}
