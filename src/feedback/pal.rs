//! Phaseless alignment learning (Max et al. 2022), in discrete form: noise on top of the activity, no phase of its own.

use super::{Backward, Description, Group, Noise, OwnSetting, Response, Rule};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "pal",
    title: "Phaseless alignment learning",
    short: "phaseless",
    explanation: "adds noise to its activity, and watches its effect above",
    group: Group::Rates,
    color: "brown",
    needs: "its own noise, and how the activity above changes with it",
    settings: &[
        OwnSetting {
            name: "noise",
            label: "Noise",
            help: "Standard deviation of the noise that is added to the inputs of a layer.",
            default: 0.1,
            low: 1e-3,
            high: 10.0,
            whole: false,
        },
        OwnSetting {
            name: "rate",
            label: "Step size",
            help: "How far a batch of noise moves the feedback weights.",
            default: 0.01,
            low: 0.0,
            high: 1.0,
            whole: false,
        },
    ],
    noise: Some(|settings| Noise::Added { deviation: settings.get("noise") as f32 }),
    measurement: None,
    create: |setup| {
        let [deviation, rate] = ["noise", "rate"].map(|name| setup.settings.get(name) as f32);
        Box::new(Phaseless { feedback: setup.feedback, deviation, rate })
    },
};

/// F goes towards ξᵀr̂/σ²: the mean product of a neuron's noise and the change of rate above, which is the effective
/// weight W·act′ around the present activity.
struct Phaseless {
    /// `[n_in, n_out]` for each layer.
    feedback: Vec<Array2<f32>>,
    deviation: f32,
    rate: f32,
}

impl Rule for Phaseless {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.feedback[layer].view())
    }

    fn after_noise(&mut self, layer: usize, response: Response<'_>) {
        let feedback = &mut self.feedback[layer];
        *feedback *= 1.0 - self.rate;
        feedback.scaled_add(self.rate / (self.deviation * self.deviation), &response.correlation);
    }
}

impl State for Phaseless {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.feedback.visit(visitor);
    }
}
