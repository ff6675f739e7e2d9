//! Direct random target projection (Frenkel, Lefebvre and Bol 2021): the label takes the place of the error.
//!
//! The authors hook it in behind the non-linearity; here it replaces the error at the output of a block, behind batch
//! norm and pooling, as in direct feedback alignment.

use super::direct::Direct;
use super::{Description, Group, Signal};

/// The rule in the list.
pub const RULE: Description = Description {
    name: "drtp",
    title: "Direct random target projection",
    short: "targets",
    explanation: "gets the label, through fixed random weights",
    group: Group::Random,
    color: "brown",
    needs: "the label, through synapses of its own",
    settings: &[],
    noise: None,
    measurement: None,
    create: |setup| Box::new(Direct::new(&setup, Signal::Target, |inputs| (6.0 / inputs).sqrt())),
};
