//! Spike-based causal inference (Guerguiev, Kording and Richards 2020).

use super::{Backward, Description, Group, Rule, WriteBack};
use crate::measurement::spiking_phase;
use crate::state::{State, Visitor};
use ndarray::ArrayView2;

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
    measurement: Some(|setup| spiking_phase::create(setup.estimator, setup)),
    create: |setup| Box::new(SpikingDiscontinuity(WriteBack::new(setup.feedback))),
};

/// The causal effects that the neurons measured at their thresholds, rescaled, become the backward weights.
#[derive(Debug, Clone)]
struct SpikingDiscontinuity(WriteBack);

impl Rule for SpikingDiscontinuity {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.0.weights(layer))
    }

    fn after_measurement(&mut self, layer: usize, effects: ArrayView2<'_, f32>) {
        self.0.write(layer, effects);
    }
}

impl State for SpikingDiscontinuity {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.0.visit(visitor);
    }
}
