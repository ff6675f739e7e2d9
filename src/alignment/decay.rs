//! Kunin's decay: ‖W‖² + ‖B‖².

use super::{Entries, Format, Measure, Of};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "decay",
    label: "decay",
    title: "Alignment function “decay”",
    about: "The total size of all weights. It says nothing about alignment.",
    formula: "‖ W ‖^2 + ‖ B ‖^2",
    format: Format::Significant,
    range: None,
    reference: None,
    of: Of::Entries(Entries::norms),
};
