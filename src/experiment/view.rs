//! What the page draws of a network: a few units of every level, the weights between them, and the first test image's
//! activity and error there. Kept out of the records, which have to stay small.

use super::Experiment;
use crate::{
    Error,
    feedback::Backpropagation,
    network::{LAYERS, levels::LEVELS},
    random::{Stream, generator},
};
use ndarray::ArrayView2;
use rand::RngExt;
use serde::Serialize;

/// Units drawn of a hidden level, at most.
const UNITS: usize = 8;
/// Classes drawn, at most.
const CLASSES: usize = 10;

/// A sample of a network, for a drawing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct View {
    /// The outputs of the two convolutions, the hidden layers and the classes, from the bottom.
    pub levels: Vec<Level>,
    /// The layers between two levels, from the bottom.
    pub layers: Vec<Layer>,
}

/// Some units, in ascending order: channels of a convolution, at the middle of the image; neurons; or classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// Which units.
    pub units: Vec<usize>,
    /// What each of them says of the image.
    pub activity: Vec<f32>,
    /// The error that arrives at each by the learning rule.
    pub sent: Vec<f32>,
    /// The error that backpropagation sends.
    pub exact: Vec<f32>,
}

/// The weights between the units of two levels, `[below, above]`, row by row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Layer {
    /// Forward weights.
    pub forward: Vec<f32>,
    /// Feedback weights; none where the error comes straight from the output.
    pub feedback: Vec<f32>,
    /// Effects measured so far, 0 where never estimated; none outside of a measurement of this layer.
    pub effects: Vec<f32>,
}

impl Experiment {
    /// The units that are drawn, which the seed chooses, with their weights now; and the first test image, sent up, and
    /// its error, sent down. Nothing is learned.
    ///
    /// # Errors
    /// [`Error::Diverged`] when the loss of the image is not finite or is huge.
    pub fn view(&mut self) -> Result<View, Error> {
        self.batch.test(&self.configuration, &self.images, 0..1);
        let Self { network, batch, rule, .. } = self;
        let label = batch.labels[0];
        let sent = network.trace(&batch.pixels, label, rule.as_ref())?;
        let exact = network.trace(&batch.pixels, label, &Backpropagation)?;
        let units = self.units(usize::from(label));
        let levels = (0..LEVELS).map(|level| {
            let middle = self.network.middle(level);
            let of = |values: &[f32]| units[level].iter().map(|unit| values[middle + unit]).collect();
            Level {
                units: units[level].clone(),
                activity: of(&sent[level].values),
                sent: of(&sent[level].errors),
                exact: of(&exact[level].errors),
            }
        });
        let layers = (0..LAYERS).map(|layer| {
            let below = self.network.middle_input(layer);
            let of = |weights: ArrayView2<'_, f32>| -> Vec<f32> {
                let rows = units[layer].iter().map(|unit| weights.row(below + unit));
                rows.flat_map(|row| units[layer + 1].iter().map(move |&above| row[above])).collect()
            };
            let (forward, feedback) = self.weights(layer);
            Layer {
                forward: of(forward.reversed_axes()),
                feedback: feedback.map_or(Vec::new(), |feedback| of(feedback.view())),
                effects: self.effects(layer).map_or(Vec::new(), |effects| of(effects.view())),
            }
        });
        let (levels, layers) = (levels.collect(), layers.collect());
        Ok(View { levels, layers })
    }

    /// Units of each level, evenly spaced from one that the seed chooses; among the classes, that of the image.
    fn units(&self, label: usize) -> [Vec<usize>; LEVELS] {
        let generator = &mut generator(self.configuration.seed, Stream::View);
        std::array::from_fn(|level| {
            let [.., count] = self.network.level_shape(level);
            if level == LAYERS {
                return (0..count).filter(|class| (class + count - label) % count < CLASSES).collect();
            }
            let apart = count.div_ceil(UNITS);
            (generator.random_range(0..apart)..count).step_by(apart).collect()
        })
    }
}
