//! The matrix products behind every layer: one operand is read in place, the other is packed.
//!
//! A product is computed in tiles of [`ROWS`] rows and [`COLUMNS`] columns that stay in registers. A
//! packed operand lies in panels, `[panel][depth][width]`, so that a tile reads it front to back. Where
//! an operand is not packed, its rows may start anywhere, which makes a convolution a matrix product
//! without a copy of its windows.
//!
//! Every sum starts at zero and runs through its depth in order, whatever the width of the machine's
//! vectors, and is then stored or added whole. Native and WebAssembly therefore give the same bits.

use ndarray::ArrayView2;

/// Rows of a tile: with [`COLUMNS`], eight independent sums of vectors, which hide the latency of an
/// addition, and few enough to leave registers for the operands.
pub const ROWS: usize = 4;

/// Columns of a tile: two vectors of the machine (eight lanes natively, four in WebAssembly).
pub const COLUMNS: usize = if cfg!(target_family = "wasm") { 8 } else { 16 };

/// The sums of a tile.
type Tile = [[f32; COLUMNS]; ROWS];

/// A matrix `[depth, columns]` in panels of `WIDTH` columns. The padding of the last panel is multiplied along with the
/// rest, but never written to a result.
#[derive(Debug, Clone, Default)]
pub struct Packed<const WIDTH: usize> {
    depth: usize,
    columns: usize,
    values: Vec<[f32; WIDTH]>,
}

impl<const WIDTH: usize> Packed<WIDTH> {
    /// A matrix of zeros, `[depth, columns]`.
    pub fn new(depth: usize, columns: usize) -> Self {
        Self { depth, columns, values: vec![[0.0; WIDTH]; depth * columns.div_ceil(WIDTH)] }
    }

    /// Changes the depth; the matrix must then be packed again.
    pub fn set_depth(&mut self, depth: usize) {
        self.depth = depth;
        self.values.resize(depth * self.columns.div_ceil(WIDTH), [0.0; WIDTH]);
    }

    /// Becomes a matrix of zeros, `[depth, columns]`, in the memory that it has.
    pub fn reset(&mut self, depth: usize, columns: usize) {
        (self.depth, self.columns) = (depth, columns);
        self.values.clear();
        self.values.resize(depth * columns.div_ceil(WIDTH), [0.0; WIDTH]);
    }

    /// Copies `matrix` to the rows from `first` on. It may have any strides, such as a transpose.
    pub fn pack(&mut self, first: usize, matrix: ArrayView2<'_, f32>) {
        let (depth, columns) = matrix.dim();
        assert!(first + depth <= self.depth && columns == self.columns);
        for (panel, block) in self.values.chunks_exact_mut(self.depth).enumerate() {
            let block = &mut block[first..first + depth];
            let columns = panel * WIDTH..columns.min((panel + 1) * WIDTH);
            if let Some(values) = matrix.to_slice() {
                let rows = values.chunks_exact(matrix.ncols()).map(|row| &row[columns.clone()]);
                for (packed, row) in block.iter_mut().zip(rows) {
                    match row.first_chunk() {
                        Some(row) => *packed = *row,
                        None => packed[..row.len()].copy_from_slice(row),
                    }
                }
            } else {
                let columns: [_; WIDTH] =
                    std::array::from_fn(|lane| matrix.column((columns.start + lane).min(matrix.ncols() - 1)));
                for (row, packed) in block.iter_mut().enumerate() {
                    *packed = columns.each_ref().map(|column| column[row]);
                }
            }
        }
    }

    /// Gathers rows from wherever they are: row `r` of the matrix is made of `values[starts[r] +
    /// offset(column)]`.
    pub fn gather(&mut self, values: &[f32], starts: &[usize], offset: impl Fn(usize) -> usize) {
        for (panel, block) in self.values.chunks_exact_mut(self.depth).enumerate() {
            let offsets: [usize; WIDTH] =
                std::array::from_fn(|lane| offset((panel * WIDTH + lane).min(self.columns - 1)));
            for (packed, &start) in block.iter_mut().zip(starts) {
                let values = &values[start..];
                *packed = offsets.map(|offset| values[offset]);
            }
        }
    }

    /// The panels in order.
    pub fn panels(&self) -> impl Iterator<Item = Panel<'_, WIDTH>> {
        let blocks = self.values.chunks_exact(self.depth.max(1));
        blocks.enumerate().map(|(index, rows)| {
            let first = index * WIDTH;
            Panel { first, width: (self.columns - first).min(WIDTH), rows }
        })
    }
}

/// `numbers` as the matrix of `shape` that they are.
pub fn matrix(shape: [usize; 2], numbers: &[f32]) -> ArrayView2<'_, f32> {
    // Every caller passes numbers that were allocated with this shape.
    ArrayView2::from_shape(shape, numbers).expect("a matrix has as many numbers as its shape says")
}

/// Some columns of a [`Packed`] matrix.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a, const WIDTH: usize> {
    /// The matrix's column that is the panel's column 0.
    first: usize,
    /// How many of the panel's columns exist.
    width: usize,
    rows: &'a [[f32; WIDTH]],
}

impl<const WIDTH: usize> Panel<'_, WIDTH> {
    /// The same columns of the rows from `first`, `depth` of them.
    #[inline(always)]
    pub fn rows(self, first: usize, depth: usize) -> Self {
        Self { rows: &self.rows[first..first + depth], ..self }
    }
}

/// Rows that lie at a distance of `stride` from each other, from `start` on.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    /// Index of the first element of the first row.
    pub start: usize,
    /// From one row to the next.
    pub stride: usize,
}

/// The memory layout of the depth of a product: pieces of `length`, `stride` apart.
#[derive(Debug, Clone, Copy)]
pub struct Segments {
    /// Elements of one piece.
    pub length: usize,
    /// From one piece to the next.
    pub stride: usize,
}

/// What to do with the sums of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    /// Overwrite the output with them.
    Store,
    /// Add them to the output.
    Add,
}

/// `output[row, column] (+)= Σ_p input[row, p] · panel[p, column]`, for `count` rows and the columns
/// of one panel. `output_rows` starts at column 0 of the output.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "two operands, a result, and where they lie")]
pub fn multiply(
    count: usize,
    input: &[f32],
    input_rows: Rows,
    segments: Segments,
    panel: Panel<'_, COLUMNS>,
    output: &mut [f32],
    output_rows: Rows,
    write: Write,
) {
    for row in (0..count).step_by(ROWS) {
        // Beyond the last row, the last one is computed again and not written.
        let starts =
            [0, 1, 2, 3].map(|next| input_rows.start + (row + next).min(count - 1) * input_rows.stride);
        let tile = multiply_tile(input, starts, segments, panel.rows);
        let output_rows =
            Rows { start: output_rows.start + row * output_rows.stride + panel.first, ..output_rows };
        write_tile(&tile, [ROWS.min(count - row), panel.width], output, output_rows, write);
    }
}

/// `output[row, column] += Σ_m left[m, row] · right[m, column]`, for the columns of two panels: the
/// gradient of weights, from inputs and errors. `output_rows` starts at row 0, column 0 of the output.
#[inline(always)]
pub fn multiply_transposed(
    left: Panel<'_, ROWS>,
    right: Panel<'_, COLUMNS>,
    output: &mut [f32],
    output_rows: Rows,
) {
    let tile = transposed_tile(left.rows, right.rows);
    let start = output_rows.start + left.first * output_rows.stride + right.first;
    let output_rows = Rows { start, ..output_rows };
    write_tile(&tile, [left.width, right.width], output, output_rows, Write::Add);
}

// The rows of a tile are spelt out, here and below, because the compiler then reliably keeps their
// sums in vector registers.
#[inline(always)]
fn multiply_tile(input: &[f32], starts: [usize; ROWS], segments: Segments, panel: &[[f32; COLUMNS]]) -> Tile {
    let [mut a, mut b, mut c, mut d] = [[0.0; COLUMNS]; ROWS];
    let mut offset = 0;
    for weights in panel.chunks_exact(segments.length) {
        // Slices of one known length: no bounds are checked inside the loop.
        let inputs = starts.map(|start| &input[start + offset..][..weights.len()]);
        for (p, weights) in weights.iter().enumerate() {
            add_scaled(&mut a, inputs[0][p], weights);
            add_scaled(&mut b, inputs[1][p], weights);
            add_scaled(&mut c, inputs[2][p], weights);
            add_scaled(&mut d, inputs[3][p], weights);
        }
        offset += segments.stride;
    }
    [a, b, c, d]
}

#[inline(always)]
fn transposed_tile(left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) -> Tile {
    let [mut a, mut b, mut c, mut d] = [[0.0; COLUMNS]; ROWS];
    for (left, right) in left.iter().zip(right) {
        add_scaled(&mut a, left[0], right);
        add_scaled(&mut b, left[1], right);
        add_scaled(&mut c, left[2], right);
        add_scaled(&mut d, left[3], right);
    }
    [a, b, c, d]
}

#[inline(always)]
fn add_scaled(sums: &mut [f32; COLUMNS], factor: f32, row: &[f32; COLUMNS]) {
    *sums = multiply_add([factor; COLUMNS], *row, *sums);
}

/// `a · b + c`: the multiply-and-add of every product.
///
/// Relaxed SIMD has one instruction for it, which `make bench` measures. It is not shipped: it gains a few percent of
/// speed, but its rounding depends on the machine.
#[inline(always)]
pub fn multiply_add(a: [f32; COLUMNS], b: [f32; COLUMNS], c: [f32; COLUMNS]) -> [f32; COLUMNS] {
    #[cfg(target_feature = "relaxed-simd")]
    {
        use std::arch::wasm32::{f32x4, f32x4_extract_lane as lane, f32x4_relaxed_madd};
        let mut sums = c;
        let factors = a.as_chunks().0.iter().zip(b.as_chunks().0);
        for (sums, (a, b)) in sums.as_chunks_mut().0.iter_mut().zip(factors) {
            let [a, b, c] = [a, b, &*sums].map(|&[a, b, c, d]| f32x4(a, b, c, d));
            let sum = f32x4_relaxed_madd(a, b, c);
            *sums = [lane::<0>(sum), lane::<1>(sum), lane::<2>(sum), lane::<3>(sum)];
        }
        sums
    }
    #[cfg(not(target_feature = "relaxed-simd"))]
    std::array::from_fn(|column| a[column] * b[column] + c[column])
}

#[inline(always)]
fn write_tile(tile: &Tile, [height, width]: [usize; 2], output: &mut [f32], rows: Rows, write: Write) {
    for (r, sums) in tile[..height].iter().enumerate() {
        let output = &mut output[rows.start + r * rows.stride..][..width];
        match (write, <&mut [f32; COLUMNS]>::try_from(&mut *output)) {
            // The whole width, known at compile time, goes in vectors.
            (Write::Store, Ok(output)) => *output = *sums,
            (Write::Add, Ok(output)) => output.iter_mut().zip(sums).for_each(|(o, s)| *o += s),
            (Write::Store, Err(_)) => output.copy_from_slice(&sums[..width]),
            (Write::Add, Err(_)) => output.iter_mut().zip(sums).for_each(|(o, s)| *o += s),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;
    use proptest::prelude::*;

    fn matrix(rows: usize, columns: usize, seed: u64) -> Array2<f32> {
        let mut state = seed;
        Array2::from_shape_simple_fn((rows, columns), || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
    }

    proptest! {
        #[test]
        fn a_product_is_the_naive_one_in_every_shape(
            rows in 1..12usize, depth in 1..40usize, columns in 1..40usize, transpose: bool, seed: u64,
        ) {
            let (a, b) = (matrix(rows, depth, seed), matrix(depth, columns, seed ^ 1));
            let mut packed = Packed::new(depth, columns);
            if transpose {
                packed.pack(0, b.t().as_standard_layout().t());
            } else {
                packed.pack(0, b.view());
            }
            let mut product = Array2::from_elem((rows, columns), f32::NAN);
            for write in [Write::Store, Write::Add] {
                for panel in packed.panels() {
                    multiply(
                        rows, a.as_slice().unwrap(), Rows { start: 0, stride: depth },
                        Segments { length: depth, stride: 0 }, panel,
                        product.as_slice_mut().unwrap(), Rows { start: 0, stride: columns }, write,
                    );
                }
            }
            for ((row, column), &found) in product.indexed_iter() {
                let mut expected = 0.0;
                for p in 0..depth {
                    expected += a[[row, p]] * b[[p, column]];
                }
                // Bit for bit: the order of the sum is part of the contract.
                prop_assert_eq!(found, expected + expected);
            }
        }

        #[test]
        fn a_transposed_product_is_the_naive_one_in_every_shape(
            depth in 1..30usize, rows in 1..13usize, columns in 1..40usize, seed: u64,
        ) {
            let (a, b) = (matrix(depth, rows, seed), matrix(depth, columns, seed ^ 1));
            let (mut left, mut right) = (Packed::new(depth, rows), Packed::new(depth, columns));
            left.pack(0, a.view());
            right.pack(0, b.view());
            let mut product = Array2::from_elem((rows, columns), 1.0);
            for right in right.panels() {
                for left in left.panels() {
                    let to = Rows { start: 0, stride: columns };
                    multiply_transposed(left, right, product.as_slice_mut().unwrap(), to);
                }
            }
            for ((row, column), &found) in product.indexed_iter() {
                let mut expected = 0.0;
                for m in 0..depth {
                    expected += a[[m, row]] * b[[m, column]];
                }
                prop_assert_eq!(found, 1.0 + expected);
            }
        }
    }
}
