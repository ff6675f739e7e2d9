//! A fully connected layer: `output = input · weight + bias`, with `weight` `[n_in, n_out]`.

use super::matrix_product::{COLUMNS, Packed, ROWS, Rows, Segments, Write, multiply, multiply_transposed};
use multiversion::multiversion;

/// `output = input · weight + bias`, `[batch, n_out]`, from `input` `[batch, n_in]` and the packed weights.
#[multiversion(targets("x86_64+avx2"))]
pub fn forward(
    [n_in, n_out]: [usize; 2],
    input: &[f32],
    weight: &Packed<COLUMNS>,
    bias: &[f32],
    output: &mut [f32],
) {
    for panel in weight.panels() {
        multiply(
            input.len() / n_in,
            input,
            Rows { start: 0, stride: n_in },
            Segments { length: n_in, stride: 0 },
            panel,
            output,
            Rows { start: 0, stride: n_out },
            Write::Store,
        );
    }
    for row in output.chunks_exact_mut(n_out) {
        for (output, bias) in row.iter_mut().zip(bias) {
            *output += bias;
        }
    }
}

/// `input_error = errors · feedbackᵀ`, `[batch, n_in]`, from `errors` `[batch, n_out]` and the packed
/// transpose of `feedback` `[n_in, n_out]`.
#[multiversion(targets("x86_64+avx2"))]
pub fn backward_input(
    [n_in, n_out]: [usize; 2],
    errors: &[f32],
    feedback: &Packed<COLUMNS>,
    input_error: &mut [f32],
) {
    for panel in feedback.panels() {
        multiply(
            errors.len() / n_out,
            errors,
            Rows { start: 0, stride: n_out },
            Segments { length: n_out, stride: 0 },
            panel,
            input_error,
            Rows { start: 0, stride: n_in },
            Write::Store,
        );
    }
}

/// `gradient += inputᵀ · errors`, `[n_in, n_out]`, from `input` `[batch, n_in]` and `errors`
/// `[batch, n_out]`, both packed.
#[multiversion(targets("x86_64+avx2"))]
pub fn backward_weight(n_out: usize, input: &Packed<ROWS>, errors: &Packed<COLUMNS>, gradient: &mut [f32]) {
    for right in errors.panels() {
        for left in input.panels() {
            multiply_transposed(left, right, gradient, Rows { start: 0, stride: n_out });
        }
    }
}

/// `gradient += Σ_batch errors`, `[n_out]`.
pub fn backward_bias(errors: &[f32], gradient: &mut [f32]) {
    for row in errors.chunks_exact(gradient.len()) {
        for (gradient, error) in gradient.iter_mut().zip(row) {
            *gradient += error;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::matrix_product::matrix;
    use crate::network::reference::{self, assert_close, differences, dot, numbers, to_f64};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn values_and_gradients_are_those_of_the_naive_layer(
            batch in 1..9usize, n_in in 1..23usize, n_out in 1..23usize, seed: u64,
        ) {
            let shape = [n_in, n_out];
            let (input, errors) = (numbers(batch * n_in, seed), numbers(batch * n_out, seed ^ 1));
            let (weight, bias) = (numbers(n_in * n_out, seed ^ 2), numbers(n_out, seed ^ 3));
            let feedback = numbers(n_in * n_out, seed ^ 4);
            let naive = |input: &[f64], weight: &[f64], bias: &[f64]| {
                reference::dense(shape, input, weight, bias)
            };
            let loss = |output: &[f64]| dot(output, &to_f64(&errors));
            let (inputs, weights, biases) = (to_f64(&input), to_f64(&weight), to_f64(&bias));

            let mut packed = Packed::new(n_in, n_out);
            packed.pack(0, matrix(shape, &weight));
            let mut output = vec![f32::NAN; errors.len()];
            forward(shape, &input, &packed, &bias, &mut output);
            assert_close(&output, &naive(&inputs, &weights, &biases), 1e-5);

            let mut packed = Packed::new(n_out, n_in);
            packed.pack(0, matrix(shape, &feedback).t());
            let mut input_error = vec![f32::NAN; input.len()];
            backward_input(shape, &errors, &packed, &mut input_error);
            let expected =
                differences(&inputs, |inputs| loss(&naive(inputs, &to_f64(&feedback), &biases)));
            assert_close(&input_error, &expected, 1e-5);

            let (mut left, mut right) = (Packed::new(batch, n_in), Packed::new(batch, n_out));
            left.pack(0, matrix([batch, n_in], &input));
            right.pack(0, matrix([batch, n_out], &errors));
            let mut gradient = vec![0.0; weight.len()];
            backward_weight(n_out, &left, &right, &mut gradient);
            let expected = differences(&weights, |weights| loss(&naive(&inputs, weights, &biases)));
            assert_close(&gradient, &expected, 1e-5);

            let mut gradient = vec![0.0; n_out];
            backward_bias(&errors, &mut gradient);
            let expected = differences(&biases, |biases| loss(&naive(&inputs, &weights, biases)));
            assert_close(&gradient, &expected, 1e-5);
        }
    }
}
