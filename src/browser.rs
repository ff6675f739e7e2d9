//! What JavaScript sees: the configuration, the images and the experiment. The only file that knows
//! wasm-bindgen.

use crate::{
    Error,
    configuration::Configuration,
    data::{self, Extent, idx},
    experiment::{self, Progress, checkpoint},
    figures::{layer, neuron, transport},
    npy::npy,
};
use js_sys::Uint8Array;
use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// The types of what crosses the border as plain objects; `tests/border.rs` holds them against the
/// Rust types.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("browser.d.ts");

#[wasm_bindgen]
extern "C" {
    /// A `Configuration` as a plain object.
    #[wasm_bindgen(typescript_type = "Configuration")]
    pub type ConfigurationObject;
    /// A `Progress` as a plain object.
    #[wasm_bindgen(typescript_type = "Progress")]
    pub type ProgressObject;
    /// A `Checkpoint` as a plain object.
    #[wasm_bindgen(typescript_type = "Checkpoint")]
    pub type CheckpointObject;
    /// A `Transport` as a plain object.
    #[wasm_bindgen(typescript_type = "Transport")]
    pub type TransportObject;
    /// A `NeuronScene` as a plain object.
    #[wasm_bindgen(typescript_type = "NeuronScene")]
    pub type NeuronSceneObject;
    /// A `NeuronView` as a plain object.
    #[wasm_bindgen(typescript_type = "NeuronView")]
    pub type NeuronViewObject;
    /// A `LayerScene` as a plain object.
    #[wasm_bindgen(typescript_type = "LayerScene")]
    pub type LayerSceneObject;
    /// A `LayerView` as a plain object.
    #[wasm_bindgen(typescript_type = "LayerView")]
    pub type LayerViewObject;
}

/// Sends the message of a panic to the console, should there ever be one.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// The version of this program.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_string()
}

/// The default of every setting.
///
/// # Errors
/// None in practice; a type that cannot cross the border would be one.
#[wasm_bindgen]
pub fn default_configuration() -> Result<ConfigurationObject, JsError> {
    to_object(&Configuration::default())
}

/// Throws an error that names the setting and its range, if one is out of it.
///
/// # Errors
/// A setting that is unknown, of the wrong type, or out of range.
#[wasm_bindgen]
pub fn check_configuration(configuration: ConfigurationObject) -> Result<(), JsError> {
    Ok(from_object::<Configuration>(configuration)?.validate()?)
}

/// What a checkpoint is of, without going on from it.
///
/// # Errors
/// Bytes that are no checkpoint, are damaged, or are of another version.
#[wasm_bindgen]
pub fn read_checkpoint(bytes: &[u8]) -> Result<CheckpointObject, JsError> {
    to_object(&checkpoint::read(bytes)?)
}

/// A file that JavaScript holds. It is read piece by piece: a copy of it would stay in the memory of this
/// instance, which never shrinks.
impl data::File for &Uint8Array {
    fn items<const N: usize>(self, name: &str, count: usize, extent: Extent) -> Result<idx::Items<N>, Error> {
        idx::read_unpacked(name, Rest(self.clone()), self.length() as usize, count, extent)
    }
}

/// What has not been read of a file.
struct Rest(Uint8Array);

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.length().min(u32::try_from(buffer.len()).unwrap_or(u32::MAX));
        self.0.subarray(0, length).copy_to(&mut buffer[..length as usize]);
        self.0 = self.0.subarray(length, self.0.length());
        Ok(length as usize)
    }
}

/// A set of training and test images.
#[wasm_bindgen]
pub struct Images(Arc<data::Images>);

#[wasm_bindgen]
impl Images {
    /// Draws the generated set.
    ///
    /// # Errors
    /// Counts out of range.
    pub fn garments(seed: u32, train: usize, test: usize) -> Result<Images, JsError> {
        for (field, value, most) in
            [("examples", train, data::MOST_TRAIN), ("test_examples", test, data::MOST_TEST)]
        {
            if value > most {
                let (value, range) = (value.to_string(), format!("at most {most}"));
                return Err(Error::Setting { field, value, range }.into());
            }
        }
        Ok(Self(Arc::new(data::Images::garments(seed, train, test))))
    }

    /// Reads Fashion-MNIST from its four files, unpacked. Each may be cut short, as long as the first
    /// `train` and `test` images are there.
    ///
    /// # Errors
    /// A file that is not what it claims to be.
    pub fn fashion_mnist(
        train_images: &Uint8Array,
        train_labels: &Uint8Array,
        test_images: &Uint8Array,
        test_labels: &Uint8Array,
        train: usize,
        test: usize,
    ) -> Result<Images, JsError> {
        let files = data::Files { train_images, train_labels, test_images, test_labels };
        Ok(Self(Arc::new(data::Images::fashion_mnist(files, train, test, Extent::Beginning)?)))
    }

    /// Height of an image, in pixels.
    #[wasm_bindgen(getter)]
    pub fn rows(&self) -> usize {
        self.0.rows()
    }

    /// Width of an image, in pixels.
    #[wasm_bindgen(getter)]
    pub fn columns(&self) -> usize {
        self.0.columns()
    }

    /// How many training images there are.
    #[wasm_bindgen(getter)]
    pub fn train_count(&self) -> usize {
        self.0.train().len()
    }

    /// How many test images there are.
    #[wasm_bindgen(getter)]
    pub fn test_count(&self) -> usize {
        self.0.test().len()
    }

    /// The names of the classes, in the order of the labels.
    pub fn classes(&self) -> Vec<String> {
        self.0.classes().iter().map(ToString::to_string).collect()
    }

    /// The grey levels of a training image, row by row; empty if there is none of that index.
    pub fn train_image(&self, index: usize) -> Vec<u8> {
        image(self.0.train(), index)
    }

    /// The label of a training image, if there is one of that index.
    pub fn train_label(&self, index: usize) -> Option<u8> {
        label(self.0.train(), index)
    }

    /// The grey levels of a test image, row by row; empty if there is none of that index.
    pub fn test_image(&self, index: usize) -> Vec<u8> {
        image(self.0.test(), index)
    }

    /// The label of a test image, if there is one of that index.
    pub fn test_label(&self, index: usize) -> Option<u8> {
        label(self.0.test(), index)
    }
}

fn image(split: &data::Split, index: usize) -> Vec<u8> {
    if index < split.len() { split.image(index).to_vec() } else { Vec::new() }
}

fn label(split: &data::Split, index: usize) -> Option<u8> {
    (index < split.len()).then(|| split.label(index))
}

/// One network that learns by one rule, in chunks.
#[wasm_bindgen]
pub struct Experiment(experiment::Experiment);

#[wasm_bindgen]
impl Experiment {
    /// Prepares a network, its rule and its first epoch.
    ///
    /// # Errors
    /// A setting out of range, or too few images.
    #[wasm_bindgen(constructor)]
    pub fn new(configuration: ConfigurationObject, images: &Images) -> Result<Experiment, JsError> {
        let configuration = from_object(configuration)?;
        Ok(Self(experiment::Experiment::new(configuration, Arc::clone(&images.0))?))
    }

    /// Goes on from a checkpoint, of a browser or of the native program, with the images that it was
    /// made with. What follows is what would have followed without an interruption.
    ///
    /// # Errors
    /// Bytes that are no checkpoint, are damaged, are of another version, or don't fit the images.
    pub fn resume(bytes: &[u8], images: &Images) -> Result<Experiment, JsError> {
        Ok(Self(experiment::Experiment::resume(bytes, Arc::clone(&images.0))?))
    }

    /// Everything from which [`Experiment::resume`] goes on: settings, records so far, and state.
    ///
    /// # Errors
    /// Training that has diverged.
    pub fn checkpoint(&self) -> Result<Vec<u8>, JsError> {
        Ok(self.0.checkpoint()?)
    }

    /// Does at most so many chunks of work, a few milliseconds each.
    ///
    /// # Errors
    /// Training that has diverged.
    pub fn advance(&mut self, chunks: usize) -> Result<ProgressObject, JsError> {
        let progress: Progress = self.0.advance(chunks)?;
        to_object(&progress)
    }

    /// The names of the fully connected layers, `inputs→outputs`.
    pub fn layer_names(&self) -> Vec<String> {
        self.0.layer_names()
    }

    /// Forward and feedback weight in turn, for an evenly spread sample of at most `most` entries of
    /// a fully connected layer; empty if there is no such layer.
    pub fn weights(&self, layer: usize, most: usize) -> Vec<f32> {
        if layer >= self.0.layer_count() || most == 0 {
            return Vec::new();
        }
        let (forward, feedback) = self.0.weights(layer);
        let stride = forward.len().div_ceil(most);
        let pairs = forward.iter().zip(feedback.t());
        pairs.step_by(stride).flat_map(|(&forward, &feedback)| [forward, feedback]).collect()
    }

    /// The forward weights `[n_out, n_in]` of a fully connected layer as a NumPy file; empty if there is
    /// no such layer.
    pub fn forward_npy(&self, layer: usize) -> Vec<u8> {
        if layer < self.0.layer_count() { npy(self.0.weights(layer).0) } else { Vec::new() }
    }

    /// The feedback weights `[n_in, n_out]` of a fully connected layer as a NumPy file; empty if there is
    /// no such layer.
    pub fn feedback_npy(&self, layer: usize) -> Vec<u8> {
        if layer < self.0.layer_count() { npy(self.0.weights(layer).1) } else { Vec::new() }
    }

    /// How often each label was given each answer in the last testing, label by label.
    pub fn confusion(&self) -> Vec<u32> {
        self.0.confusion().iter().copied().collect()
    }

    /// How probable the network holds each class for the first `count` test images, image by image.
    ///
    /// # Errors
    /// Answers that are not finite.
    pub fn answers(&mut self, count: usize) -> Result<Vec<f32>, JsError> {
        Ok(self.0.answers(count)?.into_raw_vec_and_offset().0)
    }
}

/// Sends `error` `[n_out]` down, through `forward` `[n_out, n_in]` and through `feedback`
/// `[n_in, n_out]`, both row by row.
///
/// # Errors
/// Shapes that don't fit each other.
#[wasm_bindgen]
pub fn send_down(forward: &[f32], feedback: &[f32], error: &[f32]) -> Result<TransportObject, JsError> {
    to_object(&transport::Transport::new(forward, feedback, error)?)
}

/// One neuron at its threshold.
#[wasm_bindgen]
pub struct NeuronFigure(neuron::NeuronFigure);

#[wasm_bindgen]
impl NeuronFigure {
    /// Starts from rest.
    ///
    /// # Errors
    /// A scene with something out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(scene: NeuronSceneObject) -> Result<NeuronFigure, JsError> {
        Ok(Self(neuron::NeuronFigure::new(&from_object(scene)?)?))
    }

    /// Steps of 1 ms.
    pub fn advance(&mut self, steps: usize) {
        self.0.advance(steps);
    }

    /// What there is to see now; the events since the last view go with it.
    ///
    /// # Errors
    /// None in practice.
    pub fn view(&mut self) -> Result<NeuronViewObject, JsError> {
        to_object(&self.0.view())
    }
}

/// A network of fixed weights whose causal effects are measured.
#[wasm_bindgen]
pub struct LayerFigure(layer::LayerFigure);

#[wasm_bindgen]
impl LayerFigure {
    /// Draws the weights, and starts from rest.
    ///
    /// # Errors
    /// A scene with something out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(scene: LayerSceneObject) -> Result<LayerFigure, JsError> {
        Ok(Self(layer::LayerFigure::new(&from_object(scene)?)?))
    }

    /// At most so many steps of 1 ms.
    pub fn advance(&mut self, steps: usize) {
        self.0.advance(steps);
    }

    /// What there is to see now; the measurements since the last view go with it.
    ///
    /// # Errors
    /// None in practice.
    pub fn view(&mut self) -> Result<LayerViewObject, JsError> {
        to_object(&self.0.view())
    }

    /// Forward weight and causal effect in turn, for a sample of at most `most` pairs of neurons.
    pub fn weights(&self, pair: usize, most: usize) -> Vec<f32> {
        self.0.weights(pair, most)
    }
}

/// A plain object with the fields of `value`, numbers as numbers.
fn to_object<T: JsCast>(value: &impl Serialize) -> Result<T, JsError> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?.unchecked_into())
}

fn from_object<T: DeserializeOwned>(object: impl Into<JsValue>) -> Result<T, JsError> {
    Ok(serde_wasm_bindgen::from_value(object.into())?)
}
