//! The rate network that learns.
//!
//! Convolution 5×5 → ReLU → batch norm → max pool 2, twice; fully connected → ReLU → batch norm,
//! twice; fully connected → softmax cross entropy. Each layer is a pair of free functions on slices,
//! forward and backward; a block strings them together and owns their memory; the network strings
//! together the blocks. Activations are `[batch, rows, columns, channels]`, weights `[n_in, n_out]`.

pub mod batch_norm;
mod block;
pub mod convolution;
pub mod dense;
mod lanes;
mod learned;
pub mod loss;
pub mod matrix_product;
pub mod pool;
#[cfg(test)]
mod reference;
pub mod sgd;

pub use loss::Measured;
pub use sgd::Sgd;

use crate::configuration::NetworkSize;
use crate::error::Error;
use crate::feedback::{Backward, Rule};
use crate::random::Generator;
use batch_norm::BatchNorm;
use block::{ConvolutionBlock, DenseBlock, Mode, Signal, matrix};
use convolution::{Shape, WINDOW};
use ndarray::{Array2, ArrayView2};
use rand::RngExt;
use sgd::Parameter;

/// Layers that have an error to send down: the second convolution and three fully connected ones.
pub const LAYERS: usize = 4;

/// Images that are evaluated at once. What is measured doesn't depend on it.
const EVALUATION_BATCH: usize = 32;

/// The network, its parameters, and the memory in which it computes, which is allocated in its first
/// step and then kept.
#[derive(Debug, Clone)]
pub struct Network {
    classes: usize,
    images: Signal,
    convolutions: [ConvolutionBlock; 2],
    dense: [DenseBlock; 3],
}

impl Network {
    /// A network for images of `[rows, columns]`, with weights uniform in ±1/√fan_in, biases 0, and
    /// batch norms of scale 1 and shift 0.
    ///
    /// # Errors
    /// [`Error::Setting`] when the images are too small for two convolutions with poolings.
    pub fn new(
        size: NetworkSize,
        image: [usize; 2],
        classes: usize,
        generator: &mut Generator,
    ) -> Result<Self, Error> {
        // The second window must fit what the first pooling leaves, and leave two pixels to pool.
        const SMALLEST: usize = 2 * (WINDOW + 1) + WINDOW - 1;
        if image.iter().any(|&side| side < SMALLEST) {
            return Err(Error::Setting {
                field: "image",
                value: format!("{} × {} pixels", image[0], image[1]),
                range: format!("at least {SMALLEST} × {SMALLEST} pixels"),
            });
        }
        let (convolutions, widths) = shapes(size, image, classes);
        let convolutions =
            convolutions.map(|shape| ConvolutionBlock::new(shape, uniform(shape.weight(), generator)));
        let dense = [0, 1, 2].map(|layer| {
            let shape = [widths[layer], widths[layer + 1]];
            let norm = (layer < 2).then(|| BatchNorm::new(shape[1]));
            DenseBlock::new(shape, uniform(shape, generator), norm)
        });
        Ok(Self { classes, images: Signal::default(), convolutions, dense })
    }

    /// One step of learning: forward, backward through the matrices of `rule`, update.
    ///
    /// `images` is `[batch, rows, columns]`. What is returned was measured before the update.
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
            if let Backward::Weights(weights) = rule.backward(layer)
                && weights.shape() != shape
            {
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
        loss::backward(self.classes, &logits.values, labels, &mut logits.errors);
        last.backward(&mut upper.output, rule.backward(3));
        upper.backward(&mut lower.output, rule.backward(2));
        lower.backward(&mut second.output, rule.backward(1));
        second.backward(&mut first.output, Some(rule.backward(0)));
        first.backward(&mut self.images, None);
        Ok(())
    }

    /// The update of a step, from the gradients; then tells `rule` what changed.
    pub fn update(&mut self, rule: &mut dyn Rule, sgd: Sgd) {
        self.parameters().for_each(|parameter| parameter.update(sgd));
        for layer in 0..LAYERS {
            let (shape, weight) = self.weight(layer);
            rule.after_update(layer, matrix(shape, &weight.change).reversed_axes());
        }
    }

    /// Loss and correct answers on `images` `[batch, rows, columns]`, with the running statistics. What
    /// the network answers, the logits `[batch, classes]`, is added to `answers`.
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

    /// The gradient of the forward weights of a layer, `[n_out, n_in]`, as [`Network::backward`] left it.
    pub fn gradient(&self, layer: usize) -> ArrayView2<'_, f32> {
        let (shape, weight) = self.weight(layer);
        matrix(shape, &weight.gradient).reversed_axes()
    }

    /// The shape `[n_in, n_out]` of the feedback of each layer.
    pub fn feedback_shapes(&self) -> [[usize; 2]; LAYERS] {
        std::array::from_fn(|layer| self.weight(layer).0)
    }

    /// Random feedback for every layer, `[n_in, n_out]`, drawn as the initial forward weights are.
    pub fn random_feedback(&self, generator: &mut Generator) -> Vec<Array2<f32>> {
        let draw = |shape| matrix(shape, &uniform(shape, generator)).to_owned();
        self.feedback_shapes().map(draw).into()
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

    /// Every parameter, from the bottom up.
    fn parameters(&mut self) -> impl Iterator<Item = &mut Parameter> {
        let convolutions = self
            .convolutions
            .iter_mut()
            .flat_map(|block| [&mut block.weight, &mut block.norm.scale, &mut block.norm.shift]);
        let dense = self.dense.iter_mut().flat_map(|block| {
            let norm = block.norm.iter_mut().flat_map(|norm| [&mut norm.scale, &mut norm.shift]);
            [&mut block.weight, &mut block.bias].into_iter().chain(norm)
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
                problem: format!("{label} is no class; there are {}, from 0", self.classes),
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
        let measured = loss::forward(self.classes, values, labels);
        if measured.is_sensible() { Ok(measured) } else { Err(Error::Diverged { what: "the loss" }) }
    }
}

/// The shapes of the convolutions, and the widths of the fully connected layers from the inputs up.
fn shapes(size: NetworkSize, image: [usize; 2], classes: usize) -> ([Shape; 2], [usize; 4]) {
    let first = Shape { input: [image[0], image[1], 1], channels: size.channels[0] };
    let second = Shape { input: pool::output(first.output()), channels: size.channels[1] };
    let flattened = pool::output(second.output()).iter().product();
    ([first, second], [flattened, size.hidden[0], size.hidden[1], classes])
}

/// How many bytes an experiment with such a network takes at most, besides its images, to learn from
/// batches of `batch` images `[rows, columns]` by any rule.
pub fn memory(size: NetworkSize, image: [usize; 2], classes: usize, batch: usize) -> u64 {
    /// What does not grow with the network: tables, copies of a few images.
    const BASE: u64 = 16 << 20;
    /// Of each weight there are, as numbers of 4 bytes: itself, its gradient and its last change; two
    /// packed copies; its feedback, with the gradient by it; in the spiking phase, up to four numbers of
    /// an estimate, the effect, and copies; and twice as many for a while when a record is measured.
    const OF_A_WEIGHT: u64 = 100;
    /// Columns to which packed matrices are filled up.
    const PACKED: usize = 16;
    /// Images that the blocks keep copies of, besides the batch.
    const COPIES: usize = 4;
    let (convolutions, widths) = shapes(size, image, classes);
    let weights = |[n_in, n_out]: [usize; 2]| n_in as u64 * n_out.next_multiple_of(PACKED) as u64;
    let of_convolutions = convolutions.iter().map(|shape| weights(shape.weight()));
    let of_dense = widths.windows(2).map(|pair| weights([pair[0], pair[1]]));
    let weights: u64 = of_convolutions.chain(of_dense).sum();
    // The activations, and four numbers for each that a block puts out; some fully connected inputs twice.
    let values = convolutions.iter().map(|shape| {
        let pooled: usize = pool::output(shape.output()).iter().product();
        (shape.input_size() + shape.output_size() + 4 * pooled) as u64
    });
    let of_an_image: u64 = 4 * (values.sum::<u64>() + 6 * widths.iter().sum::<usize>() as u64);
    BASE + OF_A_WEIGHT * weights + of_an_image * (batch.max(EVALUATION_BATCH) + COPIES) as u64
}

/// Numbers for a matrix `[n_in, n_out]`, uniform in ±1/√n_in.
fn uniform([n_in, n_out]: [usize; 2], generator: &mut Generator) -> Vec<f32> {
    let bound = 1.0 / (n_in as f32).sqrt();
    (0..n_in * n_out).map(|_| (2.0 * generator.random::<f32>() - 1.0) * bound).collect()
}

#[cfg(test)]
mod tests;
