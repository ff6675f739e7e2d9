//! A valid 5×5 convolution without bias, as matrix products over the image where it lies.
//!
//! Images are `[rows, columns, channels]`. A window's five pixels in one image row are one contiguous
//! segment of `5 · channels` values, so a window is five segments, and its product with the weights
//! `[n_in, n_out]`, `n_in = 5 · 5 · channels` in the order (row, column, channel), needs no copy. Only
//! where a segment would be very short, as in the first layer, are the windows copied to patches.

use super::block::matrix;
use super::matrix_product::{COLUMNS, Packed, ROWS, Rows, Segments, Write, multiply, multiply_transposed};
use multiversion::multiversion;
use ndarray::{ArrayView2, s};

/// Side of the square window.
pub const WINDOW: usize = 5;

/// The shape of a convolution, from which all others follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Rows, columns and channels of an input image.
    pub input: [usize; 3],
    /// Output channels.
    pub channels: usize,
}

impl Shape {
    /// Rows, columns and channels of an output image: every window lies inside the input.
    pub fn output(self) -> [usize; 3] {
        [self.input[0] - (WINDOW - 1), self.input[1] - (WINDOW - 1), self.channels]
    }

    /// Shape of the weights, `[n_in, n_out]`.
    pub fn weight(self) -> [usize; 2] {
        [WINDOW * WINDOW * self.input[2], self.channels]
    }

    /// Whether an image has so few channels that its windows are better copied to patches.
    fn is_narrow(self) -> bool {
        self.input[2] < ROWS
    }
}

/// Memory for what is copied of one image.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Of a narrow image the windows, `[rows, columns, n_in]` of the output's size.
    patches: Vec<f32>,
    /// The patches, or those pixels that one column of the window sees, `[pixels, channels]`.
    inputs: Packed<ROWS>,
}

impl Workspace {
    /// The memory that a convolution of this shape needs.
    pub fn new(shape: Shape) -> Self {
        let ([n_in, _], [rows, columns, _]) = (shape.weight(), shape.output());
        if shape.is_narrow() {
            let inputs = Packed::new(rows * columns, n_in);
            Self { patches: vec![0.0; rows * columns * n_in], inputs }
        } else {
            let inputs = Packed::new(shape.input[0] * columns, shape.input[2]);
            Self { patches: Vec::new(), inputs }
        }
    }

    fn copy_patches(&mut self, shape: Shape, image: &[f32]) {
        let [_, columns, channels] = shape.input;
        let (length, row_length) = (WINDOW * channels, columns * channels);
        let [n_in, _] = shape.weight();
        let rows = self.patches.chunks_exact_mut(shape.output()[1] * n_in);
        for (row, patches) in rows.enumerate() {
            for segment in 0..WINDOW {
                let pixels = &image[(row + segment) * row_length..][..row_length];
                let windows = pixels.windows(length).step_by(channels);
                for (patch, window) in patches.chunks_exact_mut(n_in).zip(windows) {
                    let patch = &mut patch[segment * length..][..length];
                    // In pieces of a length known to the compiler, which need no call.
                    let pieces = window.as_chunks::<WINDOW>().0;
                    for (to, from) in patch.as_chunks_mut::<WINDOW>().0.iter_mut().zip(pieces) {
                        *to = *from;
                    }
                }
            }
        }
    }
}

/// `output = convolution(image, weight)` for one image, with `weight` `[n_in, n_out]` packed.
#[multiversion(targets("x86_64+avx2"))]
pub fn forward(
    shape: Shape,
    image: &[f32],
    weight: &Packed<COLUMNS>,
    workspace: &mut Workspace,
    output: &mut [f32],
) {
    let [n_in, n_out] = shape.weight();
    let [rows, columns, _] = shape.output();
    // Where the windows lie: from one output row to the next, from one output column to the next, and
    // the segments of each.
    let (windows, row_stride, column_stride, segments) = if shape.is_narrow() {
        workspace.copy_patches(shape, image);
        (&*workspace.patches, columns * n_in, n_in, Segments { length: n_in, stride: 0 })
    } else {
        let [_, columns, channels] = shape.input;
        let row = columns * channels;
        (image, row, channels, Segments { length: WINDOW * channels, stride: row })
    };
    let Segments { length, stride } = segments;
    // Segments whose part of a panel stays in the first-level cache, together with the image.
    let together = (512 / length).clamp(1, n_in / length);
    for first in (0..n_in / length).step_by(together) {
        let depth = together.min(n_in / length - first) * length;
        for panel in weight.panels() {
            for row in 0..rows {
                multiply(
                    columns,
                    windows,
                    Rows { start: row * row_stride + first * stride, stride: column_stride },
                    segments,
                    panel.rows(first * length, depth),
                    output,
                    Rows { start: row * columns * n_out, stride: n_out },
                    if first == 0 { Write::Store } else { Write::Add },
                );
            }
        }
    }
}

/// Packs `weight` `[n_in, n_out]` for [`backward_input`]: transposed, and each window row flipped, so
/// that the errors that reach one pixel from one output row are contiguous too.
pub fn pack_backward(shape: Shape, weight: ArrayView2<'_, f32>, packed: &mut Packed<COLUMNS>) {
    let channels = shape.input[2];
    for row in 0..WINDOW {
        for column in 0..WINDOW {
            let first = (row * WINDOW + column) * channels;
            let flipped = (row * WINDOW + (WINDOW - 1 - column)) * shape.channels;
            packed.pack(flipped, weight.slice(s![first..first + channels, ..]).t());
        }
    }
}

/// A packed matrix of the right size for [`pack_backward`].
pub fn packed_backward(shape: Shape) -> Packed<COLUMNS> {
    Packed::new(WINDOW * WINDOW * shape.channels, shape.input[2])
}

/// `input_error += errors · weightᵀ` for one image: each pixel gathers the errors of the windows it
/// is in. `feedback` comes from [`pack_backward`].
#[multiversion(targets("x86_64+avx2"))]
pub fn backward_input(shape: Shape, errors: &[f32], feedback: &Packed<COLUMNS>, input_error: &mut [f32]) {
    let [_, columns, channels] = shape.input;
    let [output_rows, output_columns, n_out] = shape.output();
    for row in 0..WINDOW {
        for panel in feedback.panels() {
            for column in 0..columns {
                // Windows that contain this column start from `first` to `last`.
                let first = (column + 1).saturating_sub(WINDOW);
                let last = column.min(output_columns - 1);
                let depth = (last + 1 - first) * n_out;
                let flipped = first + (WINDOW - 1) - column;
                multiply(
                    output_rows,
                    errors,
                    Rows { start: first * n_out, stride: output_columns * n_out },
                    Segments { length: depth, stride: 0 },
                    panel.rows((row * WINDOW + flipped) * n_out, depth),
                    input_error,
                    Rows { start: (row * columns + column) * channels, stride: columns * channels },
                    Write::Add,
                );
            }
        }
    }
}

/// `gradient += windowsᵀ · errors` for one image, `[n_in, n_out]`, with `errors` `[pixels, n_out]`
/// packed.
#[multiversion(targets("x86_64+avx2"))]
pub fn backward_weight(
    shape: Shape,
    image: &[f32],
    errors: &Packed<COLUMNS>,
    workspace: &mut Workspace,
    gradient: &mut [f32],
) {
    let [n_in, n_out] = shape.weight();
    let [output_rows, output_columns, _] = shape.output();
    let positions = output_rows * output_columns;
    if shape.is_narrow() {
        workspace.copy_patches(shape, image);
        workspace.inputs.pack(0, matrix([positions, n_in], &workspace.patches));
        for right in errors.panels() {
            for left in workspace.inputs.panels() {
                multiply_transposed(left, right, gradient, Rows { start: 0, stride: n_out });
            }
        }
        return;
    }
    let [rows, columns, channels] = shape.input;
    let image = matrix([rows * columns, channels], image);
    for column in 0..WINDOW {
        // With the pixels that this column of the window sees side by side, those that the column's
        // pixel in any one row sees are contiguous.
        for row in 0..rows {
            let first = row * columns + column;
            let pixels = image.slice(s![first..first + output_columns, ..]);
            workspace.inputs.pack(row * output_columns, pixels);
        }
        for row in 0..WINDOW {
            let start = (row * WINDOW + column) * channels * n_out;
            for right in errors.panels() {
                for left in workspace.inputs.panels() {
                    let left = left.rows(row * output_columns, positions);
                    multiply_transposed(left, right, gradient, Rows { start, stride: n_out });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::reference::{self, assert_close, differences, dot, numbers, to_f64};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn values_and_gradients_are_those_of_the_naive_convolution(
            rows in 5..14usize, columns in 5..14usize, channels in 1..7usize, n_out in 1..19usize, seed: u64,
        ) {
            let shape = Shape { input: [rows, columns, channels], channels: n_out };
            let [n_in, _] = shape.weight();
            let pixels = shape.output()[0] * shape.output()[1];
            let image = numbers(rows * columns * channels, seed);
            let weight = numbers(n_in * n_out, seed ^ 1);
            let feedback = numbers(n_in * n_out, seed ^ 2);
            let errors = numbers(pixels * n_out, seed ^ 3);
            let naive = |image: &[f64], weight: &[f64]| {
                reference::convolution(shape.input, shape.output(), image, weight)
            };
            let loss = |output: &[f64]| dot(output, &to_f64(&errors));

            let mut packed = Packed::new(n_in, n_out);
            packed.pack(0, matrix([n_in, n_out], &weight));
            let mut output = vec![f32::NAN; errors.len()];
            let mut workspace = Workspace::new(shape);
            forward(shape, &image, &packed, &mut workspace, &mut output);
            assert_close(&output, &naive(&to_f64(&image), &to_f64(&weight)), 1e-5);

            let mut packed = packed_backward(shape);
            pack_backward(shape, matrix([n_in, n_out], &feedback), &mut packed);
            let mut input_error = vec![0.0; image.len()];
            backward_input(shape, &errors, &packed, &mut input_error);
            let through_feedback =
                differences(&to_f64(&image), |image| loss(&naive(image, &to_f64(&feedback))));
            assert_close(&input_error, &through_feedback, 1e-5);

            let mut packed = Packed::new(pixels, n_out);
            packed.pack(0, matrix([pixels, n_out], &errors));
            let expected = differences(&to_f64(&weight), |weight| loss(&naive(&to_f64(&image), weight)));
            let mut gradient = vec![0.0; weight.len()];
            backward_weight(shape, &image, &packed, &mut workspace, &mut gradient);
            assert_close(&gradient, &expected, 1e-5);
        }
    }
}
