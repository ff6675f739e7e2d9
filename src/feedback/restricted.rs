//! A rule for some layers, and fixed random feedback for the others.

use super::{Backward, Response, Rule, Update};
use crate::state::{State, Visitor};
use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// Any rule, restricted to some layers. Below and above, feedback is random and fixed, as in feedback alignment.
///
/// With backpropagation in the fully connected layers this is the ceiling of every rule that learns their feedback
/// only.
pub struct Restricted {
    rule: Box<dyn Rule>,
    layers: Range<usize>,
    /// Of the other layers, `[n_in, n_out]`.
    fixed: Vec<Array2<f32>>,
}

impl Restricted {
    /// `rule` in `layers`; elsewhere the `fixed` weights, of which there is a matrix for every layer.
    pub fn new(rule: Box<dyn Rule>, layers: Range<usize>, fixed: Vec<Array2<f32>>) -> Self {
        Self { rule, layers, fixed }
    }
}

impl Rule for Restricted {
    fn backward(&self, layer: usize) -> Backward<'_> {
        if self.layers.contains(&layer) {
            self.rule.backward(layer)
        } else {
            Backward::Weights(self.fixed[layer].view())
        }
    }

    fn after_update(&mut self, layer: usize, update: Update<'_>) {
        if self.layers.contains(&layer) {
            self.rule.after_update(layer, update);
        }
    }

    fn weight_decay(&self, epoch: usize) -> Option<f32> {
        self.rule.weight_decay(epoch)
    }

    fn after_noise(&mut self, layer: usize, response: Response<'_>) {
        self.rule.after_noise(layer, response);
    }

    fn after_measurement(&mut self, layer: usize, effects: ArrayView2<'_, f32>) {
        self.rule.after_measurement(layer, effects);
    }
}

impl State for Restricted {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.rule.visit(visitor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    /// Keeps what it is told.
    struct Told(Arc<Mutex<Vec<String>>>);

    impl Told {
        fn keep(&self, what: &str, layer: usize) {
            self.0.lock().unwrap().push(format!("{what} {layer}"));
        }
    }

    impl Rule for Told {
        fn backward(&self, _layer: usize) -> Backward<'_> {
            Backward::Transpose
        }

        fn after_update(&mut self, layer: usize, _update: Update<'_>) {
            self.keep("update", layer);
        }

        fn weight_decay(&self, epoch: usize) -> Option<f32> {
            Some(epoch as f32 / 8.0)
        }

        fn after_noise(&mut self, layer: usize, _response: Response<'_>) {
            self.keep("noise", layer);
        }

        fn after_measurement(&mut self, layer: usize, _effects: ArrayView2<'_, f32>) {
            self.keep("effects", layer);
        }
    }

    impl State for Told {
        fn visit(&mut self, _visitor: &mut dyn Visitor) {}
    }

    #[test]
    fn a_rule_is_told_of_its_layers_and_others_have_fixed_feedback() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let square = Array2::<f32>::eye(2);
        let mut rule = Restricted::new(Box::new(Told(told.clone())), 1..2, vec![square.clone(); 3]);
        for layer in 0..3 {
            let is_fixed = matches!(rule.backward(layer), Backward::Weights(fixed) if fixed == square);
            assert_eq!(is_fixed, layer != 1);
            rule.after_update(layer, Update { change: square.view(), kept: 1.0 });
        }
        rule.after_noise(1, Response { correlation: square.view(), covariance: square.view() });
        rule.after_measurement(1, square.view());
        assert_eq!(*told.lock().unwrap(), ["update 1", "noise 1", "effects 1"]);
        assert_eq!(rule.weight_decay(4), Some(0.5));
    }
}
