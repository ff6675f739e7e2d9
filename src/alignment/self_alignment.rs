//! Kunin's self: −tr(BW).

use super::{Format, Measure, Of};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "self",
    label: "self",
    title: "Alignment function “self”",
    about: "Whether each input, sent up and back, returns to itself. Lower is better aligned.",
    formula: "− tr ( B W )",
    format: Format::Significant,
    range: None,
    reference: None,
    of: Of::Entries(|entries| -entries.trace()),
};
