//! The response of a single layer to noise, from which some rules learn their feedback weights.

use super::Network;
use super::block::{ConvolutionBlock, DenseBlock};
use super::matrix_product::{COLUMNS, Packed, ROWS, matrix};
use super::{batch_norm, convolution, dense};
use crate::feedback::{Noise, Response};
use crate::random::Generator;
use ndarray::ArrayView2;
use rand::RngExt;

/// Memory for the noise of one layer.
#[derive(Debug, Clone, Default)]
pub struct Probe {
    /// `[examples, inputs]`: the input of the layer.
    input: Vec<f32>,
    /// The noise in it.
    noise: Vec<f32>,
    /// `[examples · positions, n_out]`: its output, with and without the noise.
    response: Vec<f32>,
    silent: Vec<f32>,
    /// `[n_out]`: the mean of the response.
    means: Vec<f64>,
    correlation: Vec<f32>,
    covariance: Vec<f32>,
    /// The response, as both factors of its covariance.
    left: Packed<ROWS>,
    right: Packed<COLUMNS>,
    shape: [usize; 2],
}

impl Probe {
    /// Sends noise through `layer` alone: weights and rectification, before batch norm. Added noise goes on top of the
    /// layer's inputs for the last forward batch.
    pub fn send(&mut self, network: &mut Network, layer: usize, noise: Noise, generator: &mut Generator) {
        let inputs = network.inputs(layer);
        self.shape = network.feedback_shapes()[layer];
        self.draw(network.input(layer), inputs, noise, generator);
        network.respond(layer, &self.input, &mut self.response);
        match noise {
            Noise::Alone { .. } => self.centre(),
            Noise::Added { .. } => {
                self.input.clear();
                self.input.extend_from_slice(network.input(layer));
                network.respond(layer, &self.input, &mut self.silent);
                self.response.iter_mut().zip(&self.silent).for_each(|(response, silent)| *response -= silent);
            }
        }
        network.correlate(layer, &self.noise, &self.response, &mut self.correlation);
        let [_, n_out] = self.shape;
        let samples = self.response.len() / n_out;
        self.correlation.iter_mut().for_each(|sum| *sum /= samples as f32);
        self.find_covariance(samples);
    }

    /// The moments of the response.
    pub fn response(&self) -> Response<'_> {
        let [_, n_out] = self.shape;
        let view = |shape: [usize; 2], numbers| -> ArrayView2<'_, f32> { matrix(shape, numbers) };
        Response {
            correlation: view(self.shape, &self.correlation),
            covariance: view([n_out, n_out], &self.covariance),
        }
    }

    fn draw(&mut self, input: &[f32], inputs: usize, noise: Noise, generator: &mut Generator) {
        self.noise.clear();
        self.input.clear();
        match noise {
            Noise::Alone { examples } => {
                let uniform = (0..examples * inputs).map(|_| 0.1 * (generator.random::<f32>() - 0.5));
                self.noise.extend(uniform);
                self.input.extend_from_slice(&self.noise);
            }
            Noise::Added { deviation } => {
                // Uniform noise of the same deviation would do as well; twelve of them are as good as normal.
                let normal = |_| {
                    let sum: f32 = (0..12).map(|_| generator.random::<f32>()).sum();
                    deviation * (sum - 6.0)
                };
                self.noise.extend((0..input.len()).map(normal));
                self.input.extend(input.iter().zip(&self.noise).map(|(input, noise)| input + noise));
            }
        }
    }

    /// Subtracts from the response of each neuron its mean.
    fn centre(&mut self) {
        let [_, n_out] = self.shape;
        let rows = self.response.len() / n_out;
        self.means.clear();
        self.means.resize(n_out, 0.0);
        for row in self.response.chunks_exact(n_out) {
            self.means.iter_mut().zip(row).for_each(|(mean, &response)| *mean += f64::from(response));
        }
        for row in self.response.chunks_exact_mut(n_out) {
            row.iter_mut()
                .zip(&self.means)
                .for_each(|(response, mean)| *response -= (mean / rows as f64) as f32);
        }
    }

    fn find_covariance(&mut self, samples: usize) {
        let [_, n_out] = self.shape;
        self.covariance.clear();
        self.covariance.resize(n_out * n_out, 0.0);
        let responses = matrix([samples, n_out], &self.response);
        self.left.reset(samples, n_out);
        self.left.pack(0, responses);
        self.right.reset(samples, n_out);
        self.right.pack(0, responses);
        dense::backward_weight(n_out, &self.left, &self.right, &mut self.covariance);
        self.covariance.iter_mut().for_each(|sum| *sum /= samples as f32);
    }
}

impl Network {
    /// The inputs that a layer had for the batch that went forward last, `[batch, inputs]`.
    fn input(&self, layer: usize) -> &[f32] {
        match layer {
            0 => &self.convolutions[0].output.values,
            1 => &self.convolutions[1].output.values,
            _ => &self.dense[layer - 2].output.values,
        }
    }

    /// The rectified output of a layer alone for `input` `[examples, inputs]`: `[examples · positions, n_out]`.
    fn respond(&mut self, layer: usize, input: &[f32], response: &mut Vec<f32>) {
        match layer {
            0 => self.convolutions[1].respond(input, response),
            _ => self.dense[layer - 1].respond(input, response),
        }
    }

    /// `correlation = Σ inputᵀ · response`, `[n_in, n_out]`; for a convolution over all positions.
    fn correlate(&mut self, layer: usize, input: &[f32], response: &[f32], correlation: &mut Vec<f32>) {
        let [n_in, n_out] = self.feedback_shapes()[layer];
        correlation.clear();
        correlation.resize(n_in * n_out, 0.0);
        match layer {
            0 => self.convolutions[1].correlate(input, response, correlation),
            _ => self.dense[layer - 1].correlate(input, response, correlation),
        }
    }
}

impl ConvolutionBlock {
    fn respond(&mut self, input: &[f32], response: &mut Vec<f32>) {
        let shape = self.shape;
        response.resize(input.len() / shape.input_size() * shape.output_size(), 0.0);
        self.packed_weight.pack(0, matrix(shape.weight(), &self.weight.value));
        let images = input.chunks(shape.images_per_call() * shape.input_size());
        for (images, response) in
            images.zip(response.chunks_mut(shape.images_per_call() * shape.output_size()))
        {
            convolution::forward(shape, images, &self.packed_weight, &mut self.workspace, response);
            batch_norm::rectify(response);
        }
    }

    fn correlate(&mut self, input: &[f32], response: &[f32], correlation: &mut [f32]) {
        let shape = self.shape;
        let images = input.chunks(shape.images_per_call() * shape.input_size());
        for (images, response) in images.zip(response.chunks(shape.images_per_call() * shape.output_size())) {
            self.packed_errors.pack(0, matrix([response.len() / shape.channels, shape.channels], response));
            convolution::backward_weight(
                shape,
                images,
                &self.packed_errors,
                &mut self.workspace,
                correlation,
            );
        }
    }
}

impl DenseBlock {
    fn respond(&mut self, input: &[f32], response: &mut Vec<f32>) {
        let [n_in, n_out] = self.shape;
        response.resize(input.len() / n_in * n_out, 0.0);
        self.packed_weight.pack(0, matrix(self.shape, &self.weight.value));
        dense::forward(self.shape, input, &self.packed_weight, &self.bias.value, response);
        // The outputs of the last layer are not rectified.
        if self.norm.is_some() {
            batch_norm::rectify(response);
        }
    }

    fn correlate(&mut self, input: &[f32], response: &[f32], correlation: &mut [f32]) {
        let [n_in, n_out] = self.shape;
        let examples = input.len() / n_in;
        self.packed_input.set_depth(examples);
        self.packed_input.pack(0, matrix([examples, n_in], input));
        self.packed_errors.set_depth(examples);
        self.packed_errors.pack(0, matrix([examples, n_out], response));
        dense::backward_weight(n_out, &self.packed_input, &self.packed_errors, correlation);
    }
}
