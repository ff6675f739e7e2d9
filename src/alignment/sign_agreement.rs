//! The share of entries with the same sign.

use super::{Entries, Format, Measure, Of};

/// The measure in the list.
pub const MEASURE: Measure = Measure {
    name: "sign_agreement",
    label: "signs",
    title: "Weights whose sign agrees",
    about: "The share of connections whose feedback weight has the sign of the forward weight.",
    formula: "",
    format: Format::Share,
    range: Some([0.42, 1.02]),
    reference: Some(0.5),
    of: Of::Entries(Entries::sign_agreement),
};
