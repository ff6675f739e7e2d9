//! Measures that compare forward weights `W` `[n_out, n_in]` with feedback weights `B` `[n_in, n_out]`.

use ndarray::{Array1, ArrayView1, ArrayView2, Axis, Zip};
use serde::{Deserialize, Serialize};

/// How far the feedback weights of one layer agree with its forward weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerAlignment {
    /// Which layer: `inputs→outputs`.
    pub name: String,
    /// Share of the entries with feedback in which `sign(Bᵀ) = sign(W)`, 0–1; chance is one half.
    pub sign_agreement: f64,
    /// Angle between `vec(Bᵀ)` and `vec(W)`, in degrees; chance is 90.
    pub angle: f64,
    /// Pearson correlation of the entries of `Bᵀ` and `W`, −1–1; chance is 0.
    pub correlation: f64,
    /// The alignment functions of Kunin et al.
    pub functions: AlignmentFunctions,
}

impl LayerAlignment {
    /// Compares `feedback` `[n_in, n_out]` with `forward` `[n_out, n_in]`.
    pub fn between(forward: ArrayView2<'_, f32>, feedback: ArrayView2<'_, f32>) -> Self {
        let (n_out, n_in) = forward.dim();
        let moments = Moments::of(forward, feedback.t());
        Self {
            name: layer_name([n_in, n_out]),
            sign_agreement: moments.sign_agreement(),
            angle: moments.angle(),
            correlation: moments.correlation(),
            functions: AlignmentFunctions::between(forward, feedback),
        }
    }

    /// Whether every number is finite, as it is when all weights are.
    pub fn is_finite(&self) -> bool {
        let AlignmentFunctions { decay, sparse, self_alignment, amp, null, symmetric } = self.functions;
        let measures = [self.sign_agreement, self.angle, self.correlation];
        let functions = [decay, sparse, self_alignment, amp, null, symmetric];
        measures.iter().chain(&functions).all(|measure| measure.is_finite())
    }
}

/// How a layer with weights `[n_in, n_out]` is called: `inputs→outputs`.
pub fn layer_name([n_in, n_out]: [usize; 2]) -> String {
    format!("{n_in}→{n_out}")
}

/// The alignment functions of Kunin et al. (2019, 2020), for inputs `x` uniform in [0, 1]^n_in: the
/// expectation over `x`, in closed form.
///
/// With the mean m = ½ and the variance 1/12 of every input, E‖Ax‖² = ‖Am‖² + ‖A‖²/12 for any matrix
/// `A`, and E xᵀAx = mᵀAm + tr(A)/12.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AlignmentFunctions {
    /// ‖Wx‖² + ‖xᵀB‖²
    pub decay: f64,
    /// ‖W‖² + ‖B‖²
    pub sparse: f64,
    /// −tr(BW)
    #[serde(rename = "self")]
    pub self_alignment: f64,
    /// −xᵀBWx
    pub amp: f64,
    /// ‖x − BWx‖²
    pub null: f64,
    /// ‖W − Bᵀ‖²
    pub symmetric: f64,
}

impl AlignmentFunctions {
    /// Compares `feedback` `[n_in, n_out]` with `forward` `[n_out, n_in]`.
    pub fn between(forward: ArrayView2<'_, f32>, feedback: ArrayView2<'_, f32>) -> Self {
        const MEAN: f64 = 0.5;
        const VARIANCE: f64 = 1.0 / 12.0;
        let (forward, feedback) = (forward.mapv(f64::from), feedback.t().mapv(f64::from));
        let n_in = forward.ncols() as f64;
        let moments = Moments::of(forward.view(), feedback.view());
        // Wm and Bᵀm, one entry a neuron above; BWm, one entry an input.
        let forward_mean = forward.sum_axis(Axis(1)) * MEAN;
        let feedback_mean = feedback.sum_axis(Axis(1)) * MEAN;
        let mut loop_mean = Array1::<f64>::zeros(forward.ncols());
        for (row, &mean) in feedback.rows().into_iter().zip(&forward_mean) {
            loop_mean.scaled_add(mean, &row);
        }
        // ‖BW‖² is the inner product of the Gram matrices WWᵀ and BᵀB.
        let mut loop_squared = 0.0;
        for one in 0..forward.nrows() {
            for other in 0..=one {
                let product = inner(forward.row(one), forward.row(other))
                    * inner(feedback.row(one), feedback.row(other));
                loop_squared += if one == other { product } else { 2.0 * product };
            }
        }
        let trace = moments.left_right;
        let residual_mean: f64 = loop_mean.iter().map(|&mean| (MEAN - mean) * (MEAN - mean)).sum();
        Self {
            decay: inner(forward_mean.view(), forward_mean.view())
                + inner(feedback_mean.view(), feedback_mean.view())
                + VARIANCE * (moments.left_left + moments.right_right),
            sparse: moments.left_left + moments.right_right,
            self_alignment: -trace,
            amp: -(inner(forward_mean.view(), feedback_mean.view()) + VARIANCE * trace),
            null: residual_mean + VARIANCE * (n_in - 2.0 * trace + loop_squared),
            symmetric: moments.left_left - 2.0 * trace + moments.right_right,
        }
    }
}

/// The inner product, as eight partial sums that the compiler can keep in vector registers.
fn inner(left: ArrayView1<'_, f64>, right: ArrayView1<'_, f64>) -> f64 {
    let mut sums = [0.0; 8];
    for (index, (left, right)) in left.iter().zip(right).enumerate() {
        sums[index % 8] += left * right;
    }
    sums.iter().sum()
}

/// Angle between two arrays of one shape, each taken as one long vector, in degrees. With the
/// update that a rule makes and the one that backpropagation would make, this is the gradient angle.
pub fn angle(left: ArrayView2<'_, f32>, right: ArrayView2<'_, f32>) -> f64 {
    Moments::of(left, right).angle()
}

/// The sums from which every measure follows, gathered in one pass.
#[derive(Debug, Default)]
struct Moments {
    count: f64,
    left: f64,
    right: f64,
    left_left: f64,
    right_right: f64,
    left_right: f64,
    /// Entries in which the right side is not 0, and those of them with the same sign on the left.
    present: f64,
    agreeing: f64,
}

impl Moments {
    fn of<T: Copy + Into<f64>>(left: ArrayView2<'_, T>, right: ArrayView2<'_, T>) -> Self {
        let mut sums = Self::default();
        Zip::from(left).and(right).for_each(|&left, &right| {
            let (left, right) = (left.into(), right.into());
            sums.count += 1.0;
            sums.left += left;
            sums.right += right;
            sums.left_left += left * left;
            sums.right_right += right * right;
            sums.left_right += left * right;
            if right != 0.0 {
                sums.present += 1.0;
                sums.agreeing += f64::from(left * right > 0.0);
            }
        });
        sums
    }

    fn sign_agreement(&self) -> f64 {
        if self.present == 0.0 { 0.5 } else { self.agreeing / self.present }
    }

    fn angle(&self) -> f64 {
        libm::acos(cosine(self.left_right, self.left_left, self.right_right)).to_degrees()
    }

    fn correlation(&self) -> f64 {
        cosine(
            self.left_right - self.left * self.right / self.count,
            self.left_left - self.left * self.left / self.count,
            self.right_right - self.right * self.right / self.count,
        )
    }
}

/// The cosine of an angle from an inner product and two squared norms; 0 where one of them is 0. What is
/// not a number stays so.
fn cosine(product: f64, left: f64, right: f64) -> f64 {
    // Rounding may leave a square a little below 0.
    let [left, right] = [left, right].map(|square| if square < 0.0 { 0.0 } else { square });
    let norms = (left * right).sqrt();
    if norms == 0.0 { 0.0 } else { (product / norms).clamp(-1.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_abs_diff_eq;
    use ndarray::{Array2, array};
    use proptest::prelude::*;
    use rand::RngExt;

    #[test]
    fn the_transpose_is_perfectly_aligned_and_its_opposite_perfectly_misaligned() {
        let forward = array![[1.0, -2.0, 3.0], [-4.0, 5.0, 6.5]];
        let same = LayerAlignment::between(forward.view(), forward.t());
        assert_eq!(same.name, "3→2");
        assert_eq!(same.sign_agreement, 1.0);
        assert_abs_diff_eq!(same.angle, 0.0, epsilon = 1e-5);
        assert_abs_diff_eq!(same.correlation, 1.0, epsilon = 1e-12);
        let opposite = LayerAlignment::between(forward.view(), forward.t().mapv(|w| -w).view());
        assert_eq!(opposite.sign_agreement, 0.0);
        assert_abs_diff_eq!(opposite.angle, 180.0, epsilon = 1e-5);
    }

    #[test]
    fn absent_feedback_counts_for_nothing_in_the_sign_agreement_and_absent_weights_as_wrong() {
        let forward = array![[1.0, -1.0, 0.0, 2.0, 1.0, 1.0]];
        let feedback = array![[2.0], [2.0], [2.0], [2.0], [0.0], [0.0]];
        assert_eq!(LayerAlignment::between(forward.view(), feedback.view()).sign_agreement, 0.5);
    }

    #[test]
    fn what_is_not_finite_is_not_hidden_in_a_measure() {
        let forward = array![[1.0, 2.0], [3.0, 4.0]];
        for wrong in [f32::NAN, f32::INFINITY] {
            let feedback = array![[1.0, wrong], [0.5, 2.0]];
            for one in [
                LayerAlignment::between(forward.view(), feedback.view()),
                LayerAlignment::between(feedback.view(), forward.view()),
            ] {
                assert!(one.angle.is_nan() && one.correlation.is_nan() && !one.is_finite(), "{one:?}");
            }
            assert!(angle(forward.view(), feedback.view()).is_nan());
        }
        assert!(LayerAlignment::between(forward.view(), forward.view()).is_finite());
        let largest = Array2::from_elem((2, 2), f32::MAX);
        assert!(LayerAlignment::between(largest.view(), largest.view()).is_finite());
    }

    #[test]
    fn a_known_correlation() {
        // Around their means 2.5 and 3: a covariance of 7, variances of 5 and 14.
        let forward = array![[1.0, 2.0, 3.0, 4.0]];
        let feedback = array![[1.0], [3.0], [2.0], [6.0]];
        let found = LayerAlignment::between(forward.view(), feedback.view());
        assert_abs_diff_eq!(found.correlation, 7.0 / 70f64.sqrt(), epsilon = 1e-12);
        assert_abs_diff_eq!(found.angle, (37.0 / 1500f64.sqrt()).acos().to_degrees(), epsilon = 1e-9);
    }

    #[test]
    fn a_square_that_rounding_left_below_zero_is_none() {
        assert_eq!([cosine(1.0, -1e-17, 2.0), cosine(1.0, 2.0, -1e-17)], [0.0, 0.0]);
    }

    #[test]
    fn known_angles() {
        assert_abs_diff_eq!(
            angle(array![[1.0, 0.0]].view(), array![[1.0, 1.0]].view()),
            45.0,
            epsilon = 1e-9
        );
        assert_abs_diff_eq!(
            angle(array![[1.0, 0.0]].view(), array![[0.0, 3.0]].view()),
            90.0,
            epsilon = 1e-9
        );
        assert_abs_diff_eq!(angle(array![[0.0]].view(), array![[3.0]].view()), 90.0);
    }

    #[test]
    fn alignment_functions_are_the_means_over_random_inputs() {
        let mut generator = crate::random::generator(1, crate::random::Stream::Drive);
        let forward = Array2::from_shape_simple_fn((5, 9), || generator.random_range(-1f32..1.0));
        let feedback = Array2::from_shape_simple_fn((9, 5), || generator.random_range(-1f32..1.0));
        let exact = AlignmentFunctions::between(forward.view(), feedback.view());
        let (forward, feedback) = (forward.mapv(f64::from), feedback.mapv(f64::from));
        let (mut decay, mut amp, mut null) = (0.0, 0.0, 0.0);
        let draws = 200_000;
        for _ in 0..draws {
            let x = Array1::from_shape_simple_fn(9, || generator.random::<f64>());
            let up = forward.dot(&x);
            let back = feedback.dot(&up);
            decay += up.dot(&up) + feedback.t().dot(&x).mapv(|value| value * value).sum();
            amp -= x.dot(&back);
            null += (&x - &back).mapv(|value| value * value).sum();
        }
        let mean = |sum: f64| sum / f64::from(draws);
        assert_abs_diff_eq!(exact.decay, mean(decay), epsilon = 0.02 * exact.decay.abs());
        assert_abs_diff_eq!(exact.amp, mean(amp), epsilon = 0.05);
        assert_abs_diff_eq!(exact.null, mean(null), epsilon = 0.02 * exact.null);
        let product = feedback.dot(&forward);
        assert_abs_diff_eq!(exact.self_alignment, -product.diag().sum(), epsilon = 1e-9);
        let squares = |matrix: &Array2<f64>| matrix.mapv(|value| value * value).sum();
        assert_abs_diff_eq!(exact.sparse, squares(&forward) + squares(&feedback), epsilon = 1e-9);
        assert_abs_diff_eq!(exact.symmetric, squares(&(&forward - &feedback.t())), epsilon = 1e-9);
        // And to the digit, with the matrices written out: E‖Ax‖² and E xᵀAx.
        let middle = Array1::from_elem(9, 0.5);
        let squared = |matrix: &Array2<f64>| {
            let at_middle = matrix.dot(&middle);
            at_middle.dot(&at_middle) + squares(matrix) / 12.0
        };
        let decay = squared(&forward) + squared(&feedback.t().to_owned());
        let amp = -(middle.dot(&product.dot(&middle)) + product.diag().sum() / 12.0);
        assert_abs_diff_eq!(exact.decay, decay, epsilon = 1e-9);
        assert_abs_diff_eq!(exact.amp, amp, epsilon = 1e-9);
        assert_abs_diff_eq!(exact.null, squared(&(Array2::eye(9) - &product)), epsilon = 1e-9);
    }

    proptest! {
        #[test]
        fn every_measure_is_in_its_range_and_blind_to_scale(
            entries in proptest::collection::vec((-9f32..9.0, -9f32..9.0), 12),
            scale in 0.125f32..8.0,
        ) {
            let forward = Array2::from_shape_fn((3, 4), |(o, i)| entries[o * 4 + i].0);
            let feedback = Array2::from_shape_fn((4, 3), |(i, o)| entries[o * 4 + i].1);
            let one = LayerAlignment::between(forward.view(), feedback.view());
            prop_assert!((0.0..=1.0).contains(&one.sign_agreement));
            prop_assert!((0.0..=180.0).contains(&one.angle));
            prop_assert!((-1.0..=1.0).contains(&one.correlation));
            let other = LayerAlignment::between(forward.view(), feedback.mapv(|b| b * scale).view());
            prop_assert_eq!(one.sign_agreement, other.sign_agreement);
            prop_assert!((one.angle - other.angle).abs() < 1e-3);
        }
    }
}
