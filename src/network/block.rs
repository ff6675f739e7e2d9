//! The two kinds of block that the network is made of: weights, ReLU, batch norm, and for images a
//! pooling. A block owns its parameters, what it put out, and the workspace it needs, all allocated
//! once.

use super::batch_norm::{self, BatchNorm};
use super::convolution::{self, Shape, Workspace};
use super::matrix_product::{COLUMNS, Packed, ROWS};
use super::sgd::Parameter;
use super::{dense, pool};
use crate::feedback::Backward;
use ndarray::ArrayView2;

/// What a block puts out, and the error (the gradient of the loss) that comes back to it.
#[derive(Debug, Clone, Default)]
pub struct Signal {
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

/// `numbers` as the matrix of `shape` that they are.
pub fn matrix(shape: [usize; 2], numbers: &[f32]) -> ArrayView2<'_, f32> {
    // Every caller passes numbers that were allocated with this shape.
    ArrayView2::from_shape(shape, numbers).expect("a matrix has as many numbers as its shape says")
}

/// The matrix `[n_in, n_out]` that sends errors down.
fn feedback<'a>(shape: [usize; 2], weight: &'a [f32], backward: &'a Backward<'_>) -> ArrayView2<'a, f32> {
    match backward {
        Backward::Transpose => matrix(shape, weight),
        Backward::Weights(weights) => weights.view(),
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
    pub output: Signal,
    /// After the ReLU, `[batch, rows, columns, channels]`.
    activation: Vec<f32>,
    /// The activations that the pooling selected, in the shape of the output.
    selected: Vec<f32>,
    /// Error before the ReLU, of one image.
    errors: Vec<f32>,
    workspace: Workspace,
    packed_weight: Packed<COLUMNS>,
    packed_feedback: Packed<COLUMNS>,
    packed_errors: Packed<COLUMNS>,
}

impl ConvolutionBlock {
    pub fn new(shape: Shape, weight: Vec<f32>) -> Self {
        let [n_in, n_out] = shape.weight();
        let [rows, columns, channels] = shape.output();
        Self {
            shape,
            weight: Parameter::new(weight),
            norm: BatchNorm::new(channels),
            output: Signal::default(),
            activation: Vec::new(),
            selected: Vec::new(),
            errors: vec![0.0; rows * columns * channels],
            workspace: Workspace::new(shape),
            packed_weight: Packed::new(n_in, n_out),
            packed_feedback: convolution::packed_backward(shape),
            packed_errors: Packed::new(rows * columns, channels),
        }
    }

    /// Rows, columns and channels of the output.
    pub fn output_shape(&self) -> [usize; 3] {
        pool::output(self.shape.output())
    }

    pub fn forward(&mut self, input: &[f32], mode: Mode) {
        let shape = self.shape.output();
        let input_size: usize = self.shape.input.iter().product();
        let (size, pooled_size) = (self.errors.len(), self.output_shape().iter().product());
        let batch = input.len() / input_size;
        self.activation.resize(batch * size, 0.0);
        self.output.values.resize(batch * pooled_size, 0.0);
        self.selected.resize(batch * pooled_size, 0.0);
        self.packed_weight.pack(0, matrix(self.shape.weight(), &self.weight.value));
        self.norm.begin();
        for (image, activation) in input.chunks_exact(input_size).zip(self.activation.chunks_exact_mut(size))
        {
            let (weight, workspace) = (&self.packed_weight, &mut self.workspace);
            convolution::forward(self.shape, image, weight, workspace, activation);
            match mode {
                Mode::Training => self.norm.rectify_and_measure(activation),
                Mode::Evaluation => batch_norm::rectify(activation),
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
            pool::forward(shape, &self.norm, activation, selected, output);
        }
    }

    /// Takes the gradients from `output.errors`; with `backward`, also sends the error down.
    pub fn backward(&mut self, input: &mut Signal, backward: Option<Backward<'_>>) {
        let shape = self.shape.output();
        let input_size: usize = self.shape.input.iter().product();
        let (size, pooled_size): (_, usize) = (self.errors.len(), self.output_shape().iter().product());
        if let Some(backward) = &backward {
            let weights = feedback(self.shape.weight(), &self.weight.value, backward);
            convolution::pack_backward(self.shape, weights, &mut self.packed_feedback);
            input.errors.resize(input.values.len(), 0.0);
            input.errors.fill(0.0);
        }
        self.norm.begin();
        let outputs =
            self.selected.chunks_exact(pooled_size).zip(self.output.errors.chunks_exact(pooled_size));
        for (selected, errors) in outputs.clone() {
            self.norm.add_errors(selected, errors);
        }
        self.norm.prepare_backward(self.activation.len() / shape[2]);
        self.weight.gradient.fill(0.0);
        for (index, (activation, (selected, errors))) in
            self.activation.chunks_exact(size).zip(outputs).enumerate()
        {
            pool::backward(shape, &self.norm, activation, selected, errors, &mut self.errors);
            self.packed_errors.pack(0, matrix([shape[0] * shape[1], shape[2]], &self.errors));
            let image = index * input_size..(index + 1) * input_size;
            convolution::backward_weight(
                self.shape,
                &input.values[image.clone()],
                &self.packed_errors,
                &mut self.workspace,
                &mut self.weight.gradient,
            );
            if backward.is_some() {
                let (feedback, input_errors) = (&self.packed_feedback, &mut input.errors[image]);
                convolution::backward_input(self.shape, &self.errors, feedback, input_errors);
            }
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
    pub output: Signal,
    /// After the ReLU, `[batch, n_out]`, where there is one.
    activation: Vec<f32>,
    packed_weight: Packed<COLUMNS>,
    packed_feedback: Packed<COLUMNS>,
    packed_input: Packed<ROWS>,
    packed_errors: Packed<COLUMNS>,
}

impl DenseBlock {
    pub fn new(shape: [usize; 2], weight: Vec<f32>, norm: Option<BatchNorm>) -> Self {
        let [n_in, n_out] = shape;
        Self {
            shape,
            weight: Parameter::new(weight),
            bias: Parameter::new(vec![0.0; n_out]),
            norm,
            output: Signal::default(),
            activation: Vec::new(),
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
    pub fn backward(&mut self, input: &mut Signal, backward: Backward<'_>) {
        let [n_in, n_out] = self.shape;
        let batch = input.values.len() / n_in;
        let errors = &mut self.output.errors;
        if let Some(norm) = &mut self.norm {
            norm.begin();
            norm.add_errors(&self.activation, errors);
            norm.prepare_backward(batch);
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
        let weights = feedback(self.shape, &self.weight.value, &backward);
        self.packed_feedback.pack(0, weights.t());
        input.errors.resize(input.values.len(), 0.0);
        dense::backward_input(self.shape, errors, &self.packed_feedback, &mut input.errors);
    }
}
