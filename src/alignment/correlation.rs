//! The Pearson correlation of the entries of `Bᵀ` and `W`.

use super::{Entries, Format, Measure, Of};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "correlation",
    label: "correlation",
    title: "Correlation of forward and feedback",
    about: "How well a straight line fits the dots of the scatter plot: 1 is perfect.",
    formula: "r ( W , B^T )",
    format: Format::Decimal,
    range: Some([-0.2, 1.04]),
    reference: Some(0.0),
    of: Of::Entries(Entries::correlation),
};
