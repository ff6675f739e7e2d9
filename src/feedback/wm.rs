//! The weight mirror (Akrout et al. 2019): noise goes up, and its correlation with the response reveals the weights.

use super::{Backward, Description, Group, Noise, OwnSetting, Response, Rule, WriteBack};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "wm",
    title: "Weight mirror",
    short: "mirror",
    explanation: "sends noise up, and correlates it with the response",
    group: Group::Rates,
    color: "purple",
    needs: "its own noise and the response to it, in a separate phase",
    settings: &[
        OwnSetting {
            name: "examples",
            label: "Noise examples",
            help: "Examples of noise after each update.",
            default: 128.0,
            low: 2.0,
            high: 1_024.0,
            whole: true,
        },
        OwnSetting {
            name: "decay",
            label: "Forgetting",
            help: "Share of the running correlation that each noise batch replaces.",
            default: 0.01,
            low: 1e-4,
            high: 1.0,
            whole: false,
        },
    ],
    noise: Some(|settings| Noise::Alone { examples: settings.get("examples") as usize }),
    measurement: None,
    create: |setup| {
        let decay = setup.settings.get("decay") as f32;
        let correlation = setup.feedback.iter().map(|feedback| Array2::zeros(feedback.dim())).collect();
        Box::new(WeightMirror { correlation, feedback: WriteBack::new(setup.feedback), decay })
    },
};

/// A running correlation of noise and response, rescaled to the spread of the initial feedback weights.
///
/// Its authors also send noise before the training begins. The correlation forgets that within a hundred batches, so
/// it is left out.
struct WeightMirror {
    /// `[n_in, n_out]` for each layer.
    correlation: Vec<Array2<f32>>,
    feedback: WriteBack,
    decay: f32,
}

impl Rule for WeightMirror {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.feedback.weights(layer))
    }

    fn after_noise(&mut self, layer: usize, response: Response<'_>) {
        let correlation = &mut self.correlation[layer];
        *correlation *= 1.0 - self.decay;
        *correlation += &response.correlation;
        self.feedback.write(layer, correlation.view());
    }
}

impl State for WeightMirror {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.correlation.visit(visitor);
        self.feedback.visit(visitor);
    }
}
