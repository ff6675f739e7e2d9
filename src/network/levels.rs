//! What one image brings about in the network, level by level: activity on its way up, errors on their way down.

use super::block::{Mode, Values};
use super::convolution::WINDOW;
use super::{LAYERS, Network};
use crate::Error;
use crate::feedback::Rule;

/// The outputs of the two convolutions and of the fully connected layers: the inputs of every layer that has an error to
/// send down, and the logits.
pub(crate) const LEVELS: usize = LAYERS + 1;

impl Network {
    /// One image up and its error down through the matrices of `rule`, with the running statistics, level by level.
    /// The error of a convolution is that of its pooled output; of a fully connected layer, that before the ReLU.
    /// Nothing is learned.
    ///
    /// # Errors
    /// [`Error::Diverged`] when the loss is not finite or huge; [`Error::Shape`] when the image or a matrix of the rule
    /// doesn't fit.
    pub(crate) fn trace(
        &mut self,
        image: &[f32],
        label: u8,
        rule: &dyn Rule,
    ) -> Result<[Values; LEVELS], Error> {
        self.propagate(image, &[label], Mode::Evaluation)?;
        self.backward(&[label], rule)?;
        let [first, second] = &self.convolutions;
        let [lower, upper, last] = &self.dense;
        Ok([&first.output, &second.output, &lower.output, &upper.output, &last.output].map(Clone::clone))
    }

    /// Rows, columns and channels of a level; a fully connected layer has one row and one column.
    pub(crate) fn level_shape(&self, level: usize) -> [usize; 3] {
        match level {
            0 | 1 => self.convolutions[level].output_shape(),
            _ => [1, 1, self.dense[level - 2].shape[1]],
        }
    }

    /// Where channel 0 of the middle position of a level is among its values.
    pub(crate) fn middle(&self, level: usize) -> usize {
        middle(self.level_shape(level))
    }

    /// Where it is among the inputs of the layer above: for the second convolution, in the middle of its window.
    pub(crate) fn middle_input(&self, level: usize) -> usize {
        let shape @ [.., channels] = self.level_shape(level);
        middle(if level == 0 { [WINDOW, WINDOW, channels] } else { shape })
    }
}

fn middle([rows, columns, channels]: [usize; 3]) -> usize {
    (rows / 2 * columns + columns / 2) * channels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::{Backpropagation, FeedbackAlignment, random_weights};
    use crate::network::reference::numbers;
    use crate::random::{Stream, generator};

    const IMAGE: [usize; 3] = [18, 21, 1];
    const LABEL: u8 = 1;

    fn trained() -> (Network, Vec<f32>) {
        let size = "2,3,7,5".parse().unwrap();
        let mut network = Network::new(size, IMAGE, 3, &mut generator(5, Stream::ForwardWeights)).unwrap();
        let image = numbers(IMAGE.iter().product(), 3);
        // So that the running statistics are not those of the start.
        network.forward(&[image.clone(), numbers(image.len(), 4)].concat(), &[LABEL, 0]).unwrap();
        (network, image)
    }

    /// Once a parameter is moved by this, the change of the loss of `image` per unit.
    fn slope(network: &Network, image: &[f32], change: impl Fn(&mut Network, f32)) -> f64 {
        let loss = |by: f32| {
            let mut moved = network.clone();
            change(&mut moved, by);
            moved.evaluate(image, &[LABEL], &mut Vec::new()).unwrap().loss()
        };
        // Small, so that no value crosses 0, where the ReLU has no slope.
        const BY: f32 = 2e-4;
        (loss(BY) - loss(-BY)) / f64::from(2.0 * BY)
    }

    fn assert_close(found: f64, expected: f64, what: &str) {
        assert!((found - expected).abs() < 0.01 * expected.abs().max(0.1), "{what}: {found} for {expected}");
    }

    #[test]
    fn errors_of_one_image_are_the_slopes_of_its_loss() {
        let (mut network, image) = trained();
        let traced = network.trace(&image, LABEL, &Backpropagation).unwrap();
        for (level, of_level) in traced.iter().enumerate().take(2) {
            let [.., channels] = network.level_shape(level);
            for channel in 0..channels {
                let found: f32 = of_level.errors.iter().skip(channel).step_by(channels).sum();
                let shift =
                    |network: &mut Network, by| network.convolutions[level].norm.shift.value[channel] += by;
                let expected = slope(&network, &image, shift);
                assert_close(f64::from(found), expected, &format!("channel {channel} of {level}"));
            }
        }
        for (level, of_level) in traced.iter().enumerate().skip(2) {
            for (neuron, &found) in of_level.errors.iter().enumerate() {
                let bias = |network: &mut Network, by| network.dense[level - 2].bias.value[neuron] += by;
                let expected = slope(&network, &image, bias);
                assert_close(f64::from(found), expected, &format!("neuron {neuron} of {level}"));
            }
        }
    }

    #[test]
    fn another_rule_sends_other_errors_from_the_same_output() {
        let (mut network, image) = trained();
        let shapes = network.feedback_shapes();
        let random = random_weights(&shapes, &mut generator(5, Stream::FeedbackWeights));
        let exact = network.trace(&image, LABEL, &Backpropagation).unwrap();
        let sent = network.trace(&image, LABEL, &FeedbackAlignment::new(random)).unwrap();
        assert_eq!(sent[LAYERS].errors, exact[LAYERS].errors);
        for level in 0..LAYERS {
            assert_eq!(sent[level].values, exact[level].values);
            assert_ne!(sent[level].errors, exact[level].errors);
        }
    }
}
