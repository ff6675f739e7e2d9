//! What JavaScript sees: the configuration, the images and the experiment. The only file that knows
//! wasm-bindgen.

use crate::{
    Error, bootstrap, checkpoint,
    configuration::Configuration,
    data::{self, DatasetName, Extent, Normalisation, Split},
    describe,
    experiment::{self, Progress, Record, Stage, files},
    figures::{guess, layer, neuron, transport},
    npy::npy,
    random,
};
use js_sys::{Function, Reflect, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read};
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use web_sys::{WorkerGlobalScope, console};

/// A failure for JavaScript: an `Error`, with the name of the setting that caused it in `field`, if one did.
type Thrown = JsValue;

/// The types of the plain objects exchanged with JavaScript; `tests/border.rs` checks them against the Rust types.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("browser.d.ts");

#[wasm_bindgen]
extern "C" {
    /// A `Description` as a plain object.
    #[wasm_bindgen(typescript_type = "Description")]
    pub type DescriptionObject;
    /// An array of `Record`, as plain objects.
    #[wasm_bindgen(typescript_type = "Record[]")]
    pub type RecordsObject;
    /// A `Configuration` as a plain object.
    #[wasm_bindgen(typescript_type = "Configuration")]
    pub type ConfigurationObject;
    /// A `Progress` as a plain object.
    #[wasm_bindgen(typescript_type = "Progress")]
    pub type ProgressObject;
    /// A `View` as a plain object.
    #[wasm_bindgen(typescript_type = "View")]
    pub type ViewObject;
    /// A `Checkpoint` as a plain object.
    #[wasm_bindgen(typescript_type = "Checkpoint")]
    pub type CheckpointObject;
    /// A `Transport` as a plain object.
    #[wasm_bindgen(typescript_type = "Transport")]
    pub type TransportObject;
    /// A `GuessScene` as a plain object.
    #[wasm_bindgen(typescript_type = "GuessScene")]
    pub type GuessSceneObject;
    /// A `GuessView` as a plain object.
    #[wasm_bindgen(typescript_type = "GuessView")]
    pub type GuessViewObject;
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
    std::panic::set_hook(Box::new(|panic| console::error_1(&panic.to_string().into())));
}

/// Everything that is declared with rules, data sets, measures and settings.
///
/// # Errors
/// None in practice; a type that cannot cross the border would be one.
#[wasm_bindgen]
pub fn describe() -> Result<DescriptionObject, Thrown> {
    to_object(&describe::describe())
}

/// The version of this program.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_string()
}

/// A random seed, from the browser.
///
/// # Errors
/// A browser without random numbers.
#[wasm_bindgen]
pub fn random_seed() -> Result<u32, Thrown> {
    random::draw_seed().map_err(thrown)
}

/// Records as CSV, a row a record.
///
/// # Errors
/// Objects that are no records.
#[wasm_bindgen]
pub fn records_csv(records: RecordsObject) -> Result<String, Thrown> {
    Ok(files::csv(&from_object::<Vec<Record>>(records)?))
}

/// Records as JSON lines, as the native program prints them.
///
/// # Errors
/// Objects that are no records.
#[wasm_bindgen]
pub fn records_json_lines(records: RecordsObject) -> Result<String, Thrown> {
    Ok(files::json_lines(&from_object::<Vec<Record>>(records)?))
}

/// The ends of the 95% interval of the mean of `values`, with resamples drawn from `seed`; none for too few values.
#[wasm_bindgen]
pub fn interval_of_mean(values: &[f64], seed: u32) -> Option<Vec<f64>> {
    bootstrap::interval_of_mean(values, seed).map(Vec::from)
}

/// The default of every setting.
///
/// # Errors
/// None in practice; a type that cannot cross the border would be one.
#[wasm_bindgen]
pub fn default_configuration() -> Result<ConfigurationObject, Thrown> {
    to_object(&Configuration::default())
}

/// Throws an error that names the setting and its range, if one is out of range.
///
/// # Errors
/// A setting that is unknown, of the wrong type, or out of range.
#[wasm_bindgen]
pub fn check_configuration(configuration: ConfigurationObject) -> Result<(), Thrown> {
    from_object::<Configuration>(configuration)?.validate().map_err(thrown)
}

/// What a checkpoint contains, without resuming it.
///
/// # Errors
/// Bytes that are no checkpoint, are damaged, or are of another version.
#[wasm_bindgen]
pub fn read_checkpoint(bytes: &[u8]) -> Result<CheckpointObject, Thrown> {
    to_object(&checkpoint::read(bytes).map_err(thrown)?)
}

/// The unread part of a file in JavaScript's memory. It is read piece by piece, because a copy would stay in this
/// instance's memory, which never shrinks.
struct Rest(Uint8Array);

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.length().min(u32::try_from(buffer.len()).unwrap_or(u32::MAX));
        self.0.subarray(0, length).copy_to(&mut buffer[..length as usize]);
        self.0 = self.0.subarray(length, self.0.length());
        Ok(length as usize)
    }
}

/// How many bytes of an array are asked for at once.
const PIECE: usize = 1 << 22;

/// A set of training and test images.
#[wasm_bindgen]
pub struct Images(Arc<data::Images>);

#[wasm_bindgen]
impl Images {
    /// The first `train` training and `test` test images of a data set: drawn from `seed`, or read from its official
    /// files, unpacked, in their order. Each file may be truncated after the requested images.
    ///
    /// # Errors
    /// Counts out of range, or a file that is not what it claims to be.
    pub fn open(
        dataset: &str,
        files: Vec<Uint8Array>,
        seed: u32,
        train: usize,
        test: usize,
    ) -> Result<Images, Thrown> {
        let dataset = DatasetName::try_from(dataset.to_string()).map_err(thrown)?;
        let file = |bytes: Uint8Array| {
            let available = bytes.length() as usize;
            data::File { reader: Box::new(Rest(bytes)), available }
        };
        let files = files.into_iter().map(file).collect();
        let images = data::Images::open(dataset, files, seed, [train, test], Extent::Beginning);
        Ok(Self(Arc::new(images.map_err(thrown)?)))
    }

    /// Images of any data set, as arrays: pixels `[count, rows, columns, channels]` of `shape`, labels that are indices
    /// into `classes`, mean and deviation of three channels. The four arrays, pixels and labels to train and to test, have
    /// `lengths` bytes; `read(array, start, end)` gives a part of one, so that no other copy of it need be in memory.
    ///
    /// # Errors
    /// What cannot be learned from.
    pub fn of_arrays(
        shape: Vec<usize>,
        classes: Vec<String>,
        normalisation: Vec<f32>,
        lengths: Vec<usize>,
        read: &Function,
    ) -> Result<Images, Thrown> {
        let wrong = || JsValue::from(js_sys::Error::new("The arrays are not those of images."));
        let shape = shape.try_into().map_err(|_| wrong())?;
        let [mean, deviation] = normalisation.as_chunks().0 else { return Err(wrong()) };
        let array = |index: usize| {
            let mut bytes = vec![0; *lengths.get(index).ok_or_else(wrong)?];
            for (number, piece) in bytes.chunks_mut(PIECE).enumerate() {
                let [start, end] = [number * PIECE, number * PIECE + piece.len()];
                let given: Uint8Array =
                    read.call3(&JsValue::NULL, &index.into(), &start.into(), &end.into())?.dyn_into()?;
                if given.length() as usize != piece.len() {
                    return Err(wrong());
                }
                given.copy_to(piece);
            }
            Ok::<_, Thrown>(bytes)
        };
        let splits =
            [Split { pixels: array(0)?, labels: array(1)? }, Split { pixels: array(2)?, labels: array(3)? }];
        let normalisation = Normalisation { mean: *mean, deviation: *deviation };
        let images = data::Images::new(shape, classes, Some(normalisation), splits);
        Ok(Self(Arc::new(images.map_err(thrown)?)))
    }

    /// Rows, columns and channels of an image.
    #[wasm_bindgen(getter)]
    pub fn shape(&self) -> Vec<usize> {
        self.0.shape().to_vec()
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

    /// The values of a training image, row by row, the channels of a pixel side by side; empty if there is none of that index.
    pub fn train_image(&self, index: usize) -> Vec<u8> {
        image(self.0.train(), index)
    }

    /// The label of a training image, if there is one of that index.
    pub fn train_label(&self, index: usize) -> Option<u8> {
        label(self.0.train(), index)
    }

    /// The values of a test image, likewise; empty if there is none of that index.
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
    pub fn new(configuration: ConfigurationObject, images: &Images) -> Result<Experiment, Thrown> {
        let configuration = from_object(configuration)?;
        experiment::Experiment::new(configuration, Arc::clone(&images.0)).map(Self).map_err(thrown)
    }

    /// Resumes from a checkpoint, of a browser or of the native program, with the images that it was made with. The
    /// rest equals that of an uninterrupted run.
    ///
    /// # Errors
    /// Bytes that are no checkpoint, are damaged, are of another version, or don't fit the images.
    pub fn resume(bytes: &[u8], images: &Images) -> Result<Experiment, Thrown> {
        experiment::Experiment::resume(bytes, Arc::clone(&images.0)).map(Self).map_err(thrown)
    }

    /// Everything that [`Experiment::resume`] needs: settings, records so far, and state.
    ///
    /// # Errors
    /// Training that has diverged.
    pub fn checkpoint(&mut self) -> Result<Vec<u8>, Thrown> {
        self.0.checkpoint().map_err(thrown)
    }

    /// Does at most `chunks` chunks of work, a few milliseconds each.
    ///
    /// # Errors
    /// Training that has diverged.
    pub fn advance(&mut self, chunks: usize) -> Result<ProgressObject, Thrown> {
        to_object(&self.0.advance(chunks).map_err(thrown)?)
    }

    /// Does at least one chunk of work, and continues until `milliseconds` are over or there is a new record. Returns
    /// the progress of all chunks.
    ///
    /// # Errors
    /// Training that has diverged.
    pub fn advance_for(&mut self, milliseconds: f64) -> Result<ProgressObject, Thrown> {
        let end = now() + milliseconds;
        let mut measured = Vec::new();
        loop {
            let mut progress = self.0.advance(1).map_err(thrown)?;
            measured.append(&mut progress.measured);
            if !progress.records.is_empty() || progress.stage == Stage::Done || now() >= end {
                return to_object(&Progress { measured, ..progress });
            }
        }
    }

    /// The names of the layers that have an error to send down, `inputs→outputs`, from the bottom.
    pub fn layer_names(&self) -> Vec<String> {
        self.0.layer_names()
    }

    /// A sample of the network, for a drawing.
    ///
    /// # Errors
    /// Training that has diverged.
    pub fn view(&mut self) -> Result<ViewObject, Thrown> {
        view_object(&self.0.view().map_err(thrown)?)
    }

    /// Forward and feedback weight in turn, for an evenly spread sample of at most `most` entries of
    /// a layer; empty if there is no such layer.
    pub fn weights(&self, layer: usize, most: usize) -> Vec<f32> {
        if layer >= self.0.layer_count() || most == 0 {
            return Vec::new();
        }
        let (forward, Some(feedback)) = self.0.weights(layer) else { return Vec::new() };
        let stride = forward.len().div_ceil(most);
        let pairs = forward.iter().zip(feedback.t());
        pairs.step_by(stride).flat_map(|(&forward, &feedback)| [forward, feedback]).collect()
    }

    /// The forward weights `[n_out, n_in]` of a layer as a NumPy file; empty if there is
    /// no such layer.
    pub fn forward_npy(&self, layer: usize) -> Vec<u8> {
        if layer < self.0.layer_count() { npy(self.0.weights(layer).0) } else { Vec::new() }
    }

    /// The feedback weights `[n_in, n_out]` of a layer as a NumPy file; empty if there is
    /// no such layer.
    pub fn feedback_npy(&self, layer: usize) -> Vec<u8> {
        if layer >= self.0.layer_count() {
            return Vec::new();
        }
        self.0.weights(layer).1.map_or(Vec::new(), |feedback| npy(feedback.view()))
    }

    /// How often each label was given each answer in the last testing, label by label.
    pub fn confusion(&self) -> Vec<u32> {
        self.0.confusion().iter().copied().collect()
    }

    /// The probabilities of the classes for the first `count` test images, image by image.
    ///
    /// # Errors
    /// Answers that are not finite.
    pub fn answers(&mut self, count: usize) -> Result<Vec<f32>, Thrown> {
        Ok(self.0.answers(count).map_err(thrown)?.into_raw_vec_and_offset().0)
    }

    /// The probabilities of the classes for an image of one's own, with values as those of a test image.
    ///
    /// # Errors
    /// An image of another size; answers that are not finite.
    pub fn answer(&mut self, image: &[u8]) -> Result<Vec<f32>, Thrown> {
        self.0.answer(image).map_err(thrown)
    }
}

/// Sends `error` `[n_out]` down, through `forward` `[n_out, n_in]` and through `feedback`
/// `[n_in, n_out]`, both row by row.
///
/// # Errors
/// Shapes that don't fit each other.
#[wasm_bindgen]
pub fn send_down(forward: &[f32], feedback: &[f32], error: &[f32]) -> Result<TransportObject, Thrown> {
    view_object(&transport::Transport::new(forward, feedback, error).map_err(thrown)?)
}

/// Lets a small network learn for so many `steps` from errors that `feedback` sends down. Returns its forward weights,
/// the weights below them, and the loss, in one row: an object would be another kilobyte of program.
///
/// # Errors
/// Shapes that don't fit each other.
#[wasm_bindgen]
pub fn learn(
    forward: &[f32],
    lower: &[f32],
    feedback: &[f32],
    outputs: usize,
    steps: usize,
) -> Result<Vec<f32>, Thrown> {
    let transport::Learning { forward, lower, loss } =
        transport::Learning::new(forward, lower, feedback, outputs, steps).map_err(thrown)?;
    Ok([forward, lower, vec![loss]].concat())
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
    pub fn new(scene: NeuronSceneObject) -> Result<NeuronFigure, Thrown> {
        neuron::NeuronFigure::new(&from_object(scene)?).map(Self).map_err(thrown)
    }

    /// Steps of 1 ms.
    pub fn advance(&mut self, steps: usize) {
        self.0.advance(steps);
    }

    /// Goes on to the step `until`, or until `milliseconds` are over; at least a few. Returns the step that was
    /// reached.
    pub fn advance_for(&mut self, until: usize, milliseconds: f64) -> usize {
        advance_for(until, milliseconds, |steps| {
            self.0.advance(steps);
            self.0.steps()
        })
    }

    /// What there is to see now; the events since the last view go with it.
    ///
    /// # Errors
    /// None in practice.
    pub fn view(&mut self) -> Result<NeuronViewObject, Thrown> {
        view_object(&self.0.view())
    }
}

/// A hidden weight, to be guessed.
#[wasm_bindgen]
pub struct GuessFigure(guess::GuessFigure);

#[wasm_bindgen]
impl GuessFigure {
    /// Draws the weight, and starts from rest.
    ///
    /// # Errors
    /// None in practice.
    #[wasm_bindgen(constructor)]
    pub fn new(scene: GuessSceneObject) -> Result<GuessFigure, Thrown> {
        guess::GuessFigure::new(&from_object(scene)?).map(Self).map_err(thrown)
    }

    /// Goes on to the step `until`, or until `milliseconds` are over; at least a few. Returns the step that was
    /// reached.
    pub fn advance_for(&mut self, until: usize, milliseconds: f64) -> usize {
        advance_for(until, milliseconds, |steps| {
            self.0.advance(steps);
            self.0.steps()
        })
    }

    /// What there is to see now; the curves since the last view go with it.
    ///
    /// # Errors
    /// None in practice.
    pub fn view(&mut self) -> Result<GuessViewObject, Thrown> {
        view_object(&self.0.view())
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
    pub fn new(scene: LayerSceneObject) -> Result<LayerFigure, Thrown> {
        layer::LayerFigure::new(&from_object(scene)?).map(Self).map_err(thrown)
    }

    /// At most `steps` steps of 1 ms.
    pub fn advance(&mut self, steps: usize) {
        self.0.advance(steps);
    }

    /// Goes on to the step `until`, or until `milliseconds` are over; at least a few. Returns the step that was
    /// reached.
    pub fn advance_for(&mut self, until: usize, milliseconds: f64) -> usize {
        advance_for(until, milliseconds, |steps| {
            self.0.advance(steps);
            self.0.steps()
        })
    }

    /// What there is to see now; the measurements since the last view go with it.
    ///
    /// # Errors
    /// None in practice.
    pub fn view(&mut self) -> Result<LayerViewObject, Thrown> {
        view_object(&self.0.view())
    }

    /// Forward weight and causal effect in turn, for a sample of at most `most` pairs of neurons.
    pub fn weights(&self, pair: usize, most: usize) -> Vec<f32> {
        self.0.weights(pair, most)
    }
}

/// Steps of a figure between two looks at the clock.
const FIGURE_CHUNK: usize = 200;

/// Has a figure advance to the step `until`, or until `milliseconds` are over; at least one chunk. `advance` returns the
/// step that was reached.
fn advance_for(until: usize, milliseconds: f64, mut advance: impl FnMut(usize) -> usize) -> usize {
    let end = now() + milliseconds;
    let mut reached = advance(0);
    while reached < until {
        reached = advance(FIGURE_CHUNK.min(until - reached));
        if now() >= end {
            break;
        }
    }
    reached
}

/// Milliseconds on the clock of the worker, or of the page.
fn now() -> f64 {
    let global = js_sys::global();
    let performance = match global.dyn_ref::<WorkerGlobalScope>() {
        Some(worker) => worker.performance(),
        None => Reflect::get(&global, &"performance".into()).ok().and_then(|found| found.dyn_into().ok()),
    };
    performance.map_or_else(js_sys::Date::now, |performance: web_sys::Performance| performance.now())
}

/// A plain object with the fields of `value`, whose numbers are finite. By way of text: records have to be written as JSON
/// anyway, and a second serializer for the same types would be more to download.
fn to_object<T: JsCast>(value: &impl Serialize) -> Result<T, Thrown> {
    Ok(js_sys::JSON::parse(&files::json(value))?.unchecked_into())
}

/// The same for what is drawn, which has thousands of numbers, many times a second: as text they would take four times as
/// long.
fn view_object<T: JsCast>(value: &impl Serialize) -> Result<T, Thrown> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let object = value.serialize(&serializer).map_err(JsValue::from)?;
    Ok(object.unchecked_into())
}

fn from_object<T: DeserializeOwned>(object: impl Into<JsValue>) -> Result<T, Thrown> {
    serde_wasm_bindgen::from_value(object.into()).map_err(JsValue::from)
}

/// An error of the core as JavaScript has it.
fn thrown(error: Error) -> Thrown {
    let object = js_sys::Error::new(&error.to_string());
    if let Error::Setting { field, .. } = error {
        // An object that was just made takes any property.
        let _ = Reflect::set(&object, &"field".into(), &field.into());
    }
    object.into()
}
