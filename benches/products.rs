//! The matrix products of one training step, each by the network's own kernel and by two libraries, natively
//! and in a browser alike, on one thread.
//!
//! For a convolution a library needs a copy of the windows (im2col), and for the errors of the images the way
//! back. It is timed without and with these copies: without is what it could at best give if none were needed.

use crate::rate_network::{BATCH, BUILD, COLOUR, IMAGE};
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, linalg::general_mat_mul, s};
use spikealign::network::NetworkSize;
use spikealign::network::convolution::{self, Shape, WINDOW, Workspace};
use spikealign::network::matrix_product::{COLUMNS, Packed, ROWS};
use spikealign::network::{dense, pool};

/// What a product is for: the outputs, the gradient of the weights, the errors of the inputs.
#[derive(Debug, Clone, Copy)]
enum Pass {
    Forward,
    Weights,
    Errors,
}

/// Who computes it.
#[derive(Clone, Copy)]
enum Way {
    /// The network's own kernel, packing included.
    Own,
    Library(Multiply, Copies),
}

/// `to = left · right`, added to what is there if so asked.
type Multiply = fn(ArrayView2<'_, f32>, ArrayView2<'_, f32>, ArrayViewMut2<'_, f32>, bool);

#[derive(Clone, Copy, PartialEq)]
enum Copies {
    Without,
    With,
}

const WAYS: [(&str, Way); 5] = [
    ("own kernel", Way::Own),
    ("ndarray", Way::Library(by_ndarray, Copies::Without)),
    ("gemm", Way::Library(by_gemm, Copies::Without)),
    ("im2col and ndarray", Way::Library(by_ndarray, Copies::With)),
    ("im2col and gemm", Way::Library(by_gemm, Copies::With)),
];

/// Measures everything with the clock `now`, in milliseconds, and reports it line by line.
pub fn report(now: impl Fn() -> f64, print: impl Fn(String)) {
    for size in ["scaled", "paper"] {
        let NetworkSize { channels, hidden } = size.parse().expect("a network's name");
        let first = Shape { input: IMAGE, channels: channels[0] };
        let second = Shape { input: pool::output(first.output()), channels: channels[1] };
        let flattened = pool::output(second.output()).iter().product();
        let race = |name: &str, layer: &mut dyn FnMut(Pass, Way), passes: &[Pass], ways, weights| {
            for &pass in passes {
                let rates = race(&now, |way| layer(pass, way), ways, (2 * weights * BATCH) as f64);
                print(format!("{BUILD}, {size}, {name}, {pass:?}, GFLOP/s: {rates}"));
            }
        };
        let in_colour = Shape { input: COLOUR, ..first };
        for (shape, passes) in [
            (first, &[Pass::Forward, Pass::Weights][..]),
            (in_colour, &[Pass::Forward, Pass::Weights]),
            (second, &[Pass::Forward, Pass::Weights, Pass::Errors]),
        ] {
            let mut layer = Convolution::new(shape);
            let weights = shape.output_size() * shape.weight()[0];
            let name = format!("convolution {}→{}", shape.input[2], shape.channels);
            race(&name, &mut |pass, way| layer.run(pass, way), passes, &WAYS, weights);
        }
        for shape in [[flattened, hidden[0]], hidden, [hidden[1], 10]] {
            let mut layer = Dense::new(shape);
            let name = format!("dense {}→{}", shape[0], shape[1]);
            let passes = &[Pass::Forward, Pass::Weights, Pass::Errors];
            race(&name, &mut |pass, way| layer.run(pass, way), passes, &WAYS[..3], shape[0] * shape[1]);
        }
    }
}

/// The median of nine rates of each way. They take turns, so that what disturbs one disturbs all.
fn race(now: impl Fn() -> f64, mut run: impl FnMut(Way), ways: &[(&str, Way)], operations: f64) -> String {
    let mut rates = vec![Vec::new(); ways.len()];
    // The first round warms up.
    for round in 0..10 {
        for (&(_, way), rates) in ways.iter().zip(&mut rates) {
            let (start, mut done) = (now(), 0.0);
            while now() - start < 20.0 {
                run(way);
                done += operations;
            }
            if round > 0 {
                rates.push(done / (now() - start) / 1e6);
            }
        }
    }
    let medians = ways.iter().zip(&mut rates).map(|((name, _), rates)| {
        rates.sort_by(f64::total_cmp);
        format!("{name} {:.1}", rates[4])
    });
    medians.collect::<Vec<_>>().join(", ")
}

fn by_ndarray(
    left: ArrayView2<'_, f32>,
    right: ArrayView2<'_, f32>,
    mut to: ArrayViewMut2<'_, f32>,
    add: bool,
) {
    general_mat_mul(1.0, &left, &right, if add { 1.0 } else { 0.0 }, &mut to);
}

#[rustfmt::skip]
fn by_gemm(left: ArrayView2<'_, f32>, right: ArrayView2<'_, f32>, mut to: ArrayViewMut2<'_, f32>, add: bool) {
    let ((rows, depth), columns) = (left.dim(), right.ncols());
    assert_eq!((right.nrows(), to.dim()), (depth, (rows, columns)));
    let (alpha, beta) = (if add { 1.0 } else { 0.0 }, 1.0);
    // SAFETY: the shapes fit each other, and each view is valid for its shape and strides.
    unsafe {
        gemm::gemm(
            rows, columns, depth,
            to.as_mut_ptr(), to.strides()[1], to.strides()[0], add,
            left.as_ptr(), left.strides()[1], left.strides()[0],
            right.as_ptr(), right.strides()[1], right.strides()[0],
            alpha, beta, false, false, false, gemm::Parallelism::None,
        );
    }
}

struct Convolution {
    shape: Shape,
    /// `[batch, values]`
    images: Array2<f32>,
    image_errors: Array2<f32>,
    /// `[batch · positions, n_out]`
    outputs: Array2<f32>,
    errors: Array2<f32>,
    /// `[n_in, n_out]`
    weight: Array2<f32>,
    gradient: Array2<f32>,
    workspace: Workspace,
    packed_weight: Packed<COLUMNS>,
    packed_feedback: Packed<COLUMNS>,
    packed_errors: Packed<COLUMNS>,
    /// What the libraries copy, of the images of one call: `[images · positions, n_in]`.
    windows: Array2<f32>,
}

impl Convolution {
    fn new(shape: Shape) -> Self {
        let [n_in, n_out] = shape.weight();
        let positions = shape.output_size() / n_out;
        Self {
            shape,
            images: numbers(BATCH, shape.input_size()),
            image_errors: numbers(BATCH, shape.input_size()),
            outputs: numbers(BATCH * positions, n_out),
            errors: numbers(BATCH * positions, n_out),
            weight: numbers(n_in, n_out),
            gradient: numbers(n_in, n_out),
            workspace: Workspace::new(shape),
            packed_weight: Packed::new(n_in, n_out),
            packed_feedback: convolution::packed_backward(shape),
            packed_errors: Packed::new(shape.images_per_call() * positions, n_out),
            windows: numbers(shape.images_per_call() * positions, n_in),
        }
    }

    fn run(&mut self, pass: Pass, way: Way) {
        let (shape, weight) = (self.shape, &self.weight);
        match (pass, way) {
            (Pass::Forward, Way::Own) => self.packed_weight.pack(0, weight.view()),
            (Pass::Weights, _) => self.gradient.fill(0.0),
            (Pass::Errors, Way::Own) => {
                convolution::pack_backward(shape, weight.view(), &mut self.packed_feedback);
            }
            _ => {}
        }
        let positions = shape.output_size() / shape.channels * shape.images_per_call();
        let images = self.images.axis_chunks_iter(Axis(0), shape.images_per_call());
        let image_errors = self.image_errors.axis_chunks_iter_mut(Axis(0), shape.images_per_call());
        let outputs = self.outputs.axis_chunks_iter_mut(Axis(0), positions);
        let errors = self.errors.axis_chunks_iter(Axis(0), positions);
        for (((images, mut image_errors), mut outputs), errors) in
            images.zip(image_errors).zip(outputs).zip(errors)
        {
            let values = images.to_slice().expect(IN_ROWS);
            let mut windows = self.windows.slice_mut(s![..errors.nrows(), ..]);
            if let (Pass::Forward | Pass::Weights, Way::Library(_, Copies::With)) = (pass, way) {
                im2col(shape, values, windows.as_slice_mut().expect(IN_ROWS));
            }
            if let Pass::Errors = pass {
                image_errors.fill(0.0);
            }
            match (pass, way) {
                (Pass::Forward, Way::Own) => {
                    let outputs = outputs.as_slice_mut().expect(IN_ROWS);
                    convolution::forward(shape, values, &self.packed_weight, &mut self.workspace, outputs);
                }
                (Pass::Weights, Way::Own) => {
                    self.packed_errors.pack(0, errors);
                    let gradient = self.gradient.as_slice_mut().expect(IN_ROWS);
                    let workspace = &mut self.workspace;
                    convolution::backward_weight(shape, values, &self.packed_errors, workspace, gradient);
                }
                (Pass::Errors, Way::Own) => {
                    let (errors, feedback) = (errors.to_slice().expect(IN_ROWS), &self.packed_feedback);
                    let image_errors = image_errors.as_slice_mut().expect(IN_ROWS);
                    convolution::backward_input(shape, errors, feedback, image_errors);
                }
                (Pass::Forward, Way::Library(multiply, _)) => {
                    multiply(windows.view(), weight.view(), outputs, false);
                }
                (Pass::Weights, Way::Library(multiply, _)) => {
                    multiply(windows.t(), errors, self.gradient.view_mut(), true);
                }
                (Pass::Errors, Way::Library(multiply, copies)) => {
                    multiply(errors, weight.t(), windows.view_mut(), false);
                    if copies == Copies::With {
                        let image_errors = image_errors.as_slice_mut().expect(IN_ROWS);
                        col2im(shape, windows.as_slice().expect(IN_ROWS), image_errors);
                    }
                }
            }
        }
    }
}

/// Where each row of each window is: its first value in the images, and its first in the windows.
fn window_rows(shape: Shape, values: usize) -> impl Iterator<Item = [usize; 2]> {
    let [rows, columns, channels] = shape.input;
    let [output_rows, output_columns, _] = shape.output();
    let image_rows = (0..values / shape.input_size() * rows).filter(move |row| row % rows < output_rows);
    let windows =
        image_rows.flat_map(move |row| (0..output_columns).map(move |column| row * columns + column));
    windows.enumerate().flat_map(move |(window, pixel)| {
        (0..WINDOW)
            .map(move |row| [pixel + row * columns, (window * WINDOW + row) * WINDOW].map(|at| at * channels))
    })
}

fn im2col(shape: Shape, images: &[f32], windows: &mut [f32]) {
    let length = WINDOW * shape.input[2];
    for [from, to] in window_rows(shape, images.len()) {
        windows[to..][..length].copy_from_slice(&images[from..][..length]);
    }
}

fn col2im(shape: Shape, windows: &[f32], images: &mut [f32]) {
    let length = WINDOW * shape.input[2];
    for [to, from] in window_rows(shape, images.len()) {
        let values = images[to..][..length].iter_mut();
        values.zip(&windows[from..][..length]).for_each(|(value, error)| *value += error);
    }
}

struct Dense {
    shape: [usize; 2],
    /// `[batch, n_in]`
    input: Array2<f32>,
    input_errors: Array2<f32>,
    /// `[batch, n_out]`
    output: Array2<f32>,
    errors: Array2<f32>,
    /// `[n_in, n_out]`
    weight: Array2<f32>,
    gradient: Array2<f32>,
    bias: Vec<f32>,
    packed_weight: Packed<COLUMNS>,
    packed_feedback: Packed<COLUMNS>,
    packed_errors: Packed<COLUMNS>,
    packed_input: Packed<ROWS>,
}

impl Dense {
    fn new(shape: [usize; 2]) -> Self {
        let [n_in, n_out] = shape;
        Self {
            shape,
            input: numbers(BATCH, n_in),
            input_errors: numbers(BATCH, n_in),
            output: numbers(BATCH, n_out),
            errors: numbers(BATCH, n_out),
            weight: numbers(n_in, n_out),
            gradient: numbers(n_in, n_out),
            bias: vec![0.0; n_out],
            packed_weight: Packed::new(n_in, n_out),
            packed_feedback: Packed::new(n_out, n_in),
            packed_errors: Packed::new(BATCH, n_out),
            packed_input: Packed::new(BATCH, n_in),
        }
    }

    fn run(&mut self, pass: Pass, way: Way) {
        let (shape, input, weight, errors) = (self.shape, &self.input, &self.weight, &self.errors);
        match (pass, way) {
            (Pass::Forward, Way::Own) => {
                self.packed_weight.pack(0, weight.view());
                let (input, output) = (input.as_slice().expect(IN_ROWS), self.output.as_slice_mut());
                dense::forward(shape, input, &self.packed_weight, &self.bias, output.expect(IN_ROWS));
            }
            (Pass::Weights, Way::Own) => {
                self.packed_input.pack(0, input.view());
                self.packed_errors.pack(0, errors.view());
                self.gradient.fill(0.0);
                let gradient = self.gradient.as_slice_mut().expect(IN_ROWS);
                dense::backward_weight(shape[1], &self.packed_input, &self.packed_errors, gradient);
            }
            (Pass::Errors, Way::Own) => {
                self.packed_feedback.pack(0, weight.t());
                let (errors, input_errors) = (errors.as_slice(), self.input_errors.as_slice_mut());
                let input_errors = input_errors.expect(IN_ROWS);
                dense::backward_input(shape, errors.expect(IN_ROWS), &self.packed_feedback, input_errors);
            }
            (Pass::Forward, Way::Library(multiply, _)) => {
                multiply(input.view(), weight.view(), self.output.view_mut(), false);
            }
            (Pass::Weights, Way::Library(multiply, _)) => {
                multiply(input.t(), errors.view(), self.gradient.view_mut(), false);
            }
            (Pass::Errors, Way::Library(multiply, _)) => {
                multiply(errors.view(), weight.t(), self.input_errors.view_mut(), false);
            }
        }
    }
}

const IN_ROWS: &str = "rows lie one after another";

fn numbers(rows: usize, columns: usize) -> Array2<f32> {
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        ((row * 31 + column * 17) % 64) as f32 / 64.0 - 0.5
    })
}
