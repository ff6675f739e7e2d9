//! The weight mirror in spikes: the covariance of spike counts, from the very spikes of `rdd`.

use super::{Description, Group, Measured};
use crate::measurement::spiking_phase;
use crate::spiking::EstimatorName;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "wm-spikes",
    title: "Weight mirror by spikes",
    short: "spike counts",
    explanation: "correlates its spike counts with those above",
    group: Group::Spikes,
    color: "gold",
    needs: "its own spike counts, and those above it",
    settings: &[],
    noise: None,
    measurement: Some(|setup| spiking_phase::create(EstimatorName::SpikeCounts, setup)),
    create: |setup| Box::new(Measured::new(setup.feedback)),
};
