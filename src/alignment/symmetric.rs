//! Kunin's symmetric alignment: ‖W − Bᵀ‖².

use super::{Format, Measure, Of};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "symmetric",
    label: "symmetric",
    title: "Alignment function “symmetric”",
    about: "How far the feedback weights are from the transposed forward weights: 0 is a perfect copy.",
    formula: "‖ W − B^T ‖^2",
    format: Format::Significant,
    range: None,
    reference: None,
    of: Of::Entries(|entries| entries.norms() - 2.0 * entries.trace()),
};
