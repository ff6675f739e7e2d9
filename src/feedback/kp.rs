//! Kolen and Pollack's rule (1994; Akrout et al. 2019): both weights of a pair make the same change, and both decay.

use super::{Backward, Description, Group, Rule, Update, decay::Decay};
use crate::state::{State, Visitor};
use ndarray::Array2;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "kp",
    title: "Kolen–Pollack",
    short: "same change",
    explanation: "repeats every change of the forward weight; both decay",
    group: Group::Rates,
    color: "indigo",
    needs: "the change of the forward weight of each of its synapses",
    settings: &Decay::SETTINGS,
    noise: None,
    measurement: None,
    create: |setup| Box::new(KolenPollack { feedback: setup.feedback, decay: Decay::new(setup.settings) }),
};

/// With the same change and the same decay, the initial difference of the two weights shrinks by the decay alone: ‖W −
/// Fᵀ‖ after n updates is (1 − κ)ⁿ of what it was, whatever the gradients are.
struct KolenPollack {
    /// `[n_in, n_out]` for each layer.
    feedback: Vec<Array2<f32>>,
    decay: Decay,
}

impl Rule for KolenPollack {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.feedback[layer].view())
    }

    fn after_update(&mut self, layer: usize, Update { change, kept }: Update<'_>) {
        let feedback = &mut self.feedback[layer];
        *feedback += &change.t();
        *feedback *= kept;
    }

    fn weight_decay(&self, epoch: usize) -> Option<f32> {
        Some(self.decay.in_epoch(epoch))
    }
}

impl State for KolenPollack {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.feedback.visit(visitor);
    }
}
