//! The two kinds of block in the network: weights, ReLU, batch norm, and for images a pooling. A block owns its
//! parameters, output and workspace, all allocated once.

use super::batch_norm::{self, BatchNorm};
use super::broadcast::Broadcast;
use super::convolution::{self, Shape, Workspace};
use super::matrix_product::{COLUMNS, Packed, ROWS, matrix};
use super::sgd::Parameter;
use super::{dense, pool};
use crate::feedback::{Backward, with_sign};
use ndarray::ArrayView2;

/// The output of a block, and the error (the gradient of the loss) with respect to it.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// `[batch, …]`
    pub values: Vec<f32>,
    /// The same shape.
    pub errors: Vec<f32>,
}

/// Which statistics batch normalisation uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The batch's; the running ones are updated.
    Training,
    /// The running ones.
    Evaluation,
}

/// The matrix `[n_in, n_out]` that sends errors down, if there is one. Signs of the forward weights are assembled in
/// `signs`.
fn feedback<'a>(
    shape: [usize; 2],
    weight: &'a [f32],
    backward: &'a Backward<'_>,
    signs: &'a mut Vec<f32>,
) -> Option<ArrayView2<'a, f32>> {
    match backward {
        Backward::Transpose => Some(matrix(shape, weight)),
        Backward::Weights(weights) => Some(weights.view()),
        Backward::Signs(magnitudes) => {
            signs.clear();
            signs.extend(weight.iter().zip(magnitudes).map(|(&weight, &size)| with_sign(size, weight)));
            Some(matrix(shape, signs))
        }
        Backward::Direct(..) => None,
    }
}

/// Convolution, ReLU, batch norm, max pool.
#[derive(Debug, Clone)]
pub struct ConvolutionBlock {
    pub shape: Shape,
    /// `[n_in, n_out]`
    pub weight: Parameter,
    pub norm: BatchNorm,
    /// After the pooling, `[batch, rows, columns, channels]`.
    pub output: Values,
    /// After the ReLU, `[batch, rows, columns, channels]`.
    activation: Vec<f32>,
    /// The activations that the pooling selected, in the shape of the output.
    selected: Vec<f32>,
    /// Errors before the ReLU, of the images of one call.
    errors: Vec<f32>,
    pub workspace: Workspace,
    /// Signs of the weights, with the magnitudes of the feedback.
    signs: Vec<f32>,
    pub packed_weight: Packed<COLUMNS>,
    packed_feedback: Packed<COLUMNS>,
    pub packed_errors: Packed<COLUMNS>,
}

impl ConvolutionBlock {
    pub fn new(shape: Shape, weight: Vec<f32>) -> Self {
        let [n_in, n_out] = shape.weight();
        let [rows, columns, channels] = shape.output();
        Self {
            shape,
            weight: Parameter::new(weight),
            norm: BatchNorm::new(channels),
            output: Values::default(),
            activation: Vec::new(),
            selected: Vec::new(),
            errors: vec![0.0; shape.images_per_call() * shape.output_size()],
            workspace: Workspace::new(shape),
            signs: Vec::new(),
            packed_weight: Packed::new(n_in, n_out),
            packed_feedback: convolution::packed_backward(shape),
            packed_errors: Packed::new(shape.images_per_call() * rows * columns, channels),
        }
    }

    /// Rows, columns and channels of the output.
    pub fn output_shape(&self) -> [usize; 3] {
        pool::output(self.shape.output())
    }

    pub fn forward(&mut self, input: &[f32], mode: Mode) {
        let shape = self.shape;
        let (size, images_per_call) = (shape.output_size(), shape.images_per_call());
        let pooled_size: usize = self.output_shape().iter().product();
        let batch = input.len() / shape.input_size();
        self.activation.resize(batch * size, 0.0);
        self.selected.resize(batch * pooled_size, 0.0);
        self.output.values.resize(batch * pooled_size, 0.0);
        self.packed_weight.pack(0, matrix(shape.weight(), &self.weight.value));
        self.norm.begin();
        for (images, activations) in input
            .chunks(images_per_call * shape.input_size())
            .zip(self.activation.chunks_mut(images_per_call * size))
        {
            let (weight, workspace) = (&self.packed_weight, &mut self.workspace);
            convolution::forward(shape, images, weight, workspace, activations);
            match mode {
                Mode::Training => {
                    activations.chunks_exact_mut(size).for_each(|image| self.norm.rectify_and_measure(image));
                }
                Mode::Evaluation => batch_norm::rectify(activations),
            }
        }
        match mode {
            Mode::Training => self.norm.finish(),
            Mode::Evaluation => self.norm.use_running_statistics(),
        }
        for ((activation, selected), output) in self
            .activation
            .chunks_exact(size)
            .zip(self.selected.chunks_exact_mut(pooled_size))
            .zip(self.output.values.chunks_exact_mut(pooled_size))
        {
            pool::forward(shape.output(), &self.norm, activation, selected, output);
        }
    }

    /// Takes the gradients from `output.errors`; with `backward`, also sends the error down.
    pub fn backward(
        &mut self,
        input: &mut Values,
        backward: Option<Backward<'_>>,
        broadcast: &mut Broadcast,
    ) {
        let shape = self.shape;
        let (input_size, size) = (shape.input_size(), shape.output_size());
        let pooled_size: usize = self.output_shape().iter().product();
        let batch = input.values.len() / input_size;
        let mut sends_down = false;
        if let Some(backward) = &backward {
            input.errors.resize(input.values.len(), 0.0);
            input.errors.fill(0.0);
            if let Some(weights) = feedback(shape.weight(), &self.weight.value, backward, &mut self.signs) {
                convolution::pack_backward(shape, weights, &mut self.packed_feedback);
                sends_down = true;
            }
        }
        self.norm.begin();
        for (selected, errors) in
            self.selected.chunks_exact(pooled_size).zip(self.output.errors.chunks_exact(pooled_size))
        {
            self.norm.add_errors(selected, errors);
        }
        self.norm.prepare_backward();
        self.weight.gradient.fill(0.0);
        for first in (0..batch).step_by(shape.images_per_call()) {
            let images = first..batch.min(first + shape.images_per_call());
            for image in images.clone() {
                let pooled = image * pooled_size..(image + 1) * pooled_size;
                pool::backward(
                    shape.output(),
                    &self.norm,
                    &self.activation[image * size..(image + 1) * size],
                    &self.selected[pooled.clone()],
                    &self.output.errors[pooled],
                    &mut self.errors[(image - first) * size..][..size],
                );
            }
            let errors = &self.errors[..images.len() * size];
            self.packed_errors.pack(0, matrix([errors.len() / shape.channels, shape.channels], errors));
            let images = images.start * input_size..images.end * input_size;
            convolution::backward_weight(
                shape,
                &input.values[images.clone()],
                &self.packed_errors,
                &mut self.workspace,
                &mut self.weight.gradient,
            );
            if sends_down {
                let input_errors = &mut input.errors[images];
                convolution::backward_input(shape, errors, &self.packed_feedback, input_errors);
            }
        }
        if let Some(backward) = &backward {
            broadcast.send(backward, &mut input.errors);
        }
    }
}

/// A fully connected layer; all but the last are followed by ReLU and batch norm.
#[derive(Debug, Clone)]
pub struct DenseBlock {
    /// `[n_in, n_out]`
    pub shape: [usize; 2],
    /// `[n_in, n_out]`
    pub weight: Parameter,
    /// `[n_out]`
    pub bias: Parameter,
    pub norm: Option<BatchNorm>,
    /// `[batch, n_out]`
    pub output: Values,
    /// After the ReLU, `[batch, n_out]`, where there is one.
    activation: Vec<f32>,
    /// Signs of the weights, with the magnitudes of the feedback.
    signs: Vec<f32>,
    pub packed_weight: Packed<COLUMNS>,
    packed_feedback: Packed<COLUMNS>,
    pub packed_input: Packed<ROWS>,
    pub packed_errors: Packed<COLUMNS>,
}

impl DenseBlock {
    pub fn new(shape: [usize; 2], weight: Vec<f32>, norm: Option<BatchNorm>) -> Self {
        let [n_in, n_out] = shape;
        Self {
            shape,
            weight: Parameter::new(weight),
            bias: Parameter::new(vec![0.0; n_out]),
            norm,
            output: Values::default(),
            activation: Vec::new(),
            signs: Vec::new(),
            packed_weight: Packed::new(n_in, n_out),
            packed_feedback: Packed::new(n_out, n_in),
            packed_input: Packed::new(0, n_in),
            packed_errors: Packed::new(0, n_out),
        }
    }

    pub fn forward(&mut self, input: &[f32], mode: Mode) {
        let [n_in, n_out] = self.shape;
        let batch = input.len() / n_in;
        self.output.values.resize(batch * n_out, 0.0);
        self.packed_weight.pack(0, matrix(self.shape, &self.weight.value));
        let (weight, bias) = (&self.packed_weight, &self.bias.value);
        let Some(norm) = &mut self.norm else {
            return dense::forward(self.shape, input, weight, bias, &mut self.output.values);
        };
        self.activation.resize(batch * n_out, 0.0);
        dense::forward(self.shape, input, weight, bias, &mut self.activation);
        match mode {
            Mode::Training => {
                norm.begin();
                norm.rectify_and_measure(&mut self.activation);
                norm.finish();
            }
            Mode::Evaluation => {
                batch_norm::rectify(&mut self.activation);
                norm.use_running_statistics();
            }
        }
        batch_norm::forward(norm, &self.activation, &mut self.output.values);
    }

    /// Takes the gradients from `output.errors`, and sends the error down.
    pub fn backward(&mut self, input: &mut Values, backward: Backward<'_>, broadcast: &mut Broadcast) {
        let [n_in, n_out] = self.shape;
        let batch = input.values.len() / n_in;
        let errors = &mut self.output.errors;
        if let Some(norm) = &mut self.norm {
            norm.begin();
            norm.add_errors(&self.activation, errors);
            norm.prepare_backward();
            batch_norm::backward(norm, &self.activation, errors);
        }
        self.packed_errors.set_depth(batch);
        self.packed_errors.pack(0, matrix([batch, n_out], errors));
        self.weight.gradient.fill(0.0);
        self.bias.gradient.fill(0.0);
        self.packed_input.set_depth(batch);
        self.packed_input.pack(0, matrix([batch, n_in], &input.values));
        let gradient = &mut self.weight.gradient;
        dense::backward_weight(n_out, &self.packed_input, &self.packed_errors, gradient);
        dense::backward_bias(errors, &mut self.bias.gradient);
        input.errors.resize(input.values.len(), 0.0);
        if let Some(weights) = feedback(self.shape, &self.weight.value, &backward, &mut self.signs) {
            self.packed_feedback.pack(0, weights.t());
            dense::backward_input(self.shape, errors, &self.packed_feedback, &mut input.errors);
        }
        broadcast.send(&backward, &mut input.errors);
    }
}
