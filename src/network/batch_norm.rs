//! ReLU and then batch normalisation (Ioffe and Szegedy 2015), with the semantics of PyTorch.
//!
//! With the mean μ and the biased variance σ² of the rectified values of a channel over the batch,
//! `y = scale · (x − μ) / √(σ² + ε) + shift`. That is `multiplier · x + offset` for each channel, and
//! so it is computed: in evaluation with the running statistics in place of the batch's.
//!
//! Values are `[positions, channels]`, where a position is a pixel of an image of the batch, or an
//! example. Sums run over the positions of one image in order, then over images in `f64`.

use super::sgd::Parameter;
use multiversion::multiversion;

/// Weight of the newest batch in the running statistics.
const MOMENTUM: f64 = 0.1;
/// What is added to the variance, so that a constant channel does no harm.
const EPSILON: f64 = 1e-5;
/// Channels that are summed at once, in registers.
const LANES: usize = 16;

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
    /// Sums over the batch: of `x` and of `(x − mean)²`, or of `dy` and of `dy · (x − mean)`.
    pub sums: [Vec<f64>; 2],
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
        }
    }

    /// Takes the statistics of the rectified `values` of a batch, and updates the running ones.
    /// `positions` is the number of positions of one image.
    pub fn measure(&mut self, values: &[f32], positions: usize) {
        let channels = self.mean.len();
        let count = (values.len() / channels) as f64;
        let [sum, squares] = &mut self.sums;
        sum.fill(0.0);
        squares.fill(0.0);
        for image in values.chunks_exact(positions * channels) {
            add_sums(image, sum);
        }
        for (mean, sum) in self.mean.iter_mut().zip(&*sum) {
            *mean = (sum / count) as f32;
        }
        for image in values.chunks_exact(positions * channels) {
            add_squared_deviations(image, &self.mean, squares);
        }
        for channel in 0..channels {
            let (mean, variance) = (f64::from(self.mean[channel]), squares[channel] / count);
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

    /// From [`BatchNorm::sums`] of `dy` and `dy · (x − mean)` over `count` positions: the gradients of
    /// scale and shift, and the coefficients of the gradient by `x`.
    pub fn prepare_backward(&mut self, count: usize) {
        let count = count as f64;
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

/// ReLU in place. What is not a number stays so, for the loss to report.
#[multiversion(targets("x86_64+avx2"))]
pub fn rectify(values: &mut [f32]) {
    for value in values {
        *value = if *value < 0.0 { 0.0 } else { *value };
    }
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

/// Turns the gradient by the output, in `errors`, into that by the values before the ReLU, and takes
/// the gradients of scale and shift.
pub fn backward(norm: &mut BatchNorm, values: &[f32], errors: &mut [f32]) {
    let channels = norm.mean.len();
    let [error, product] = &mut norm.sums;
    error.fill(0.0);
    product.fill(0.0);
    add_sums(errors, error);
    add_products(values, errors, &norm.mean, product);
    norm.prepare_backward(values.len() / channels);
    apply_backward(norm, values, errors);
}

#[multiversion(targets("x86_64+avx2"))]
fn apply_backward(norm: &BatchNorm, values: &[f32], errors: &mut [f32]) {
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

#[multiversion(targets("x86_64+avx2"))]
fn add_sums(values: &[f32], totals: &mut [f64]) {
    reduce(values.len(), totals, |_, at| values[at]);
}

#[multiversion(targets("x86_64+avx2"))]
fn add_squared_deviations(values: &[f32], mean: &[f32], totals: &mut [f64]) {
    reduce(values.len(), totals, |channel, at| {
        let deviation = values[at] - mean[channel];
        deviation * deviation
    });
}

#[multiversion(targets("x86_64+avx2"))]
fn add_products(values: &[f32], errors: &[f32], mean: &[f32], totals: &mut [f64]) {
    reduce(values.len(), totals, |channel, at| errors[at] * (values[at] - mean[channel]));
}

/// Adds to each channel's total the sum of `term(channel, index)` over its values, in order. Several
/// channels run side by side, each in its own order, so that the result depends on no vector width.
#[inline(always)]
fn reduce(length: usize, totals: &mut [f64], term: impl Fn(usize, usize) -> f32) {
    let channels = totals.len();
    let mut first = 0;
    while first + LANES <= channels {
        reduce_lanes::<LANES>(length, first, totals, &term);
        first += LANES;
    }
    for channel in first..channels {
        reduce_lanes::<1>(length, channel, totals, &term);
    }
}

#[inline(always)]
fn reduce_lanes<const L: usize>(
    length: usize,
    first: usize,
    totals: &mut [f64],
    term: &impl Fn(usize, usize) -> f32,
) {
    let mut sums = [0.0_f32; L];
    for position in (0..length).step_by(totals.len()) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += term(first + lane, position + first + lane);
        }
    }
    for (total, sum) in totals[first..].iter_mut().zip(sums) {
        *total += f64::from(sum);
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
            rectify(&mut values);
            norm.measure(&values, positions);
            let mut output = vec![f32::NAN; values.len()];
            forward(&norm, &values, &mut output);
            assert_close(&output, &reference::normalise(&to_f64(&input), &scale, &shift), 1e-5);

            let mut gradient = errors.clone();
            backward(&mut norm, &values, &mut gradient);
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
        norm.measure(&[1.0, 5.0, 3.0, 5.0, 1.0, 5.0, 3.0, 5.0], 2);
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
