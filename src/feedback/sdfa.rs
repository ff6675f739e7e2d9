//! Direct feedback alignment with the signs of the error only.

use super::direct::Direct;
use super::{Description, Group, Signal};

/// The rule in the list.
pub const RULE: Description = Description {
    name: "sdfa",
    title: "Sign direct feedback alignment",
    short: "direct signs",
    explanation: "gets the signs of the output error, through fixed random weights",
    group: Group::Random,
    color: "red",
    needs: "the sign of the error of every output, through synapses of its own",
    settings: &[],
    noise: None,
    measurement: None,
    create: |setup| Box::new(Direct::new(&setup, Signal::ErrorSign, |inputs| 1.0 / inputs.sqrt())),
};
