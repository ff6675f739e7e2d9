//! Measures that compare forward weights `W` `[n_out, n_in]` with feedback weights `B` `[n_in, n_out]`.
//!
//! A new measure is a file here, and its name in the list [`MEASURES`].
//!
//! Besides sign agreement, angle and correlation they are the alignment functions of Kunin et al. (2019, 2020), under
//! the names of their program, for inputs `x` uniform in [0, 1]^n_in: the expectation over `x`, in closed form. With
//! the mean m = ½ and the variance 1/12 of every input, E‖Ax‖² = ‖Am‖² + ‖A‖²/12 for any matrix `A`, and
//! E xᵀAx = mᵀAm + tr(A)/12. (The authors' program exchanges `decay` and `sparse`, and calls `reconstruction` "info".)

mod round_trip;

use crate::registry::registry;
use ndarray::{Array1, ArrayView1, ArrayView2, Axis, Zip};
use round_trip::squared_norm;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

registry! {
    /// Every measure, in the order in which they are shown.
    pub static MEASURES: [Measure] = MEASURE of {
        sign_agreement,
        angle,
        correlation,
        decay,
        sparse,
        self_alignment,
        amp,
        null,
        symmetric,
        reconstruction,
    }
}

/// A measure: how it is called and shown, and what it is.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Measure {
    /// Its name in records.
    pub name: &'static str,
    /// A word for it, among other measures.
    pub label: &'static str,
    /// What an axis says.
    pub title: &'static str,
    /// A sentence on what it tells.
    pub about: &'static str,
    /// Its formula, with `B^T` for a raised T; or nothing.
    pub formula: &'static str,
    /// How its numbers are written.
    pub format: Format,
    /// The range of an axis, before there is anything beyond it.
    pub range: Option<[f64; 2]>,
    /// What random feedback gives.
    pub reference: Option<f64>,
    /// What it is.
    #[serde(skip)]
    pub of: Of,
}

/// How the numbers of a measure are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A share of one, as a percentage.
    Share,
    /// An angle in degrees.
    Degrees,
    /// A number of about one.
    Decimal,
    /// A number of any size.
    Significant,
}

/// What a measure is computed from.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// The entries of both matrices: some milliseconds for a million.
    Entries(fn(&Entries) -> f64),
    /// Also their products with each other: a hundred times the work.
    Products(fn(&Products) -> f64),
}

/// How far the feedback weights of one layer agree with its forward weights.
///
/// ```
/// use ndarray::array;
/// use spikealign::alignment::LayerAlignment;
///
/// let forward = array![[1.0, -2.0, 3.0], [-4.0, 5.0, 6.5]];
/// let alignment = LayerAlignment::between(forward.view(), forward.t());
/// assert_eq!(alignment.name, "3→2");
/// assert_eq!(alignment.measure("sign_agreement"), Some(1.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LayerAlignment {
    /// Which layer: `inputs→outputs`.
    pub name: String,
    /// The measures in the order of [`MEASURES`]; `None` where one was not computed.
    values: Vec<Option<f64>>,
}

impl LayerAlignment {
    /// Compares `feedback` `[n_in, n_out]` with `forward` `[n_out, n_in]` by every measure.
    pub fn between(forward: ArrayView2<'_, f32>, feedback: ArrayView2<'_, f32>) -> Self {
        let products = Products::of(forward, feedback);
        Self::from_values(forward, |of| match of {
            Of::Entries(measure) => Some(measure(&products.entries)),
            Of::Products(measure) => Some(measure(&products)),
        })
    }

    /// The same, but only by the measures computed from the entries, which are cheap enough to repeat often.
    pub fn between_entries(forward: ArrayView2<'_, f32>, feedback: ArrayView2<'_, f32>) -> Self {
        let entries = Entries::of(forward, feedback.t());
        Self::from_values(forward, |of| match of {
            Of::Entries(measure) => Some(measure(&entries)),
            Of::Products(_) => None,
        })
    }

    /// A layer without feedback weights, so without measures.
    pub fn of_none(forward: ArrayView2<'_, f32>) -> Self {
        Self::from_values(forward, |_| None)
    }

    fn from_values(forward: ArrayView2<'_, f32>, value: impl Fn(Of) -> Option<f64>) -> Self {
        let (n_out, n_in) = forward.dim();
        let values = MEASURES.iter().map(|measure| value(measure.of)).collect();
        Self { name: layer_name([n_in, n_out]), values }
    }

    /// A measure by its name, if it was computed.
    pub fn measure(&self, name: &str) -> Option<f64> {
        let index = MEASURES.iter().position(|measure| measure.name == name)?;
        *self.values.get(index)?
    }

    /// Share of the entries with feedback in which `sign(Bᵀ) = sign(W)`, 0–1; chance is one half.
    pub fn sign_agreement(&self) -> f64 {
        self.measure("sign_agreement").unwrap_or(f64::NAN)
    }

    /// The measures that there are, with their names.
    pub fn measures(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let named = MEASURES.iter().map(|measure| measure.name).zip(self.values.iter().copied());
        named.filter_map(|(name, value)| Some((name, value?)))
    }

    /// Whether all measures that there are are finite, as they are when all weights are.
    pub fn is_finite(&self) -> bool {
        self.values.len() == MEASURES.len() && self.values.iter().flatten().all(|value| value.is_finite())
    }
}

/// In a text, the name and the measures that there are, by name; elsewhere, the name and the numbers.
impl Serialize for LayerAlignment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return (&self.name, &self.values).serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        for (name, value) in self.measures() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for LayerAlignment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            let (name, values) = Deserialize::deserialize(deserializer)?;
            return Ok(Self { name, values });
        }
        deserializer.deserialize_map(ByName)
    }
}

/// Reads a layer's measures by their names.
struct ByName;

impl<'de> de::Visitor<'de> for ByName {
    type Value = LayerAlignment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a layer and its measures")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<LayerAlignment, A::Error> {
        let mut name = None;
        let mut values = vec![None; MEASURES.len()];
        while let Some(key) = map.next_key::<String>()? {
            match MEASURES.iter().position(|measure| measure.name == key) {
                Some(index) => values[index] = Some(map.next_value()?),
                None if key == "name" => name = Some(map.next_value()?),
                None => drop(map.next_value::<de::IgnoredAny>()?),
            }
        }
        Ok(LayerAlignment { name: name.ok_or_else(|| de::Error::missing_field("name"))?, values })
    }
}

/// How a layer with weights `[n_in, n_out]` is called: `inputs→outputs`.
pub fn layer_name([n_in, n_out]: [usize; 2]) -> String {
    format!("{n_in}→{n_out}")
}

/// Angle between two arrays of one shape, each taken as one long vector, in degrees. With the
/// update that a rule makes and the one that backpropagation would make, this is the gradient angle.
pub fn angle_between(left: ArrayView2<'_, f32>, right: ArrayView2<'_, f32>) -> f64 {
    Entries::of(left, right).angle()
}

/// What the matrices do to an input that goes up and comes back, for inputs of mean m = ½ and variance 1/12.
#[derive(Debug)]
pub struct Products {
    /// Sums over the entries.
    pub entries: Entries,
    /// How many inputs there are.
    n_in: f64,
    /// ‖Wm‖², ‖Bᵀm‖² and their inner product.
    up_up: f64,
    down_down: f64,
    up_down: f64,
    /// ‖BWm‖², ‖(BW)ᵀm‖² and ‖m − BWm‖².
    back_back: f64,
    across_across: f64,
    residual: f64,
    /// ‖BW‖².
    round_trip: f64,
}

impl Products {
    /// Mean and variance of an input.
    const MEAN: f64 = 0.5;
    const VARIANCE: f64 = 1.0 / 12.0;

    fn of(forward: ArrayView2<'_, f32>, feedback: ArrayView2<'_, f32>) -> Self {
        let entries = Entries::of(forward, feedback.t());
        // One row for each neuron above.
        let (forward, feedback) = (forward.mapv(f64::from), feedback.t().mapv(f64::from));
        let up = forward.sum_axis(Axis(1)) * Self::MEAN;
        let down = feedback.sum_axis(Axis(1)) * Self::MEAN;
        let mut back = Array1::<f64>::zeros(forward.ncols());
        let mut across = Array1::<f64>::zeros(forward.ncols());
        for (one, (forward, feedback)) in forward.rows().into_iter().zip(feedback.rows()).enumerate() {
            back.scaled_add(up[one], &feedback);
            across.scaled_add(down[one], &forward);
        }
        Self {
            entries,
            n_in: forward.ncols() as f64,
            up_up: inner(up.view(), up.view()),
            down_down: inner(down.view(), down.view()),
            up_down: inner(up.view(), down.view()),
            back_back: inner(back.view(), back.view()),
            across_across: inner(across.view(), across.view()),
            residual: back.iter().map(|&back| (Self::MEAN - back) * (Self::MEAN - back)).sum(),
            round_trip: squared_norm(forward.view(), feedback.view()),
        }
    }

    /// E‖Wx‖² + E‖xᵀB‖²
    fn activity(&self) -> f64 {
        self.up_up + self.down_down + Self::VARIANCE * self.entries.norms()
    }

    /// E xᵀBWx
    fn returned(&self) -> f64 {
        self.up_down + Self::VARIANCE * self.entries.trace()
    }

    /// E‖BWx‖² + E‖xᵀBW‖²
    fn round_trips(&self) -> f64 {
        self.back_back + self.across_across + 2.0 * Self::VARIANCE * self.round_trip
    }

    /// E‖x − BWx‖²
    fn lost(&self) -> f64 {
        self.residual + Self::VARIANCE * (self.n_in - 2.0 * self.entries.trace() + self.round_trip)
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

/// Sums over the entries of two matrices, gathered in one pass.
#[derive(Debug, Default)]
pub struct Entries {
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

impl Entries {
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

    /// ‖W‖² + ‖B‖²
    fn norms(&self) -> f64 {
        self.left_left + self.right_right
    }

    /// tr(BW)
    fn trace(&self) -> f64 {
        self.left_right
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

    fn value(alignment: &LayerAlignment, name: &str) -> f64 {
        alignment.measure(name).unwrap()
    }

    #[test]
    fn the_transpose_is_perfectly_aligned_and_its_opposite_perfectly_misaligned() {
        let forward = array![[1.0, -2.0, 3.0], [-4.0, 5.0, 6.5]];
        let same = LayerAlignment::between(forward.view(), forward.t());
        assert_eq!(same.name, "3→2");
        assert_eq!(same.sign_agreement(), 1.0);
        assert_abs_diff_eq!(value(&same, "angle"), 0.0, epsilon = 1e-5);
        assert_abs_diff_eq!(value(&same, "correlation"), 1.0, epsilon = 1e-12);
        let opposite = LayerAlignment::between(forward.view(), forward.t().mapv(|w| -w).view());
        assert_eq!(opposite.sign_agreement(), 0.0);
        assert_abs_diff_eq!(value(&opposite, "angle"), 180.0, epsilon = 1e-5);
    }

    #[test]
    fn absent_feedback_counts_for_nothing_in_the_sign_agreement_and_absent_weights_as_wrong() {
        let forward = array![[1.0, -1.0, 0.0, 2.0, 1.0, 1.0]];
        let feedback = array![[2.0], [2.0], [2.0], [2.0], [0.0], [0.0]];
        assert_eq!(LayerAlignment::between(forward.view(), feedback.view()).sign_agreement(), 0.5);
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
                assert!(
                    value(&one, "angle").is_nan() && value(&one, "correlation").is_nan() && !one.is_finite(),
                    "{one:?}"
                );
            }
            assert!(angle_between(forward.view(), feedback.view()).is_nan());
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
        assert_abs_diff_eq!(value(&found, "correlation"), 7.0 / 70f64.sqrt(), epsilon = 1e-12);
        assert_abs_diff_eq!(
            value(&found, "angle"),
            (37.0 / 1500f64.sqrt()).acos().to_degrees(),
            epsilon = 1e-9
        );
    }

    #[test]
    fn a_square_that_rounding_left_below_zero_is_none() {
        assert_eq!([cosine(1.0, -1e-17, 2.0), cosine(1.0, 2.0, -1e-17)], [0.0, 0.0]);
    }

    #[test]
    fn known_angles() {
        assert_abs_diff_eq!(
            angle_between(array![[1.0, 0.0]].view(), array![[1.0, 1.0]].view()),
            45.0,
            epsilon = 1e-9
        );
        assert_abs_diff_eq!(
            angle_between(array![[1.0, 0.0]].view(), array![[0.0, 3.0]].view()),
            90.0,
            epsilon = 1e-9
        );
        assert_abs_diff_eq!(angle_between(array![[0.0]].view(), array![[3.0]].view()), 90.0);
    }

    #[test]
    fn alignment_functions_are_the_means_over_random_inputs() {
        let mut generator = crate::random::generator(1, crate::random::Stream::Drive);
        let forward = Array2::from_shape_simple_fn((5, 9), || generator.random_range(-1f32..1.0));
        let feedback = Array2::from_shape_simple_fn((9, 5), || generator.random_range(-1f32..1.0));
        let alignment = LayerAlignment::between(forward.view(), feedback.view());
        let exact = |name| value(&alignment, name);
        let (forward, feedback) = (forward.mapv(f64::from), feedback.mapv(f64::from));
        let squares = |matrix: &Array2<f64>| matrix.mapv(|value| value * value).sum();
        let product = feedback.dot(&forward);
        let names = ["sparse", "amp", "null", "reconstruction"];
        let mut sums = [0.0; 4];
        let draws = 200_000;
        for _ in 0..draws {
            let x = Array1::from_shape_simple_fn(9, || generator.random::<f64>());
            let up = forward.dot(&x);
            let back = feedback.dot(&up);
            let squared = |vector: Array1<f64>| vector.dot(&vector);
            let terms = [
                squared(up) + squared(feedback.t().dot(&x)),
                -x.dot(&back),
                squared(back.clone()) + squared(product.t().dot(&x)),
                squared(&x - &back),
            ];
            sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
        }
        for (name, sum) in names.into_iter().zip(sums) {
            let mean = sum / f64::from(draws);
            assert_abs_diff_eq!(exact(name), mean, epsilon = 0.02 * mean.abs() + 0.05);
        }
        assert_abs_diff_eq!(exact("self"), -product.diag().sum(), epsilon = 1e-9);
        assert_abs_diff_eq!(exact("decay"), squares(&forward) + squares(&feedback), epsilon = 1e-9);
        assert_abs_diff_eq!(exact("symmetric"), squares(&(&forward - &feedback.t())), epsilon = 1e-9);
        // And to the digit, with the matrices written out: E‖Ax‖² and E xᵀAx.
        let middle = Array1::from_elem(9, 0.5);
        let squared = |matrix: &Array2<f64>| {
            let at_middle = matrix.dot(&middle);
            at_middle.dot(&at_middle) + squares(matrix) / 12.0
        };
        let transposed = |matrix: &Array2<f64>| squared(&matrix.t().to_owned());
        assert_abs_diff_eq!(exact("sparse"), squared(&forward) + transposed(&feedback), epsilon = 1e-9);
        let amp = -(middle.dot(&product.dot(&middle)) + product.diag().sum() / 12.0);
        assert_abs_diff_eq!(exact("amp"), amp, epsilon = 1e-9);
        assert_abs_diff_eq!(exact("null"), squared(&product) + transposed(&product), epsilon = 1e-9);
        assert_abs_diff_eq!(exact("reconstruction"), squared(&(Array2::eye(9) - &product)), epsilon = 1e-9);
    }

    #[test]
    fn what_is_not_asked_for_is_absent_in_a_text_and_read_so() {
        let forward = array![[1.0, 2.0], [3.0, 4.0]];
        let few = LayerAlignment::between_entries(forward.view(), forward.view());
        let all = LayerAlignment::between(forward.view(), forward.view());
        assert_eq!(value(&few, "angle"), value(&all, "angle"));
        assert_eq!(few.measure("null"), None);
        for one in [few, all] {
            let text = serde_json::to_string(&one).unwrap();
            assert_eq!(text.contains("null"), one.measure("null").is_some());
            assert_eq!(serde_json::from_str::<LayerAlignment>(&text).unwrap(), one);
            let bytes = postcard::to_allocvec(&one).unwrap();
            assert_eq!(postcard::from_bytes::<LayerAlignment>(&bytes).unwrap(), one);
        }
    }

    #[test]
    fn measures_of_other_versions_are_passed_by_and_what_is_no_layer_is_refused() {
        let read = |text| serde_json::from_str::<LayerAlignment>(text).map_err(|error| error.to_string());
        let layer = read(r#"{"name": "9→4", "angle": 80.5, "measure of tomorrow": [1, 2]}"#).unwrap();
        assert_eq!((&*layer.name, layer.measures().collect::<Vec<_>>()), ("9→4", vec![("angle", 80.5)]));
        assert!(read(r#"{"angle": 80.5}"#).unwrap_err().starts_with("missing field `name`"));
        assert!(read("3").unwrap_err().contains("expected the name of a layer and its measures"));
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
            prop_assert!((0.0..=1.0).contains(&one.sign_agreement()));
            prop_assert!((0.0..=180.0).contains(&value(&one, "angle")));
            prop_assert!((-1.0..=1.0).contains(&value(&one, "correlation")));
            let other = LayerAlignment::between(forward.view(), feedback.mapv(|b| b * scale).view());
            prop_assert_eq!(one.sign_agreement(), other.sign_agreement());
            prop_assert!((value(&one, "angle") - value(&other, "angle")).abs() < 1e-3);
        }
    }
}
