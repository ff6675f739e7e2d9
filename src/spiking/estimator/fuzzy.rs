//! The authors' lines, with the spiking one counted twice.

use super::{Description, Estimator, Event, Gradient, Line};
use crate::spiking::neuron;
use crate::state::{State, Visitor};
use ndarray::{Array2, Axis};

/// The estimator in the list.
pub const DESCRIPTION: Description = Description {
    name: "",
    label: "two lines, the spiking one twice (fuzzy)",
    title: "Fuzzy discontinuity",
    of_windows: true,
};

/// The jump of [`Gradient`], with the spiking line counted twice, as an independent reproduction tried it: it aligned
/// less, but learned better there.
#[derive(Debug, Clone)]
pub struct Fuzzy(Gradient);

impl Fuzzy {
    /// All lines at 0, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self(Gradient::new(inputs, outputs))
    }
}

impl Estimator for Fuzzy {
    #[inline(always)]
    fn observe(&mut self, event: Event<'_>) {
        self.0.observe(event);
    }

    /// 2 (m₁ θ + c₁) − (m₀ θ + c₀)
    fn causal_effects(&self) -> Array2<f32> {
        const THRESHOLD: f32 = neuron::THRESHOLD as f32;
        let lines = self.0.lines();
        let [intercept, slope] = [2, 3].map(|line| lines.index_axis(Axis(1), line));
        self.0.causal_effects() + &(&slope * THRESHOLD + intercept)
    }

    fn lines(&self, neuron: usize, upper: usize) -> Option<[Line; 2]> {
        Estimator::lines(&self.0, neuron, upper)
    }
}

impl State for Fuzzy {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.0.visit(visitor);
    }
}
