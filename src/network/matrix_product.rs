//! The matrix products behind every layer: one operand is read where it lies, the other is packed.
//!
//! A product is computed in tiles of a few rows and [`COLUMNS`] columns that stay in registers. The
//! packed operand lies in panels, `[panel][depth][COLUMNS]`, so that a tile reads it front to back.
//! The rows of the other operand may start anywhere, which makes a convolution a matrix product
//! without a copy of its patches.
//!
//! Every sum starts at zero and runs through its depth in order, whatever the width of the machine's
//! vectors, and is then stored or added whole. Native and WebAssembly therefore give the same bits.

use ndarray::ArrayView2;

/// Columns of a panel: two vectors of the machine (eight lanes natively, four in WebAssembly).
pub const COLUMNS: usize = if cfg!(target_family = "wasm") { 8 } else { 16 };

/// Rows of a full tile: with [`COLUMNS`], eight independent sums of vectors, which hide the latency
/// of an addition, and few enough to leave registers for the operands.
const ROWS: usize = 4;

/// One row of a panel.
pub type PanelRow = [f32; COLUMNS];

/// A matrix `[depth, columns]` in panels of [`COLUMNS`] columns. What fills up the last panel is
/// multiplied along with the rest, but never written to a result.
#[derive(Debug, Clone)]
pub struct Packed {
    depth: usize,
    columns: usize,
    values: Vec<PanelRow>,
}

impl Packed {
    /// A matrix of zeros, `[depth, columns]`.
    pub fn new(depth: usize, columns: usize) -> Self {
        Self { depth, columns, values: vec![[0.0; COLUMNS]; depth * columns.div_ceil(COLUMNS)] }
    }

    /// Changes the depth; what the matrix holds is then to be packed anew.
    pub fn set_depth(&mut self, depth: usize) {
        self.depth = depth;
        self.values.resize(depth * self.columns.div_ceil(COLUMNS), [0.0; COLUMNS]);
    }

    /// Copies `matrix` to the rows from `first` on. It may have any strides, such as a transpose.
    pub fn pack(&mut self, first: usize, matrix: ArrayView2<'_, f32>) {
        let (depth, columns) = matrix.dim();
        assert!(first + depth <= self.depth && columns == self.columns);
        for (panel, block) in self.values.chunks_exact_mut(self.depth).enumerate() {
            let block = &mut block[first..first + depth];
            let columns = panel * COLUMNS..columns.min((panel + 1) * COLUMNS);
            if matrix.strides()[1] == 1 {
                for (packed, row) in block.iter_mut().zip(matrix.rows()) {
                    // A row of stride 1 is a slice; the empty default can't be.
                    let row = &row.to_slice().unwrap_or_default()[columns.clone()];
                    match row.first_chunk() {
                        Some(row) => *packed = *row,
                        None => packed[..row.len()].copy_from_slice(row),
                    }
                }
            } else {
                for (lane, column) in columns.enumerate() {
                    for (packed, &value) in block.iter_mut().zip(matrix.column(column)) {
                        packed[lane] = value;
                    }
                }
            }
        }
    }

    /// The panels in order, each with its first column and how many of its columns exist.
    pub fn panels(&self) -> impl Iterator<Item = Panel<'_>> {
        let blocks = self.values.chunks_exact(self.depth.max(1));
        blocks.enumerate().map(|(index, rows)| {
            let first = index * COLUMNS;
            Panel { first, width: (self.columns - first).min(COLUMNS), rows }
        })
    }
}

/// Some columns of a [`Packed`] matrix.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a> {
    /// The matrix's column that is the panel's column 0.
    pub first: usize,
    /// How many of the panel's columns exist.
    pub width: usize,
    /// The rows.
    pub rows: &'a [PanelRow],
}

impl<'a> Panel<'a> {
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

/// Where the depth of a product lies: in pieces of `length`, `stride` apart.
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
    panel: Panel<'_>,
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
        write_tile(&tile[..ROWS.min(count - row)], panel.width, output, output_rows, write);
    }
}

// The rows of a tile are spelt out, here and below, because the compiler then reliably keeps their
// sums in vector registers.
#[inline(always)]
fn multiply_tile(
    input: &[f32],
    starts: [usize; ROWS],
    segments: Segments,
    panel: &[PanelRow],
) -> [PanelRow; ROWS] {
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

/// `output[k, column] += Σ_m input[m, k] · panel[m, column]` for `count` values of `k`: the gradient
/// of weights, from inputs and errors at the same positions `m`.
///
/// Positions lie in rows of `positions.length`, whose inputs are `input_rows.stride` apart within a
/// row, and `positions.stride` from row to row. The output's row `k` starts at `output_rows`.
#[inline(always)]
pub fn multiply_transposed(
    count: usize,
    input: &[f32],
    input_rows: Rows,
    positions: Segments,
    panel: Panel<'_>,
    output: &mut [f32],
    output_rows: Rows,
) {
    for k in (0..count).step_by(ROWS) {
        let input_rows = Rows { start: input_rows.start + k, ..input_rows };
        let output_rows =
            Rows { start: output_rows.start + k * output_rows.stride + panel.first, ..output_rows };
        if k + ROWS <= count && input_rows.stride >= ROWS {
            let tile = transposed_tile(input, input_rows, positions, panel.rows);
            write_tile(&tile, panel.width, output, output_rows, Write::Add);
            continue;
        }
        for next in 0..ROWS.min(count - k) {
            let input_row = Rows { start: input_rows.start + next, ..input_rows };
            let output_row = Rows { start: output_rows.start + next * output_rows.stride, ..output_rows };
            let tile = transposed_row(input, input_row, positions, panel.rows);
            write_tile(&[tile], panel.width, output, output_row, Write::Add);
        }
    }
}

#[inline(always)]
fn transposed_tile(input: &[f32], rows: Rows, positions: Segments, panel: &[PanelRow]) -> [PanelRow; ROWS] {
    let [mut a, mut b, mut c, mut d] = [[0.0; COLUMNS]; ROWS];
    let mut start = rows.start;
    for errors in panel.chunks_exact(positions.length) {
        let inputs = &input[start..][..(positions.length - 1) * rows.stride + ROWS];
        // Chunks, rather than indices, save most of the bounds checks.
        for (inputs, errors) in inputs.chunks(rows.stride).zip(errors) {
            let inputs = &inputs[..ROWS];
            add_scaled(&mut a, inputs[0], errors);
            add_scaled(&mut b, inputs[1], errors);
            add_scaled(&mut c, inputs[2], errors);
            add_scaled(&mut d, inputs[3], errors);
        }
        start += positions.stride;
    }
    [a, b, c, d]
}

/// A tile of one row, for the few that are left.
#[inline(always)]
fn transposed_row(input: &[f32], rows: Rows, positions: Segments, panel: &[PanelRow]) -> PanelRow {
    let mut sums = [0.0; COLUMNS];
    let mut start = rows.start;
    for errors in panel.chunks_exact(positions.length) {
        for (m, errors) in errors.iter().enumerate() {
            add_scaled(&mut sums, input[start + m * rows.stride], errors);
        }
        start += positions.stride;
    }
    sums
}

/// The multiply-and-add of every product.
#[inline(always)]
fn add_scaled(sums: &mut PanelRow, factor: f32, row: &PanelRow) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += factor * value;
    }
}

#[inline(always)]
fn write_tile(tile: &[PanelRow], width: usize, output: &mut [f32], rows: Rows, write: Write) {
    for (r, sums) in tile.iter().enumerate() {
        let output = &mut output[rows.start + r * rows.stride..][..width];
        match (write, <&mut PanelRow>::try_from(&mut *output)) {
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
            rows in 1..5usize, length in 1..7usize, depth in 1..13usize, columns in 1..40usize, seed: u64,
        ) {
            let (a, b) = (matrix(rows * length, depth, seed), matrix(rows * length, columns, seed ^ 1));
            let mut packed = Packed::new(rows * length, columns);
            packed.pack(0, b.view());
            let mut product = Array2::from_elem((depth, columns), 1.0);
            for panel in packed.panels() {
                multiply_transposed(
                    depth, a.as_slice().unwrap(), Rows { start: 0, stride: depth },
                    Segments { length, stride: length * depth }, panel,
                    product.as_slice_mut().unwrap(), Rows { start: 0, stride: columns },
                );
            }
            for ((k, column), &found) in product.indexed_iter() {
                let mut expected = 0.0;
                for m in 0..rows * length {
                    expected += a[[m, k]] * b[[m, column]];
                }
                prop_assert_eq!(found, 1.0 + expected);
            }
        }
    }
}
