//! Product feedback alignment (Li and Benna 2024): a population in between, so that no two weights need be equal.

use super::{Backward, Description, Group, OwnSetting, Rule, Setup, Update, decay::Decay};
use crate::random::{Stream, generator};
use crate::state::{State, Visitor};
use ndarray::{Array2, ArrayView2};
use rand::RngExt;

/// The rule in the list.
pub const RULE: Description = Description {
    name: "pfa",
    title: "Product feedback alignment",
    short: "product",
    explanation: "sends errors through a population in between",
    group: Group::Rates,
    color: "pink",
    needs: "the activity of a population in between, and the change of its synapses",
    settings: &[
        OwnSetting {
            name: "ratio",
            label: "Neurons in between",
            help: "Neurons in between for each neuron above.",
            default: 10.0,
            low: 1.0,
            high: 32.0,
            whole: true,
        },
        Decay::SETTINGS[0],
        Decay::SETTINGS[1],
    ],
    noise: None,
    measurement: None,
    create: |setup| Box::new(ProductFeedback::new(&setup)),
};

/// Errors go down through B `[n_out, n_mid]`, fixed and random, and R `[n_mid, n_in]`, which learns like the forward
/// weights: R changes by Bᵀ times their change, and decays as they do. So R comes to be BᵀW, and the path BR = BBᵀW.
///
/// Only the path matters to the network. It changes by BBᵀ times the change of the forward weights, so R itself, ten
/// times as large, is never needed.
struct ProductFeedback {
    /// BBᵀ, `[n_out, n_out]` for each layer.
    gram: Vec<Array2<f32>>,
    /// (BR)ᵀ, `[n_in, n_out]` for each layer.
    path: Vec<Array2<f32>>,
    decay: Decay,
}

impl ProductFeedback {
    fn new(setup: &Setup<'_>) -> Self {
        let ratio = setup.settings.get("ratio") as usize;
        let mut generator = generator(setup.seed, Stream::DirectWeights);
        let layers = setup.feedback.iter().map(|feedback| {
            let (n_in, n_out) = feedback.dim();
            // Of variance 1/n_mid, so that BBᵀ is the identity on average.
            let fixed_bound = (3.0 / (ratio * n_out) as f32).sqrt();
            let learned_bound = 1.0 / (n_in as f32).sqrt();
            let mut uniform = |rows: usize, columns: usize, bound: f32| {
                Array2::from_shape_simple_fn((rows, columns), || generator.random_range(-bound..bound))
            };
            let (mut gram, mut path) = (Array2::zeros((n_out, n_out)), Array2::zeros((n_in, n_out)));
            // As many neurons in between as there are above, one time after the other: all of B and R may be too large to
            // be held.
            for _ in 0..ratio {
                // Bᵀ and R: a row a neuron in between.
                let fixed = uniform(n_out, n_out, fixed_bound);
                let learned = uniform(n_out, n_in, learned_bound);
                add_product(fixed.t(), fixed.view(), &mut gram);
                add_product(learned.t(), fixed.view(), &mut path);
            }
            (gram, path)
        });
        let (gram, path) = layers.unzip();
        Self { gram, path, decay: Decay::new(setup.settings) }
    }
}

/// `sum += left · right`, in one order on every machine.
fn add_product(left: ArrayView2<'_, f32>, right: ArrayView2<'_, f32>, sum: &mut Array2<f32>) {
    for (weights, mut row) in left.rows().into_iter().zip(sum.rows_mut()) {
        for (&weight, other) in weights.iter().zip(right.rows()) {
            row.scaled_add(weight, &other);
        }
    }
}

impl Rule for ProductFeedback {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.path[layer].view())
    }

    fn after_update(&mut self, layer: usize, Update { change, kept }: Update<'_>) {
        // BBᵀ is its own transpose.
        add_product(change.t(), self.gram[layer].view(), &mut self.path[layer]);
        self.path[layer] *= kept;
    }

    fn weight_decay(&self, epoch: usize) -> Option<f32> {
        Some(self.decay.in_epoch(epoch))
    }
}

impl State for ProductFeedback {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        // BBᵀ follows from the seed.
        self.path.visit(visitor);
    }
}
