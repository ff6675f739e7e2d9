//! The reconstruction error E‖x − BWx‖², which the authors' program calls "info".

use super::{Format, Measure, Of, Products};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "reconstruction",
    label: "reconstruction",
    title: "Reconstruction error",
    about: "How much of an input is lost going up and back.",
    formula: "‖ x − B W x ‖^2",
    format: Format::Significant,
    range: None,
    reference: None,
    of: Of::Products(Products::lost),
};
