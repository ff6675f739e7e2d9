//! Spike-timing-dependent weight inference (Ahmad, Ambrogioni and van Gerven 2020), from the very spikes of `rdd`.

use super::{Description, Group, Measured};
use crate::measurement::spiking_phase;
use crate::spiking::EstimatorName;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "stdwi",
    title: "Spike-timing-dependent inference",
    short: "spike timing",
    explanation: "checks whether it spiked just before a spike above",
    group: Group::Spikes,
    color: "teal",
    needs: "its own spikes, and those above it",
    settings: &[],
    noise: None,
    measurement: Some(|setup| spiking_phase::create(EstimatorName::Stdwi, setup)),
    create: |setup| Box::new(Measured::new(setup.feedback)),
};
