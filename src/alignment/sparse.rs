//! Kunin's sparse: E‖Wx‖² + E‖xᵀB‖².

use super::{Format, Measure, Of, Products};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "sparse",
    label: "sparse",
    title: "Alignment function “sparse”",
    about: "How strong the layer’s signals are, up and down.",
    formula: "‖ W x ‖^2 + ‖ x^T B ‖^2",
    format: Format::Significant,
    range: None,
    reference: None,
    of: Of::Products(Products::activity),
};
