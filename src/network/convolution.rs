//! A valid 5×5 convolution without bias, as matrix products over the image in place.
//!
//! Images are `[rows, columns, channels]`. A window's five pixels in one image row are one contiguous
//! segment of `5 · channels` values, so a window is five segments, and its product with the weights
//! `[n_in, n_out]`, `n_in = 5 · 5 · channels` in the order (row, column, channel), needs no copy. Only
//! where a segment would be very short, as in the first layer, are the images copied to strips.

use super::matrix_product::{
    COLUMNS, Packed, ROWS, Rows, Segments, Write, matrix, multiply, multiply_transposed,
};
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

    /// Values of an input image.
    pub fn input_size(self) -> usize {
        self.input.iter().product()
    }

    /// Values of an output image.
    pub fn output_size(self) -> usize {
        self.output().iter().product()
    }

    /// How many images to give to one call: weights too large for the second-level cache are then read once for all of
    /// them, while the images stay in the cache.
    pub fn images_per_call(self) -> usize {
        const CACHE: usize = 256 * 1024;
        (CACHE / size_of::<f32>() / (self.input_size() + self.output_size())).clamp(1, 8)
    }

    /// Whether an image has so few channels that it is better copied to strips.
    fn is_narrow(self) -> bool {
        self.input[2] < ROWS
    }

    /// Positions of an output image.
    fn positions(self) -> usize {
        self.output_size() / self.channels
    }
}

/// Memory for copies of parts of the images of one call.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Of narrow images, for each output column the strip of pixels that its windows see, `[images,
    /// output columns, rows, 5 · channels]`: a window is then contiguous, and overlaps with the next.
    strips: Vec<f32>,
    /// Of narrow images, where in them each window starts.
    starts: Vec<usize>,
    /// Of narrow images the windows, `[images · positions, n_in]`; of others those pixels that one
    /// column of the window sees, `[images · rows · output columns, channels]`.
    inputs: Packed<ROWS>,
}

impl Workspace {
    /// The memory that a convolution of this shape needs.
    pub fn new(shape: Shape) -> Self {
        let [rows, columns, channels] = shape.input;
        let [output_rows, output_columns, _] = shape.output();
        let images_per_call = shape.images_per_call();
        let pixels = images_per_call * rows * output_columns;
        if !shape.is_narrow() {
            let inputs = Packed::new(pixels, channels);
            return Self { strips: Vec::new(), starts: Vec::new(), inputs };
        }
        let mut starts = Vec::with_capacity(images_per_call * shape.positions());
        for image in 0..images_per_call {
            for row in 0..output_rows {
                let first = image * shape.input_size() + row * columns * channels;
                starts.extend((0..output_columns).map(|column| first + column * channels));
            }
        }
        let inputs = Packed::new(starts.len(), shape.weight()[0]);
        Self { strips: vec![0.0; pixels * WINDOW * channels], starts, inputs }
    }

    fn copy_strips(&mut self, shape: Shape, images: &[f32]) {
        let [rows, columns, channels] = shape.input;
        let output_columns = shape.output()[1];
        let length = WINDOW * channels;
        let strips = self.strips.chunks_exact_mut(rows * length).enumerate();
        for (index, strip) in strips.take(images.len() / shape.input_size() * output_columns) {
            let (image, column) = (index / output_columns, index % output_columns);
            let first = image * shape.input_size() + column * channels;
            let pixels = images[first..].chunks(columns * channels);
            for (to, from) in strip.chunks_exact_mut(length).zip(pixels) {
                // In pieces of a length known to the compiler, which need no call.
                let pieces = to.as_chunks_mut::<WINDOW>().0.iter_mut().zip(from.as_chunks().0);
                pieces.for_each(|(to, from)| *to = *from);
            }
        }
    }
}

/// `outputs = convolution(images, weight)`, with `weight` `[n_in, n_out]` packed.
///
/// Here and below, at most [`Shape::images_per_call`] images are given to one call.
#[multiversion(targets("x86_64+avx2"))]
pub fn forward(
    shape: Shape,
    images: &[f32],
    weight: &Packed<COLUMNS>,
    workspace: &mut Workspace,
    outputs: &mut [f32],
) {
    let [n_in, n_out] = shape.weight();
    let [rows, columns, channels] = shape.input;
    let [output_rows, output_columns, _] = shape.output();
    let count = images.len() / shape.input_size();
    // Where the windows lie, their segments, and three nested loops over them: how many steps, and
    // their length in the input and in the output. The steps of the inner one are rows of the product.
    let (windows, segments, [image_steps, outer, inner]) = if shape.is_narrow() {
        workspace.copy_strips(shape, images);
        let length = WINDOW * channels;
        let loops = [
            [count, output_columns * rows * length, shape.output_size()],
            [output_columns, rows * length, n_out],
            [output_rows, length, output_columns * n_out],
        ];
        (&*workspace.strips, Segments { length: n_in, stride: 0 }, loops)
    } else {
        let row_length = columns * channels;
        let loops = [
            [count, shape.input_size(), shape.output_size()],
            [output_rows, row_length, output_columns * n_out],
            [output_columns, channels, n_out],
        ];
        (images, Segments { length: WINDOW * channels, stride: row_length }, loops)
    };
    let Segments { length, stride } = segments;
    // Segments whose part of a panel stays in the first-level cache, together with the image.
    let together = (512 / length).clamp(1, n_in / length);
    for first in (0..n_in / length).step_by(together) {
        let depth = together.min(n_in / length - first) * length;
        for panel in weight.panels() {
            for image in 0..image_steps[0] {
                for step in 0..outer[0] {
                    let from = image * image_steps[1] + step * outer[1] + first * stride;
                    let to = image * image_steps[2] + step * outer[2];
                    multiply(
                        inner[0],
                        windows,
                        Rows { start: from, stride: inner[1] },
                        segments,
                        panel.rows(first * length, depth),
                        outputs,
                        Rows { start: to, stride: inner[2] },
                        if first == 0 { Write::Store } else { Write::Add },
                    );
                }
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

/// `input_errors += errors · weightᵀ`: each pixel gathers the errors of the windows it is in.
/// `feedback` comes from [`pack_backward`].
#[multiversion(targets("x86_64+avx2"))]
pub fn backward_input(shape: Shape, errors: &[f32], feedback: &Packed<COLUMNS>, input_errors: &mut [f32]) {
    let [_, columns, channels] = shape.input;
    let [output_rows, output_columns, n_out] = shape.output();
    for row in 0..WINDOW {
        for panel in feedback.panels() {
            for image in 0..errors.len() / shape.output_size() {
                for column in 0..columns {
                    // Windows that contain this column start from `first` to `last`.
                    let first = (column + 1).saturating_sub(WINDOW);
                    let last = column.min(output_columns - 1);
                    let depth = (last + 1 - first) * n_out;
                    let flipped = first + (WINDOW - 1) - column;
                    let from = image * shape.output_size() + first * n_out;
                    let to = image * shape.input_size() + (row * columns + column) * channels;
                    multiply(
                        output_rows,
                        errors,
                        Rows { start: from, stride: output_columns * n_out },
                        Segments { length: depth, stride: 0 },
                        panel.rows((row * WINDOW + flipped) * n_out, depth),
                        input_errors,
                        Rows { start: to, stride: columns * channels },
                        Write::Add,
                    );
                }
            }
        }
    }
}

/// `gradient += windowsᵀ · errors`, `[n_in, n_out]`, with `errors` `[images · pixels, n_out]` packed. The contribution
/// of one image is summed before it is added.
#[multiversion(targets("x86_64+avx2"))]
pub fn backward_weight(
    shape: Shape,
    images: &[f32],
    errors: &Packed<COLUMNS>,
    workspace: &mut Workspace,
    gradient: &mut [f32],
) {
    let [_, n_out] = shape.weight();
    let [rows, columns, channels] = shape.input;
    let output_columns = shape.output()[1];
    let count = images.len() / shape.input_size();
    let positions = shape.positions();
    if shape.is_narrow() {
        let length = WINDOW * channels;
        let offset = |input| input / length * columns * channels + input % length;
        let starts = &workspace.starts[..count * positions];
        workspace.inputs.gather(images, starts, offset);
        let inputs = |image| image * positions;
        add_products(count, positions, &workspace.inputs, inputs, errors, gradient, [0, n_out]);
        return;
    }
    let pixels = matrix([count * rows * columns, channels], images);
    for column in 0..WINDOW {
        // With the pixels that this column of the window sees side by side, those that the column's
        // pixel in any one row sees are contiguous.
        for row in 0..count * rows {
            let first = row * columns + column;
            let seen = pixels.slice(s![first..first + output_columns, ..]);
            workspace.inputs.pack(row * output_columns, seen);
        }
        for row in 0..WINDOW {
            let inputs = |image| (image * rows + row) * output_columns;
            let to = [(row * WINDOW + column) * channels * n_out, n_out];
            add_products(count, positions, &workspace.inputs, inputs, errors, gradient, to);
        }
    }
}

/// Adds `inputsᵀ · errors` of each image to the rows of the gradient from `start`, where the inputs of
/// an image are the `positions` rows from `first(image)`.
#[inline(always)]
fn add_products(
    count: usize,
    positions: usize,
    inputs: &Packed<ROWS>,
    first: impl Fn(usize) -> usize,
    errors: &Packed<COLUMNS>,
    gradient: &mut [f32],
    [start, stride]: [usize; 2],
) {
    for right in errors.panels() {
        for left in inputs.panels() {
            for image in 0..count {
                let left = left.rows(first(image), positions);
                let right = right.rows(image * positions, positions);
                multiply_transposed(left, right, gradient, Rows { start, stride });
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
            rows in 5..14usize, columns in 5..14usize, channels in 1..7usize, n_out in 1..19usize,
            count in 1..4usize, seed: u64,
        ) {
            let shape = Shape { input: [rows, columns, channels], channels: n_out };
            let [n_in, _] = shape.weight();
            let images = numbers(count * shape.input_size(), seed);
            let weight = numbers(n_in * n_out, seed ^ 1);
            let feedback = numbers(n_in * n_out, seed ^ 2);
            let errors = numbers(count * shape.output_size(), seed ^ 3);
            let naive = |images: &[f64], weight: &[f64]| -> Vec<f64> {
                let images = images.chunks(shape.input_size());
                images
                    .flat_map(|image| reference::convolution(shape.input, shape.output(), image, weight))
                    .collect()
            };
            let loss = |output: &[f64]| dot(output, &to_f64(&errors));

            let mut packed = Packed::new(n_in, n_out);
            packed.pack(0, matrix([n_in, n_out], &weight));
            let mut output = vec![f32::NAN; errors.len()];
            let mut workspace = Workspace::new(shape);
            forward(shape, &images, &packed, &mut workspace, &mut output);
            assert_close(&output, &naive(&to_f64(&images), &to_f64(&weight)), 1e-5);

            let mut packed = packed_backward(shape);
            pack_backward(shape, matrix([n_in, n_out], &feedback), &mut packed);
            let mut input_error = vec![0.0; images.len()];
            backward_input(shape, &errors, &packed, &mut input_error);
            let through_feedback =
                differences(&to_f64(&images), |images| loss(&naive(images, &to_f64(&feedback))));
            assert_close(&input_error, &through_feedback, 1e-5);

            let mut packed = Packed::new(count * shape.positions(), n_out);
            packed.pack(0, matrix([count * shape.positions(), n_out], &errors));
            let expected = differences(&to_f64(&weight), |weight| loss(&naive(&to_f64(&images), weight)));
            let mut gradient = vec![0.0; weight.len()];
            backward_weight(shape, &images, &packed, &mut workspace, &mut gradient);
            assert_close(&gradient, &expected, 1e-5);
        }
    }
}
