//! Kunin's amp: −E xᵀBWx.

use super::{Format, Measure, Of};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "amp",
    label: "amp",
    title: "Alignment function “amp”",
    about: "Whether activity, sent up and back, keeps its direction. Lower is better aligned.",
    formula: "− x^T B W x",
    format: Format::Significant,
    range: None,
    reference: None,
    of: Of::Products(|products| -products.returned()),
};
