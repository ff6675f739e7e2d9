//! Kunin's null: E‖BWx‖² + E‖xᵀBW‖², the sparseness of the round trip.

use super::{Format, Measure, Of, Products};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "null",
    label: "null",
    title: "Alignment function “null”",
    about: "How strong signals are after a round trip, up and down or down and up.",
    formula: "‖ B W x ‖^2 + ‖ x^T B W ‖^2",
    format: Format::Significant,
    range: None,
    reference: None,
    of: Of::Products(Products::round_trips),
};
