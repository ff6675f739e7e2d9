//! Batch-wise random-magnitude sign-concordant feedback (Liao, Leibo and Poggio 2016).

use super::{Backward, Description, Group, Rule, Update};
use crate::random::{Stream, batch_generator};
use crate::state::{State, Visitor};
use ndarray::Array2;
use rand::RngExt;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "brsf",
    title: "Random-magnitude sign feedback",
    short: "signs, new sizes",
    explanation: "knows the signs, with new random sizes after every update",
    group: Group::Signs,
    color: "gold",
    needs: "the sign of the forward weight of each of its synapses",
    settings: &[],
    noise: None,
    measurement: None,
    create: |setup| {
        let magnitudes: Vec<_> = setup.feedback.iter().map(|weights| weights.mapv(f32::abs)).collect();
        Box::new(RandomMagnitudes { seed: setup.seed, steps: vec![0.0; magnitudes.len()], magnitudes })
    },
};

/// The signs of the forward weights, with magnitudes that are drawn anew after every update.
struct RandomMagnitudes {
    seed: u32,
    /// Updates of each layer so far: with seed and layer, they say which magnitudes are drawn next.
    steps: Vec<f64>,
    /// `[n_in, n_out]` for each layer.
    magnitudes: Vec<Array2<f32>>,
}

impl Rule for RandomMagnitudes {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Signs(self.magnitudes[layer].view())
    }

    fn after_update(&mut self, layer: usize, _update: Update<'_>) {
        self.steps[layer] += 1.0;
        let mut generator = batch_generator(self.seed, Stream::Magnitudes, layer, self.steps[layer] as u64);
        let bound = 1.0 / (self.magnitudes[layer].nrows() as f32).sqrt();
        self.magnitudes[layer].mapv_inplace(|_| generator.random_range(0.0..bound));
    }
}

impl State for RandomMagnitudes {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.doubles(&mut self.steps);
        self.magnitudes.visit(visitor);
    }
}
