//! ‖BW‖², from two Gram matrices: a real matrix product, in double precision.

use multiversion::multiversion;
use ndarray::ArrayView2;

/// Rows of a panel: with as many of another panel, sums that stay in the vector registers.
const WIDTH: usize = 4;

/// ‖BW‖² from `W` and `Bᵀ`, both `[n_out, n_in]`: the inner product of the Gram matrices WWᵀ and BᵀB.
///
/// Every sum runs through its depth in order, whatever the width of the machine's vectors, so that native and
/// WebAssembly give the same bits.
pub fn squared_norm(forward: ArrayView2<'_, f64>, feedback: ArrayView2<'_, f64>) -> f64 {
    let [forward, feedback] = [forward, feedback].map(panels);
    sum_of_products(&forward, &feedback)
}

/// Some rows of a matrix, one column after the other.
type Panel = Vec<[f64; WIDTH]>;

/// The rows of a matrix in panels. Missing rows are zeros, which add nothing.
fn panels(matrix: ArrayView2<'_, f64>) -> Vec<Panel> {
    let panel = |first: usize| {
        let row = |lane: usize| (first + lane < matrix.nrows()).then(|| matrix.row(first + lane));
        let rows: [_; WIDTH] = std::array::from_fn(row);
        let column = |column: usize| rows.each_ref().map(|row| row.as_ref().map_or(0.0, |row| row[column]));
        (0..matrix.ncols()).map(column).collect()
    };
    (0..matrix.nrows()).step_by(WIDTH).map(panel).collect()
}

#[multiversion(targets("x86_64+avx2"))]
fn sum_of_products(forward: &[Panel], feedback: &[Panel]) -> f64 {
    let mut sum = 0.0;
    for one in 0..forward.len() {
        for other in 0..=one {
            let left = tile(&forward[one], &forward[other]);
            let right = tile(&feedback[one], &feedback[other]);
            let pairs = left.as_flattened().iter().zip(right.as_flattened());
            let product: f64 = pairs.map(|(left, right)| left * right).sum();
            // Both Gram matrices are symmetric.
            sum += if one == other { product } else { 2.0 * product };
        }
    }
    sum
}

/// The inner products of the rows of two panels.
#[inline(always)]
fn tile(left: &[[f64; WIDTH]], right: &[[f64; WIDTH]]) -> [[f64; WIDTH]; WIDTH] {
    // Spelt out, because the compiler then keeps the sums in registers.
    let [mut a, mut b, mut c, mut d] = [[0.0; WIDTH]; WIDTH];
    for (left, right) in left.iter().zip(right) {
        add_scaled(&mut a, left[0], right);
        add_scaled(&mut b, left[1], right);
        add_scaled(&mut c, left[2], right);
        add_scaled(&mut d, left[3], right);
    }
    [a, b, c, d]
}

#[inline(always)]
fn add_scaled(sums: &mut [f64; WIDTH], factor: f64, row: &[f64; WIDTH]) {
    *sums = std::array::from_fn(|lane| sums[lane] + factor * row[lane]);
}
