//! What a network has learned, as a checkpoint keeps it: all that it does not compute anew.

use super::Network;
use super::batch_norm::BatchNorm;
use super::sgd::Parameter;
use crate::Error;

impl Parameter {
    fn learned(&self) -> [&[f32]; 2] {
        [&self.value, &self.change]
    }

    fn learned_mut(&mut self) -> [&mut [f32]; 2] {
        [&mut self.value, &mut self.change]
    }
}

impl BatchNorm {
    fn learned(&self) -> [&[f32]; 6] {
        let [[scale, scale_change], [shift, shift_change]] = [self.scale.learned(), self.shift.learned()];
        [scale, scale_change, shift, shift_change, &self.running_mean, &self.running_variance]
    }

    fn learned_mut(&mut self) -> [&mut [f32]; 6] {
        let [scale, scale_change] = self.scale.learned_mut();
        let [shift, shift_change] = self.shift.learned_mut();
        [scale, scale_change, shift, shift_change, &mut self.running_mean, &mut self.running_variance]
    }
}

impl Network {
    /// Value and last change of every parameter, and the running mean and variance of every batch norm,
    /// in a fixed order from the bottom up.
    pub fn learned(&self) -> Vec<&[f32]> {
        let mut learned = Vec::new();
        for block in &self.convolutions {
            learned.extend(block.weight.learned());
            learned.extend(block.norm.learned());
        }
        for block in &self.dense {
            learned.extend(block.weight.learned());
            learned.extend(block.bias.learned());
            learned.extend(block.norm.iter().flat_map(BatchNorm::learned));
        }
        learned
    }

    fn learned_mut(&mut self) -> Vec<&mut [f32]> {
        let mut learned = Vec::new();
        for block in &mut self.convolutions {
            learned.extend(block.weight.learned_mut());
            learned.extend(block.norm.learned_mut());
        }
        for block in &mut self.dense {
            learned.extend(block.weight.learned_mut());
            learned.extend(block.bias.learned_mut());
            learned.extend(block.norm.iter_mut().flat_map(BatchNorm::learned_mut));
        }
        learned
    }

    /// Takes over what a network of the same size has learned: all its numbers, one after the other.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when these are not the numbers of such a network; nothing is changed then.
    pub fn restore(&mut self, learned: &[f32]) -> Result<(), Error> {
        let count: usize = self.learned().iter().map(|numbers| numbers.len()).sum();
        if learned.len() != count || !learned.iter().all(|number| number.is_finite()) {
            let problem = "holds weights that are not those of its network".to_string();
            return Err(Error::Checkpoint { problem });
        }
        let mut rest = learned;
        for own in self.learned_mut() {
            let (first, after) = rest.split_at(own.len());
            own.copy_from_slice(first);
            rest = after;
        }
        Ok(())
    }

    /// Whether all that was learned is finite.
    pub fn is_finite(&self) -> bool {
        self.learned().iter().all(|numbers| numbers.iter().all(|number| number.is_finite()))
    }
}
