//! Spike-based causal inference (Guerguiev, Kording and Richards 2020): the causal effects that the neurons measured at
//! their thresholds, rescaled, become the backward weights.

use super::{Description, Group, Measured};
use crate::measurement::spiking_phase;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "rdd",
    title: "Spiking discontinuity",
    short: "spiking",
    explanation: "measures what its spikes cause",
    group: Group::Spikes,
    color: "green",
    needs: "its own spikes and drive, and the feedback that it receives",
    settings: &[],
    noise: None,
    measurement: Some(|setup| spiking_phase::create(setup.estimator, setup)),
    create: |setup| Box::new(Measured::new(setup.feedback)),
};
