//! The angle between `vec(Bᵀ)` and `vec(W)`, in degrees.

use super::{Entries, Format, Measure, Of};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "angle",
    label: "angle",
    title: "Angle between forward and feedback",
    about: "Forward and feedback weights as two long vectors: 0° is a scaled copy.",
    formula: "∠ ( W , B^T )",
    format: Format::Degrees,
    range: Some([0.0, 120.0]),
    reference: Some(90.0),
    of: Of::Entries(Entries::angle),
};
