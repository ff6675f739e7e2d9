//! Information alignment (Kunin et al. 2020): the mirror, with a term that keeps it bounded.

use super::{Backward, Description, Group, Noise, OwnSetting, Response, Rule, WriteBack};
use crate::state::{State, Visitor};
use ndarray::{Array2, ArrayViewMut1};

/// The rule in the list.
pub const RULE: Description = Description {
    name: "ia",
    title: "Information alignment",
    short: "information",
    explanation: "sends noise up and back, and keeps what returns",
    group: Group::Rates,
    color: "red",
    needs: "its own noise, the response to it, and the noise that returns",
    settings: &[
        OwnSetting {
            name: "rate",
            label: "Step size",
            help: "Step of the feedback weights, relative to the power of the noise.",
            default: 0.1,
            low: 0.0,
            high: 1.0,
            whole: false,
        },
        OwnSetting {
            name: "null",
            label: "Weight of null",
            help: "How strongly returning noise is penalised.",
            default: 0.5,
            low: 0.0,
            high: 10.0,
            whole: false,
        },
        OwnSetting {
            name: "decay",
            label: "Weight of decay",
            help: "How fast feedback weights decay.",
            default: 0.01,
            low: 0.0,
            high: 1.0,
            whole: false,
        },
    ],
    noise: Some(|_| Noise::Alone { examples: EXAMPLES }),
    measurement: None,
    create: |setup| {
        let [rate, null, decay] = ["rate", "null", "decay"].map(|name| setup.settings.get(name) as f32);
        let estimate = setup.feedback.iter().map(|feedback| Array2::zeros(feedback.dim())).collect();
        Box::new(InformationAlignment {
            estimate,
            feedback: WriteBack::new(setup.feedback),
            change: Vec::new(),
            rate,
            null,
            decay,
        })
    },
};

/// Gradient descent on amp, null and decay: with noise x, response y and z = By, B changes in proportion to
/// (x − 2·null·z) yᵀ − 2·decay·B. Without null it is the mirror.
///
/// Noise and response are taken in units of the power of the noise, and B is then rescaled to the spread of the
/// initial feedback weights, as for all rules that learn feedback from noise.
struct InformationAlignment {
    /// B, `[n_in, n_out]` for each layer.
    estimate: Vec<Array2<f32>>,
    feedback: WriteBack,
    /// Of one row of B.
    change: Vec<f32>,
    rate: f32,
    null: f32,
    decay: f32,
}

/// Examples of noise after each update, and the variance of each: uniform in ±0.05.
const EXAMPLES: usize = 128;
const POWER: f32 = 0.1 * 0.1 / 12.0;

impl Rule for InformationAlignment {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.feedback.weights(layer))
    }

    fn after_noise(&mut self, layer: usize, response: Response<'_>) {
        let estimate = &mut self.estimate[layer];
        for (mut row, correlation) in estimate.rows_mut().into_iter().zip(response.correlation.rows()) {
            // The returning part of this input's noise: its row of B, through the covariance of the responses.
            self.change.clear();
            self.change.extend(correlation);
            let mut change = ArrayViewMut1::from(&mut self.change[..]);
            for (&weight, covariance) in row.iter().zip(response.covariance.rows()) {
                change.scaled_add(-2.0 * self.null * weight, &covariance);
            }
            row *= 1.0 - 2.0 * self.rate * self.decay;
            row.scaled_add(self.rate / POWER, &change);
        }
        self.feedback.write(layer, estimate.view());
    }
}

impl State for InformationAlignment {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.estimate.visit(visitor);
        self.feedback.visit(visitor);
    }
}
