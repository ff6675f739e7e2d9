//! The rate network that learns.
//!
//! Convolution 5×5 → ReLU → batch norm → max pool 2, twice; fully connected → ReLU → batch norm,
//! twice; fully connected → softmax cross entropy. Each layer is a pair of free functions on slices,
//! forward and backward; a block strings them together and owns their memory; the network strings
//! together the blocks. Activations are `[batch, rows, columns, channels]`, weights `[n_in, n_out]`.

pub mod batch_norm;
mod block;
mod broadcast;
pub mod convolution;
pub mod dense;
mod lanes;
pub(crate) mod levels;
pub mod loss;
pub mod matrix_product;
pub mod noise;
pub mod pool;
#[cfg(test)]
mod reference;
pub mod sgd;
pub mod size;

pub use loss::Measured;
pub use sgd::Sgd;
pub use size::NetworkSize;

use crate::error::Error;
use crate::feedback::{Backward, Rule, Update};
use crate::random::Generator;
use crate::state::{State, Visitor};
use batch_norm::BatchNorm;
use block::{ConvolutionBlock, DenseBlock, Mode, Values};
use broadcast::Broadcast;
use convolution::WINDOW;
use matrix_product::matrix;
use ndarray::ArrayView2;
use rand::RngExt;
use sgd::{Parameter, Part};
use size::EVALUATION_BATCH;

/// Layers that have an error to send down: the second convolution and three fully connected ones.
pub const LAYERS: usize = 4;

/// What these layers are called, from the bottom.
pub const LAYER_TITLES: [&str; LAYERS] = ["Second convolution", "Layer 1", "Layer 2", "Layer 3"];

/// The fully connected ones among these layers.
pub const DENSE: std::ops::Range<usize> = 1..LAYERS;

/// The network, its parameters, and the memory in which it computes, which is allocated in its first
/// step and then kept.
#[derive(Debug, Clone)]
pub struct Network {
    classes: usize,
    images: Values,
    broadcast: Broadcast,
    /// Whether the loss is that of the softmax of a softmax, as in the authors' program.
    double_softmax: bool,
    convolutions: [ConvolutionBlock; 2],
    dense: [DenseBlock; 3],
}

impl Network {
    /// A network for images of `[rows, columns, channels]`, with weights uniform in ±1/√fan_in, biases 0, and
    /// batch norms of scale 1 and shift 0.
    ///
    /// # Errors
    /// [`Error::Setting`] when the images are too small for two convolutions with poolings.
    pub fn new(
        size: NetworkSize,
        image: [usize; 3],
        classes: usize,
        generator: &mut Generator,
    ) -> Result<Self, Error> {
        // The second window must fit what the first pooling leaves, and leave two pixels to pool.
        const SMALLEST: usize = 2 * (WINDOW + 1) + WINDOW - 1;
        if image[..2].iter().any(|&side| side < SMALLEST) {
            return Err(Error::Setting {
                field: "image".into(),
                value: format!("{} × {} pixels", image[0], image[1]),
                range: format!("at least {SMALLEST} × {SMALLEST} pixels"),
            });
        }
        let (convolutions, widths) = size::shapes(size, image, classes);
        let convolutions =
            convolutions.map(|shape| ConvolutionBlock::new(shape, uniform(shape.weight(), generator)));
        let dense = [0, 1, 2].map(|layer| {
            let shape = [widths[layer], widths[layer + 1]];
            let norm = (layer < 2).then(|| BatchNorm::new(shape[1]));
            DenseBlock::new(shape, uniform(shape, generator), norm)
        });
        Ok(Self {
            classes,
            images: Values::default(),
            broadcast: Broadcast::default(),
            double_softmax: false,
            convolutions,
            dense,
        })
    }

    /// One step of learning: forward, backward through the matrices of `rule`, update.
    ///
    /// `images` is `[batch, rows, columns, channels]`. Returns what was measured before the update.
    ///
    /// # Errors
    /// [`Error::Diverged`] when the loss is not finite or huge; nothing is updated then. [`Error::Shape`] when
    /// images and labels, or the matrices of the rule, don't fit; a batch has two images or more.
    pub fn train_batch(
        &mut self,
        images: &[f32],
        labels: &[u8],
        rule: &mut dyn Rule,
        sgd: Sgd,
    ) -> Result<Measured, Error> {
        let measured = self.forward(images, labels)?;
        self.backward(labels, rule)?;
        self.update(rule, sgd);
        Ok(measured)
    }

    /// The forward half of a step, with the statistics of the batch.
    ///
    /// # Errors
    /// As [`Network::train_batch`].
    pub fn forward(&mut self, images: &[f32], labels: &[u8]) -> Result<Measured, Error> {
        if labels.len() < 2 {
            return Err(Error::Shape {
                what: "a batch to learn from",
                found: vec![labels.len()],
                expected: vec![2],
            });
        }
        self.propagate(images, labels, Mode::Training)
    }

    /// The backward half of a step: every gradient of the mean loss of the batch that was last given
    /// to [`Network::forward`], with errors sent down by `rule`. May be repeated with another rule.
    ///
    /// # Errors
    /// [`Error::Shape`] when a matrix of the rule doesn't fit its layer.
    pub fn backward(&mut self, labels: &[u8], rule: &dyn Rule) -> Result<(), Error> {
        for (layer, shape) in self.feedback_shapes().into_iter().enumerate() {
            let (weights, shape) = match rule.backward(layer) {
                Backward::Transpose => continue,
                Backward::Weights(weights) | Backward::Signs(weights) => (weights, shape),
                Backward::Direct(weights, _) => (weights, [self.inputs(layer), self.classes]),
            };
            if weights.shape() != shape {
                return Err(Error::Shape {
                    what: "the feedback of a layer",
                    found: weights.shape().to_vec(),
                    expected: shape.to_vec(),
                });
            }
        }
        let [first, second] = &mut self.convolutions;
        let [lower, upper, last] = &mut self.dense;
        let logits = &mut last.output;
        logits.errors.resize(logits.values.len(), 0.0);
        loss::backward(self.classes, self.double_softmax, &logits.values, labels, &mut logits.errors);
        let broadcast = &mut self.broadcast;
        broadcast.begin(self.classes, &logits.errors, labels);
        last.backward(&mut upper.output, rule.backward(3), broadcast);
        upper.backward(&mut lower.output, rule.backward(2), broadcast);
        lower.backward(&mut second.output, rule.backward(1), broadcast);
        second.backward(&mut first.output, Some(rule.backward(0)), broadcast);
        first.backward(&mut self.images, None, broadcast);
        Ok(())
    }

    /// The update of a step, from the gradients; then tells `rule` what changed.
    pub fn update(&mut self, rule: &mut dyn Rule, sgd: Sgd) {
        for part in self.parts() {
            match part {
                Part::Weight(weight) => {
                    weight.update(sgd);
                    if sgd.weight_decay > 0.0 {
                        weight.decay(sgd.kept());
                    }
                }
                Part::Parameter(parameter) => parameter.update(sgd),
                Part::Statistic(_) => {}
            }
        }
        for layer in 0..LAYERS {
            let (shape, weight) = self.weight(layer);
            let change = matrix(shape, &weight.change).reversed_axes();
            rule.after_update(layer, Update { change, kept: sgd.kept() });
        }
    }

    /// Loss and correct answers on `images` `[batch, rows, columns, channels]`, with the running statistics. The logits
    /// `[batch, classes]` are appended to `answers`.
    ///
    /// # Errors
    /// [`Error::Diverged`] when the loss is not finite or huge; [`Error::Shape`] when images and labels don't fit.
    pub fn evaluate(
        &mut self,
        images: &[f32],
        labels: &[u8],
        answers: &mut Vec<f32>,
    ) -> Result<Measured, Error> {
        self.check(images, labels)?;
        let mut measured = Measured::default();
        let chunks = images.chunks(EVALUATION_BATCH * self.image_size());
        for (images, labels) in chunks.zip(labels.chunks(EVALUATION_BATCH)) {
            measured += self.propagate(images, labels, Mode::Evaluation)?;
            answers.extend_from_slice(&self.dense[2].output.values);
        }
        Ok(measured)
    }

    /// Whether the loss is that of the softmax of a softmax.
    pub fn set_double_softmax(&mut self, double_softmax: bool) {
        self.double_softmax = double_softmax;
    }

    /// How many classes the network tells apart.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The forward weights of a layer, `[n_out, n_in]`: 0 is the second convolution, whose inputs are
    /// in the order (row, column, channel) of its window, 1 to 3 are fully connected.
    pub fn forward_weight(&self, layer: usize) -> ArrayView2<'_, f32> {
        let (shape, weight) = self.weight(layer);
        matrix(shape, &weight.value).reversed_axes()
    }

    /// The forward weights of some layers.
    pub fn forward_weights(&self, layers: std::ops::Range<usize>) -> Vec<ArrayView2<'_, f32>> {
        layers.map(|layer| self.forward_weight(layer)).collect()
    }

    /// The gradient of the forward weights of a layer, `[n_out, n_in]`, as [`Network::backward`] left it.
    pub fn gradient(&self, layer: usize) -> ArrayView2<'_, f32> {
        let (shape, weight) = self.weight(layer);
        matrix(shape, &weight.gradient).reversed_axes()
    }

    /// How many inputs a layer has: values of an image for the convolution.
    pub fn inputs(&self, layer: usize) -> usize {
        match layer {
            0 => self.convolutions[1].shape.input_size(),
            _ => self.dense[layer - 1].shape[0],
        }
    }

    /// The shape `[n_in, n_out]` of the feedback of each layer.
    pub fn feedback_shapes(&self) -> [[usize; 2]; LAYERS] {
        std::array::from_fn(|layer| self.weight(layer).0)
    }

    fn image_size(&self) -> usize {
        self.convolutions[0].shape.input.iter().product()
    }

    fn weight(&self, layer: usize) -> ([usize; 2], &Parameter) {
        match layer {
            0 => (self.convolutions[1].shape.weight(), &self.convolutions[1].weight),
            _ => (self.dense[layer - 1].shape, &self.dense[layer - 1].weight),
        }
    }

    /// Everything that the network learns, from the bottom up.
    fn parts(&mut self) -> impl Iterator<Item = Part<'_>> {
        let convolutions = self
            .convolutions
            .iter_mut()
            .flat_map(|block| [Part::Weight(&mut block.weight)].into_iter().chain(block.norm.parts()));
        let dense = self.dense.iter_mut().flat_map(|block| {
            let norm = block.norm.iter_mut().flat_map(BatchNorm::parts);
            [Part::Weight(&mut block.weight), Part::Parameter(&mut block.bias)].into_iter().chain(norm)
        });
        convolutions.chain(dense)
    }

    fn check(&self, images: &[f32], labels: &[u8]) -> Result<(), Error> {
        let expected = labels.len() * self.image_size();
        if images.len() != expected {
            return Err(Error::Shape {
                what: "a batch of images",
                found: vec![images.len()],
                expected: vec![expected],
            });
        }
        match labels.iter().find(|&&label| usize::from(label) >= self.classes) {
            None => Ok(()),
            Some(label) => Err(Error::Data {
                name: "labels".to_string(),
                problem: format!("{label} is not a class; there are {}, from 0", self.classes),
            }),
        }
    }

    fn propagate(&mut self, images: &[f32], labels: &[u8], mode: Mode) -> Result<Measured, Error> {
        self.check(images, labels)?;
        self.images.values.clear();
        self.images.values.extend_from_slice(images);
        let mut values = &self.images.values;
        for block in &mut self.convolutions {
            block.forward(values, mode);
            values = &block.output.values;
        }
        for block in &mut self.dense {
            block.forward(values, mode);
            values = &block.output.values;
        }
        let measured = loss::forward(self.classes, self.double_softmax, values, labels);
        if measured.is_sensible() { Ok(measured) } else { Err(Error::Diverged { what: "the loss" }) }
    }
}

impl State for Network {
    /// The value and the last change of every parameter, and the running statistics.
    fn visit(&mut self, visitor: &mut dyn Visitor) {
        for part in self.parts() {
            match part {
                Part::Weight(Parameter { value, change, .. })
                | Part::Parameter(Parameter { value, change, .. }) => {
                    visitor.singles(value);
                    visitor.singles(change);
                }
                Part::Statistic(numbers) => visitor.singles(numbers),
            }
        }
    }
}

/// Numbers for a matrix `[n_in, n_out]`, uniform in ±1/√n_in.
fn uniform([n_in, n_out]: [usize; 2], generator: &mut Generator) -> Vec<f32> {
    let bound = 1.0 / (n_in as f32).sqrt();
    (0..n_in * n_out).map(|_| (2.0 * generator.random::<f32>() - 1.0) * bound).collect()
}

#[cfg(test)]
mod tests;
