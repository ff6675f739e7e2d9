//! Stochastic gradient descent with momentum.

use multiversion::multiversion;

/// The settings of stochastic gradient descent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sgd {
    /// Step size.
    pub learning_rate: f32,
    /// Share of the last change in the next one, from 0 to less than 1.
    pub momentum: f32,
    /// Weight decay λ. It is decoupled from the gradient: after an update, weights (not biases, scales or shifts) keep
    /// the share 1 − ηλ/(1 − μ), the slow mode of the coupled decay of PyTorch.
    pub weight_decay: f32,
}

impl Sgd {
    /// The share of a weight that is kept after an update.
    pub fn kept(self) -> f32 {
        1.0 - self.learning_rate * self.weight_decay / (1.0 - self.momentum)
    }
}

/// Numbers that are learnt, with their gradient and their last change, all of one length.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The numbers.
    pub value: Vec<f32>,
    /// The gradient of the mean loss of the batch.
    pub gradient: Vec<f32>,
    /// What the last update added.
    pub change: Vec<f32>,
}

/// Something that a network learns.
pub(super) enum Part<'a> {
    /// Numbers that gradient descent changes: weights, which may decay.
    Weight(&'a mut Parameter),
    /// Numbers that gradient descent changes: biases, scales and shifts, which do not decay.
    Parameter(&'a mut Parameter),
    /// Running means or variances.
    Statistic(&'a mut [f32]),
}

impl Parameter {
    /// Starts at `value`.
    pub fn new(value: Vec<f32>) -> Self {
        let zeros = vec![0.0; value.len()];
        Self { value, gradient: zeros.clone(), change: zeros }
    }

    /// One update: `change = momentum · change − learning_rate · gradient`, added to the value.
    ///
    /// At a constant learning rate this is PyTorch's `v = momentum · v + gradient`,
    /// `value −= learning_rate · v`; the change, which learning rules may look at, comes for free.
    pub fn update(&mut self, sgd: Sgd) {
        update(sgd, &self.gradient, &mut self.change, &mut self.value);
    }

    /// Multiplies every number by this share.
    pub fn decay(&mut self, kept: f32) {
        self.value.iter_mut().for_each(|value| *value *= kept);
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn update(sgd: Sgd, gradient: &[f32], change: &mut [f32], value: &mut [f32]) {
    for ((value, change), gradient) in value.iter_mut().zip(change).zip(gradient) {
        *change = sgd.momentum * *change - sgd.learning_rate * gradient;
        *value += *change;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_is_that_of_pytorch() {
        let sgd = Sgd { learning_rate: 0.1, momentum: 0.9, weight_decay: 0.0 };
        let mut parameter = Parameter::new(vec![1.0]);
        let (mut value, mut velocity) = (1.0_f32, 0.0);
        for gradient in [1.0, -0.5, 2.0] {
            parameter.gradient[0] = gradient;
            parameter.update(sgd);
            velocity = 0.9 * velocity + gradient;
            value -= 0.1 * velocity;
            approx::assert_relative_eq!(parameter.value[0], value, epsilon = 1e-6);
            approx::assert_relative_eq!(parameter.change[0], -0.1 * velocity, epsilon = 1e-6);
        }
    }
}
