//! Product feedback alignment (Li and Benna 2024): a population in between, so that no two weights need be equal.

use super::{Backward, Description, Group, OwnSetting, Rule, Setup, Update};
use crate::random::{Stream, generator};
use crate::state::{State, Visitor};
use ndarray::Array2;
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
            help: "For each neuron above, so many in between.",
            default: 10.0,
            low: 1.0,
            high: 32.0,
        },
        OwnSetting {
            name: "first_decay",
            label: "Weight decay, first epoch",
            help: "How fast forward and feedback weights forget what they started as.",
            default: 0.03,
            low: 0.0,
            high: 1.0,
        },
        OwnSetting {
            name: "decay",
            label: "Weight decay, later",
            help: "The same in later epochs.",
            default: 1e-4,
            low: 0.0,
            high: 1.0,
        },
    ],
    measurement: None,
    create: |setup| Box::new(ProductFeedback::new(&setup)),
};

/// Errors go down through B `[n_out, n_mid]`, fixed and random, and R `[n_mid, n_in]`, which learns like the forward
/// weights: R changes by Bᵀ times their change, and decays as they do. So R comes to be BᵀW, and the path BR = BBᵀW.
struct ProductFeedback {
    fixed: Vec<Array2<f32>>,
    learned: Vec<Array2<f32>>,
    /// (BR)ᵀ, `[n_in, n_out]` for each layer.
    path: Vec<Array2<f32>>,
    first_decay: f32,
    decay: f32,
}

impl ProductFeedback {
    fn new(setup: &Setup<'_>) -> Self {
        let ratio = setup.settings.get("ratio") as usize;
        let mut generator = generator(setup.seed, Stream::DirectWeights);
        let mut uniform = |shape: [usize; 2], bound: f32| {
            Array2::from_shape_simple_fn(shape, || generator.random_range(-bound..bound))
        };
        let layers = setup.feedback.iter().map(|feedback| {
            let (n_in, n_out) = feedback.dim();
            let middle = ratio * n_out;
            // Of variance 1/n_mid, so that BBᵀ is the identity on average.
            let fixed = uniform([n_out, middle], (3.0 / middle as f32).sqrt());
            (fixed, uniform([middle, n_in], 1.0 / (n_in as f32).sqrt()))
        });
        let (fixed, learned): (Vec<_>, Vec<_>) = layers.unzip();
        let path = setup.feedback.clone();
        let [first_decay, decay] = ["first_decay", "decay"].map(|name| setup.settings.get(name) as f32);
        let mut rule = Self { fixed, learned, path, first_decay, decay };
        (0..rule.path.len()).for_each(|layer| rule.find_path(layer));
        rule
    }

    fn find_path(&mut self, layer: usize) {
        product(&self.fixed[layer], &self.learned[layer], &mut self.path[layer]);
    }
}

/// `path = (fixed · learned)ᵀ`, summed in one order on every machine.
fn product(fixed: &Array2<f32>, learned: &Array2<f32>, path: &mut Array2<f32>) {
    let mut sum = Array2::<f32>::zeros((1, learned.ncols()));
    for (n_out, weights) in fixed.rows().into_iter().enumerate() {
        sum.fill(0.0);
        for (&weight, row) in weights.iter().zip(learned.rows()) {
            sum.row_mut(0).scaled_add(weight, &row);
        }
        path.column_mut(n_out).assign(&sum.row(0));
    }
}

impl Rule for ProductFeedback {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.path[layer].view())
    }

    fn after_update(&mut self, layer: usize, Update { change, kept }: Update<'_>) {
        let learned = &mut self.learned[layer];
        for (weights, change) in self.fixed[layer].rows().into_iter().zip(change.rows()) {
            for (&weight, mut row) in weights.iter().zip(learned.rows_mut()) {
                row.scaled_add(weight, &change);
            }
        }
        *learned *= kept;
        self.find_path(layer);
    }

    fn weight_decay(&self, epoch: usize) -> Option<f32> {
        Some(if epoch == 1 { self.first_decay } else { self.decay })
    }
}

impl State for ProductFeedback {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        self.learned.visit(visitor);
        // It follows from the others, but is costly.
        self.path.visit(visitor);
    }
}
