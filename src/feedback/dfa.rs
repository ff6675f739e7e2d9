//! Direct feedback alignment (Nøkland 2016): the error of the output goes straight to every block.

use super::direct::Direct;
use super::{Description, Group, Signal};

/// The rule in the list.
pub const RULE: Description = Description {
    name: "dfa",
    title: "Direct feedback alignment",
    short: "direct",
    explanation: "gets the output error directly, through fixed random weights",
    group: Group::Random,
    color: "purple",
    needs: "the error of every output, through synapses of its own",
    settings: &[],
    noise: None,
    measurement: None,
    create: |setup| Box::new(Direct::new(&setup, Signal::Error, |inputs| 1.0 / inputs.sqrt())),
};
