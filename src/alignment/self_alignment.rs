//! Kunin's self: −tr(BW).

use super::{Format, Measure, Of};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "self",
    label: "self",
    title: "Alignment function “self”",
    about: "Whether each input that goes up and comes back returns to itself. The lower, the better aligned.",
    formula: "− tr ( B W )",
    format: Format::Significant,
    range: None,
    reference: None,
    of: Of::Entries(|entries| -entries.trace()),
};
