//! ReLU and then batch normalisation (Ioffe and Szegedy 2015), with the semantics of PyTorch.
//!
//! With the mean μ and the biased variance σ² of the rectified values of a channel over the batch,
//! `y = scale · (x − μ) / √(σ² + ε) + shift`. That is `multiplier · x + offset` for each channel, and
//! so it is computed: in evaluation with the running statistics in place of the batch's.
//!
//! Values are `[positions, channels]`, where a position is a pixel of an image of the batch, or an
//! example. Sums run over the positions of one image in order, then over images in `f64`.

use super::lanes::for_lanes;
use super::sgd::{Parameter, Part};
use multiversion::multiversion;

/// Weight of the newest batch in the running statistics.
const MOMENTUM: f64 = 0.1;
/// Added to the variance, so that a constant channel is harmless.
const EPSILON: f64 = 1e-5;

/// The parameters and statistics of one batch normalisation; every vector is `[channels]`.
#[derive(Debug, Clone)]
pub struct BatchNorm {
    /// Learnt scale.
    pub scale: Parameter,
    /// Learnt shift.
    pub shift: Parameter,
    /// Running mean, for evaluation.
    pub running_mean: Vec<f32>,
    /// Running unbiased variance, for evaluation.
    pub running_variance: Vec<f32>,
    /// Mean of the batch.
    pub mean: Vec<f32>,
    /// `1 / √(variance + ε)` of the batch.
    inverse_deviation: Vec<f32>,
    /// `scale / √(variance + ε)`.
    pub multiplier: Vec<f32>,
    /// `shift − mean · multiplier`.
    pub offset: Vec<f32>,
    /// The gradient by `x` is `multiplier · dy + slope · (x − mean) + constant`: see [`backward`].
    pub slope: Vec<f32>,
    /// See `slope`.
    pub constant: Vec<f32>,
    /// Over the batch so far: the sum of `x` and of `(x − mean)²`, or of `dy` and `dy · (x − mean)`.
    sums: [Vec<f64>; 2],
    /// The sums of one image.
    image_sums: [Vec<f64>; 2],
    /// Positions in the sums.
    count: f64,
    /// Positions of the batch whose statistics are used. Infinitely many with the running ones: none has any influence.
    positions: f64,
}

impl BatchNorm {
    /// Scale 1 and shift 0; running mean 0 and variance 1.
    pub fn new(channels: usize) -> Self {
        let zeros = vec![0.0; channels];
        let ones = vec![1.0; channels];
        Self {
            scale: Parameter::new(ones.clone()),
            shift: Parameter::new(zeros.clone()),
            running_mean: zeros.clone(),
            running_variance: ones,
            mean: zeros.clone(),
            inverse_deviation: zeros.clone(),
            multiplier: zeros.clone(),
            offset: zeros.clone(),
            slope: zeros.clone(),
            constant: zeros,
            sums: [vec![0.0; channels], vec![0.0; channels]],
            image_sums: [vec![0.0; channels], vec![0.0; channels]],
            count: 0.0,
            positions: 0.0,
        }
    }

    /// Everything that it learns.
    pub(super) fn parts(&mut self) -> [Part<'_>; 4] {
        [
            Part::Parameter(&mut self.scale),
            Part::Parameter(&mut self.shift),
            Part::Statistic(&mut self.running_mean),
            Part::Statistic(&mut self.running_variance),
        ]
    }

    /// Starts on a batch.
    pub fn begin(&mut self) {
        self.sums.iter_mut().for_each(|sums| sums.fill(0.0));
        self.count = 0.0;
    }

    /// Rectifies the `values` of one image of the batch, and adds them to its statistics, by the
    /// update of Chan, Golub and LeVeque (1979), while they are still in the cache.
    pub fn rectify_and_measure(&mut self, values: &mut [f32]) {
        let count = (values.len() / self.mean.len()) as f64;
        self.image_sums.iter_mut().for_each(|sums| sums.fill(0.0));
        let [sum, squares] = &mut self.image_sums;
        rectify_and_sum(values, sum);
        for (mean, sum) in self.mean.iter_mut().zip(&*sum) {
            *mean = (sum / count) as f32;
        }
        sum_squared_deviations(values, &self.mean, squares);
        let together = self.count + count;
        let [total, total_squares] = &mut self.sums;
        for channel in 0..sum.len() {
            let difference = sum[channel] / count - total[channel] / self.count.max(1.0);
            total_squares[channel] +=
                squares[channel] + difference * difference * self.count * count / together;
            total[channel] += sum[channel];
        }
        self.count = together;
    }

    /// Ends a batch: its statistics are those to normalise with, and a part of the running ones.
    pub fn finish(&mut self) {
        let count = self.count;
        self.positions = count;
        for channel in 0..self.mean.len() {
            let (mean, variance) = (self.sums[0][channel] / count, self.sums[1][channel] / count);
            self.mean[channel] = mean as f32;
            self.inverse_deviation[channel] = (1.0 / (variance + EPSILON).sqrt()) as f32;
            let unbiased = variance * count / (count - 1.0);
            for (running, new) in [(&mut self.running_mean, mean), (&mut self.running_variance, unbiased)] {
                let running = &mut running[channel];
                *running = ((1.0 - MOMENTUM) * f64::from(*running) + MOMENTUM * new) as f32;
            }
        }
        self.set_affine();
    }

    /// Prepares for evaluation: the running statistics take the place of the batch's.
    pub fn use_running_statistics(&mut self) {
        self.positions = f64::INFINITY;
        self.mean.copy_from_slice(&self.running_mean);
        for (inverse, &variance) in self.inverse_deviation.iter_mut().zip(&self.running_variance) {
            *inverse = (1.0 / (f64::from(variance) + EPSILON).sqrt()) as f32;
        }
        self.set_affine();
    }

    fn set_affine(&mut self) {
        for channel in 0..self.mean.len() {
            self.multiplier[channel] = self.scale.value[channel] * self.inverse_deviation[channel];
            self.offset[channel] = self.shift.value[channel] - self.mean[channel] * self.multiplier[channel];
        }
    }

    /// Adds the `values` of one image that have an error, and their `errors`, to the sums for the gradients, after
    /// [`BatchNorm::begin`].
    pub fn add_errors(&mut self, values: &[f32], errors: &[f32]) {
        let [error, product] = &mut self.sums;
        sum_errors(values, errors, &self.mean, error, product);
    }

    /// From the sums of `dy` and `dy · (x − mean)` over the positions of a batch: the gradients of scale and shift, and
    /// the coefficients of the gradient by `x`.
    pub fn prepare_backward(&mut self) {
        let count = self.positions;
        for channel in 0..self.mean.len() {
            let (error, product) = (self.sums[0][channel], self.sums[1][channel]);
            let inverse = f64::from(self.inverse_deviation[channel]);
            let multiplier = f64::from(self.multiplier[channel]);
            self.shift.gradient[channel] = error as f32;
            self.scale.gradient[channel] = (product * inverse) as f32;
            self.slope[channel] = (-multiplier * inverse * inverse * product / count) as f32;
            self.constant[channel] = (-multiplier * error / count) as f32;
        }
    }
}

/// ReLU in place.
#[multiversion(targets("x86_64+avx2"))]
pub fn rectify(values: &mut [f32]) {
    for value in values {
        *value = rectified(*value);
    }
}

/// The larger of the value and 0, without a comparison, which compilers turn into a branch. What is
/// not a number stays so, for the loss to report.
#[inline(always)]
fn rectified(value: f32) -> f32 {
    0.5 * (value + value.abs())
}

/// `output = multiplier · values + offset`, channel by channel.
#[multiversion(targets("x86_64+avx2"))]
pub fn forward(norm: &BatchNorm, values: &[f32], output: &mut [f32]) {
    let channels = norm.mean.len();
    for (values, output) in values.chunks_exact(channels).zip(output.chunks_exact_mut(channels)) {
        let affine = norm.multiplier.iter().zip(&norm.offset);
        for ((output, value), (multiplier, offset)) in output.iter_mut().zip(values).zip(affine) {
            *output = multiplier * value + offset;
        }
    }
}

/// Turns the gradient by the output, in `errors`, into that by the values before the ReLU, once
/// [`BatchNorm::prepare_backward`] has seen all of them.
#[multiversion(targets("x86_64+avx2"))]
pub fn backward(norm: &BatchNorm, values: &[f32], errors: &mut [f32]) {
    let channels = norm.mean.len();
    for (values, errors) in values.chunks_exact(channels).zip(errors.chunks_exact_mut(channels)) {
        for channel in 0..channels {
            let (value, error) = (values[channel], errors[channel]);
            let gradient = norm.multiplier[channel] * error
                + norm.slope[channel] * (value - norm.mean[channel])
                + norm.constant[channel];
            errors[channel] = if value > 0.0 { gradient } else { 0.0 };
        }
    }
}

/// Rectifies, and adds to each channel's sum.
#[multiversion(targets("x86_64+avx2"))]
fn rectify_and_sum(values: &mut [f32], sums: &mut [f64]) {
    let channels = sums.len();
    for_lanes!(channels, LANES, first => {
        let mut partial = [0.0_f32; LANES];
        for row in values.chunks_exact_mut(channels) {
            let row = &mut row[first..][..LANES];
            for lane in 0..LANES {
                row[lane] = rectified(row[lane]);
                partial[lane] += row[lane];
            }
        }
        add(&partial, &mut sums[first..]);
    });
}

/// Adds `Σ (x − mean)²` to each channel's sum.
#[multiversion(targets("x86_64+avx2"))]
fn sum_squared_deviations(values: &[f32], mean: &[f32], sums: &mut [f64]) {
    let channels = sums.len();
    for_lanes!(channels, LANES, first => {
        let mut partial = [0.0_f32; LANES];
        let mean = &mean[first..first + LANES];
        for row in values.chunks_exact(channels) {
            let row = &row[first..first + LANES];
            for ((sum, value), mean) in partial.iter_mut().zip(row).zip(mean) {
                *sum += (value - mean) * (value - mean);
            }
        }
        add(&partial, &mut sums[first..]);
    });
}

/// Adds `Σ dy` and `Σ dy · (x − mean)` to each channel's sums.
#[multiversion(targets("x86_64+avx2"))]
fn sum_errors(values: &[f32], errors: &[f32], mean: &[f32], error: &mut [f64], product: &mut [f64]) {
    let channels = mean.len();
    for_lanes!(channels, LANES, first => {
        let mut partial = [[0.0_f32; LANES]; 2];
        let mean = &mean[first..first + LANES];
        for (row, errors) in values.chunks_exact(channels).zip(errors.chunks_exact(channels)) {
            let (row, errors) = (&row[first..first + LANES], &errors[first..first + LANES]);
            for lane in 0..LANES {
                partial[0][lane] += errors[lane];
                partial[1][lane] += errors[lane] * (row[lane] - mean[lane]);
            }
        }
        add(&partial[0], &mut error[first..]);
        add(&partial[1], &mut product[first..]);
    });
}

#[inline(always)]
fn add(partial: &[f32], sums: &mut [f64]) {
    for (sum, partial) in sums.iter_mut().zip(partial) {
        *sum += f64::from(*partial);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::reference::{self, assert_close, differences, dot, numbers, to_f64};

    #[test]
    fn values_and_gradients_are_those_of_the_naive_layer() {
        for (positions, images, channels) in [(6, 2, 3), (1, 9, 16), (5, 3, 21)] {
            let input = numbers(positions * images * channels, 1);
            let errors = numbers(input.len(), 2);
            let mut norm = BatchNorm::new(channels);
            norm.scale.value = numbers(channels, 3);
            norm.shift.value = numbers(channels, 4);
            let (scale, shift) = (to_f64(&norm.scale.value), to_f64(&norm.shift.value));
            let loss = |output: &[f64]| dot(output, &to_f64(&errors));

            let mut values = input.clone();
            norm.begin();
            values.chunks_mut(positions * channels).for_each(|image| norm.rectify_and_measure(image));
            norm.finish();
            let mut output = vec![f32::NAN; values.len()];
            forward(&norm, &values, &mut output);
            assert_close(&output, &reference::normalise(&to_f64(&input), &scale, &shift), 1e-5);

            let mut gradient = errors.clone();
            norm.begin();
            norm.add_errors(&values, &errors);
            norm.prepare_backward();
            backward(&norm, &values, &mut gradient);
            let expected =
                differences(&to_f64(&input), |input| loss(&reference::normalise(input, &scale, &shift)));
            assert_close(&gradient, &expected, 1e-4);
            let expected =
                differences(&scale, |scale| loss(&reference::normalise(&to_f64(&input), scale, &shift)));
            assert_close(&norm.scale.gradient, &expected, 1e-5);
            let expected =
                differences(&shift, |shift| loss(&reference::normalise(&to_f64(&input), &scale, shift)));
            assert_close(&norm.shift.gradient, &expected, 1e-5);
        }
    }

    #[test]
    fn running_statistics_are_a_tenth_of_each_batch_with_its_unbiased_variance() {
        let mut norm = BatchNorm::new(2);
        // Channel 0 has mean 2 and variance 1 (4/3 unbiased), channel 1 is constant.
        norm.begin();
        norm.rectify_and_measure(&mut [1.0, 5.0, 3.0, 5.0, 1.0, 5.0]);
        norm.rectify_and_measure(&mut [3.0, 5.0]);
        norm.finish();
        assert_close(&norm.running_mean, &[0.2, 0.5], 1e-6);
        assert_close(&norm.running_variance, &[0.9 + 0.4 / 3.0, 0.9], 1e-6);

        norm.use_running_statistics();
        let mut output = [0.0; 2];
        forward(&norm, &[1.0, 1.0], &mut output);
        let expected = [0.8 / (0.9 + 0.4 / 3.0_f64).sqrt(), 0.5 / 0.9_f64.sqrt()];
        assert_close(&output, &expected, 1e-4);
    }

    #[test]
    fn rectifying_keeps_what_is_not_a_number() {
        let mut values = [-1.0, 0.0, 2.0, f32::NAN];
        rectify(&mut values);
        assert_eq!(values[..3], [0.0, 0.0, 2.0]);
        assert!(values[3].is_nan());
    }
}
