//! Max pooling 2×2 of what [`batch_norm`](super::batch_norm) normalises, in one pass over memory.
//!
//! Images are `[rows, columns, channels]`; an odd last row or column is left out, as PyTorch does.
//! Normalising is `multiplier · x + offset`, so the largest result is that of the largest `x`, or of the
//! smallest where the multiplier is negative: that `x` is selected first, and only it is normalised.

use super::batch_norm::BatchNorm;
use super::lanes::for_lanes;
use multiversion::multiversion;

/// The shape after pooling.
pub fn output([rows, columns, channels]: [usize; 3]) -> [usize; 3] {
    [rows / 2, columns / 2, channels]
}

/// `output = max over 2×2 of (multiplier · values + offset)` for one image of `shape`, and the values
/// that were `selected` for it.
#[multiversion(targets("x86_64+avx2"))]
pub fn forward(
    shape: [usize; 3],
    norm: &BatchNorm,
    values: &[f32],
    selected: &mut [f32],
    output: &mut [f32],
) {
    let [rows, columns, channels] = self::output(shape);
    let row_length = shape[1] * channels;
    for row in 0..rows {
        let (top, bottom) = values[2 * row * row_length..][..2 * row_length].split_at(row_length);
        for column in 0..columns {
            let cell = (row * columns + column) * channels;
            let pair = 2 * column * channels;
            for_lanes!(channels, LANES, first => {
                let [a, b] = [pair, pair + channels].map(|at| &top[at + first..][..LANES]);
                let [c, d] = [pair, pair + channels].map(|at| &bottom[at + first..][..LANES]);
                let multiplier = &norm.multiplier[first..][..LANES];
                let offset = &norm.offset[first..][..LANES];
                let selected = &mut selected[cell + first..][..LANES];
                let output = &mut output[cell + first..][..LANES];
                for lane in 0..LANES {
                    let (a, b, c, d) = (a[lane], b[lane], c[lane], d[lane]);
                    let largest = larger(larger(a, b), larger(c, d));
                    let smallest = smaller(smaller(a, b), smaller(c, d));
                    let value = if multiplier[lane] < 0.0 { smallest } else { largest };
                    selected[lane] = value;
                    output[lane] = multiplier[lane] * value + offset[lane];
                }
            });
        }
    }
}

/// The `gradient` by the values of one image before the ReLU, from the `errors` of the pooled output,
/// once [`BatchNorm::prepare_backward`] has seen the selected values and errors of the whole batch.
///
/// An error goes to the first of the four values that equals the selected one.
#[multiversion(targets("x86_64+avx2"))]
pub fn backward(
    shape: [usize; 3],
    norm: &BatchNorm,
    values: &[f32],
    selected: &[f32],
    errors: &[f32],
    gradient: &mut [f32],
) {
    let [rows, columns, channels] = self::output(shape);
    let row_length = shape[1] * channels;
    for row in 0..rows {
        let block = 2 * row * row_length..2 * (row + 1) * row_length;
        let (values, gradient) = (&values[block.clone()], &mut gradient[block]);
        for column in 0..columns {
            let cell = (row * columns + column) * channels;
            let pair = 2 * column * channels;
            let corners = [0, channels, row_length, row_length + channels].map(|at| pair + at);
            for_lanes!(channels, LANES, first => {
                let selected = &selected[cell + first..][..LANES];
                let errors = &errors[cell + first..][..LANES];
                let multiplier = &norm.multiplier[first..][..LANES];
                let mean = &norm.mean[first..][..LANES];
                let slope = &norm.slope[first..][..LANES];
                let constant = &norm.constant[first..][..LANES];
                let mut rest = [0.0; LANES];
                for lane in 0..LANES {
                    rest[lane] = multiplier[lane] * errors[lane];
                }
                for corner in corners {
                    let values = &values[corner + first..][..LANES];
                    let gradient = &mut gradient[corner + first..][..LANES];
                    for lane in 0..LANES {
                        let value = values[lane];
                        let is_selected = value == selected[lane];
                        let error = if is_selected { rest[lane] } else { 0.0 };
                        rest[lane] = if is_selected { 0.0 } else { rest[lane] };
                        let by_value = error + slope[lane] * (value - mean[lane]) + constant[lane];
                        gradient[lane] = if value > 0.0 { by_value } else { 0.0 };
                    }
                }
            });
        }
        if shape[1] % 2 == 1 {
            for pixel in [row_length - channels, 2 * row_length - channels] {
                without_error(norm, &values[pixel..], &mut gradient[pixel..][..channels]);
            }
        }
    }
    let last = 2 * rows * row_length;
    without_error(norm, &values[last..], &mut gradient[last..]);
}

/// The gradient by values that no pooling looks at: they still move the statistics.
fn without_error(norm: &BatchNorm, values: &[f32], gradient: &mut [f32]) {
    for (index, (gradient, &value)) in gradient.iter_mut().zip(values).enumerate() {
        let channel = index % norm.mean.len();
        let by_value = norm.slope[channel] * (value - norm.mean[channel]) + norm.constant[channel];
        *gradient = if value > 0.0 { by_value } else { 0.0 };
    }
}

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}

#[inline(always)]
fn smaller(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            norm.begin();
            values.chunks_mut(size).for_each(|image| norm.rectify_and_measure(image));
            norm.finish();
            let mut pooled = vec![f32::NAN; errors.len()];
            let mut selected = pooled.clone();
            for ((values, selected), pooled) in
                values.chunks(size).zip(selected.chunks_mut(pooled_size)).zip(pooled.chunks_mut(pooled_size))
            {
                forward(shape, &norm, values, selected, pooled);
            }
            assert_close(&pooled, &naive(&to_f64(&input), &scale, &shift), 1e-5);

            norm.begin();
            norm.add_errors(&selected, &errors);
            norm.prepare_backward();
            let mut gradient = vec![f32::NAN; input.len()];
            for (((values, selected), errors), gradient) in values
                .chunks(size)
                .zip(selected.chunks(pooled_size))
                .zip(errors.chunks(pooled_size))
                .zip(gradient.chunks_mut(size))
            {
                backward(shape, &norm, values, selected, errors, gradient);
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
