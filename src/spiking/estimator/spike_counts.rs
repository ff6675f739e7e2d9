//! The covariance of spike counts: the weight mirror in spikes.

use super::{Description, Estimator, Event, Moment};
use crate::state::{State, Visitor};
use ndarray::{Array2, ArrayView1};

/// The estimator in the list.
pub const DESCRIPTION: Description = Description {
    name: "",
    label: "covariance of spike counts (weight mirror)",
    title: "Covariance of spike counts",
    of_windows: false,
};

/// Steps in a bin.
const BIN: f64 = 30.0;

/// The covariance of the spike counts below and above, over bins of 30 ms.
#[derive(Debug, Clone)]
pub struct SpikeCounts {
    /// Steps of the bin that is being filled, and bins that are full.
    steps: f64,
    bins: f64,
    /// Counts of the bin that is being filled, below and above.
    lower: Vec<f32>,
    upper: Vec<f32>,
    /// Sums over the bins that are full.
    lower_sum: Vec<f64>,
    upper_sum: Vec<f64>,
    /// Sums of products, `[n_in, n_out]`.
    products: Array2<f32>,
}

impl SpikeCounts {
    /// No bin yet, for `inputs` neurons below `outputs`.
    pub fn new(inputs: usize, outputs: usize) -> Self {
        Self {
            steps: 0.0,
            bins: 0.0,
            lower: vec![0.0; inputs],
            upper: vec![0.0; outputs],
            lower_sum: vec![0.0; inputs],
            upper_sum: vec![0.0; outputs],
            products: Array2::zeros((inputs, outputs)),
        }
    }

    fn end_bin(&mut self) {
        let upper = ArrayView1::from(&self.upper);
        for (mut row, &count) in self.products.rows_mut().into_iter().zip(&self.lower) {
            // Most neurons are silent in a bin.
            if count != 0.0 {
                row.scaled_add(count, &upper);
            }
        }
        for (sums, counts) in [(&mut self.lower_sum, &self.lower), (&mut self.upper_sum, &self.upper)] {
            sums.iter_mut().zip(counts).for_each(|(sum, &count)| *sum += f64::from(count));
        }
        self.lower.fill(0.0);
        self.upper.fill(0.0);
        self.bins += 1.0;
        self.steps = 0.0;
    }
}

impl Estimator for SpikeCounts {
    fn observe(&mut self, _event: Event<'_>) {}

    fn step(&mut self, Moment { lower, upper, .. }: Moment<'_>) {
        lower.iter().for_each(|&neuron| self.lower[neuron as usize] += 1.0);
        upper.iter().for_each(|&neuron| self.upper[neuron as usize] += 1.0);
        self.steps += 1.0;
        if self.steps == BIN {
            self.end_bin();
        }
    }

    fn causal_effects(&self) -> Array2<f32> {
        let bins = self.bins;
        if bins < 2.0 {
            return Array2::zeros(self.products.dim());
        }
        Array2::from_shape_fn(self.products.dim(), |(lower, upper)| {
            let expected = self.lower_sum[lower] * self.upper_sum[upper] / bins;
            ((f64::from(self.products[[lower, upper]]) - expected) / (bins - 1.0)) as f32
        })
    }
}

impl State for SpikeCounts {
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        visitor.doubles(std::slice::from_mut(&mut self.steps));
        visitor.doubles(std::slice::from_mut(&mut self.bins));
        visitor.singles(&mut self.lower);
        visitor.singles(&mut self.upper);
        visitor.doubles(&mut self.lower_sum);
        visitor.doubles(&mut self.upper_sum);
        self.products.visit(visitor);
    }
}
