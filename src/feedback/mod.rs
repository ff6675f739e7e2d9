//! Where backward weights come from: one small type a rule, one file a rule.
//!
//! A rule never sees the forward weights; the type of [`Rule`] makes weight transport impossible, unless a rule
//! requests it from the network by returning [`Backward::Transpose`]. A rule sees only local information: the last
//! change of each synapse, and the effects that neurons measured.
//!
//! A new rule is a file here, and its name in the list [`RULES`]. The file declares its names, looks and settings, from
//! which flags, controls, charts and legends are made.

mod decay;
mod direct;
mod measured;
mod restricted;
mod write_back;

use measured::Measured;

pub use bp::Backpropagation;
pub use fa::FeedbackAlignment;
pub use restricted::Restricted;
pub use write_back::{WriteBack, write_back};

use crate::{
    Error, measurement,
    random::Generator,
    registry::registry,
    setting::{Choice, Setting, Value, Values},
    state::State,
};
use ndarray::{Array2, ArrayView2};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

registry! {
    /// Every learning rule, in the order in which they are shown.
    pub static RULES: [Description] = RULE of {
        bp,
        fa,
        dfa,
        sdfa,
        drtp,
        usf,
        brsf,
        frsf,
        kp,
        pfa,
        wm,
        ia,
        pal,
        rdd,
        stdwi,
        wm_spikes,
    }
}

/// The matrix that sends a layer's error down to its inputs.
#[derive(Debug, Clone, Copy)]
pub enum Backward<'a> {
    /// The transpose of the forward weights: weight transport.
    Transpose,
    /// Feedback weights of the rule's own, `[n_in, n_out]`.
    Weights(ArrayView2<'a, f32>),
    /// The signs of the forward weights with these magnitudes, `[n_in, n_out]`. The network takes the signs.
    Signs(ArrayView2<'a, f32>),
    /// No matrix of the layer: the output of the network, sent straight to the inputs of the layer through weights
    /// `[inputs, classes]`, replaces the error that would come down.
    Direct(ArrayView2<'a, f32>, Signal),
}

/// A magnitude with the sign of a weight; that of 0 is 0.
pub(crate) fn with_sign(magnitude: f32, weight: f32) -> f32 {
    if weight == 0.0 { 0.0 } else { magnitude.copysign(weight) }
}

/// The signal sent straight from the output of the network, divided by the batch size, like the mean loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The error: the probabilities of the classes, less the label.
    Error,
    /// The sign of the error.
    ErrorSign,
    /// The label.
    Target,
}

/// What an update did to the forward weights of a layer.
#[derive(Debug, Clone, Copy)]
pub struct Update<'a> {
    /// What was added, `[n_out, n_in]`.
    pub change: ArrayView2<'a, f32>,
    /// The share that is kept after that; the rest decays.
    pub kept: f32,
}

/// Noise that a rule sends through every layer after each update, to learn from the response.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noise {
    /// Inputs of nothing but noise, uniform in ±0.05, for each layer on its own.
    Alone {
        /// How many.
        examples: usize,
    },
    /// Normal noise of this deviation, added to the inputs that the layer has for the batch.
    Added {
        /// Its standard deviation.
        deviation: f32,
    },
}

/// A layer's response to noise: second moments over examples (and positions of a convolution), which each synapse and
/// its neuron can know.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// The mean product of noise and response, `[n_in, n_out]`.
    pub correlation: ArrayView2<'a, f32>,
    /// The mean product of two responses, `[n_out, n_out]`.
    pub covariance: ArrayView2<'a, f32>,
}

/// A learning rule: the one place in which the rules differ.
///
/// Layers are counted over all that have an error to send down, from the bottom: 0 is the second convolution
/// (`n_in` is 25 × its input channels), the others are fully connected.
pub trait Rule: State {
    /// The matrix that sends the error of `layer` down.
    fn backward(&self, layer: usize) -> Backward<'_>;

    /// Called after every update of the forward weights of `layer`.
    fn after_update(&mut self, _layer: usize, _update: Update<'_>) {}

    /// The weight decay that the rule needs in an epoch, counted from 1, instead of that of the settings.
    fn weight_decay(&self, _epoch: usize) -> Option<f32> {
        None
    }

    /// Called after every update with the response of `layer` to the noise of the rule's description.
    fn after_noise(&mut self, _layer: usize, _response: Response<'_>) {}

    /// Called in a phase of measurement, with the effects measured so far for `layer`, `[n_in, n_out]`; an entry
    /// that was never estimated is 0.
    fn after_measurement(&mut self, _layer: usize, _effects: ArrayView2<'_, f32>) {}
}

/// What a rule is made of.
#[derive(Debug)]
pub struct Setup<'a> {
    /// Random feedback weights, uniform in ±1/√n_in, one `[n_in, n_out]` matrix a layer.
    pub feedback: Vec<Array2<f32>>,
    /// How many inputs each layer has: values of an image for a convolution, neurons for a fully connected layer.
    pub inputs: Vec<usize>,
    /// How many classes there are.
    pub classes: usize,
    /// The seed of everything random.
    pub seed: u32,
    /// What the rule can be set to.
    pub settings: OwnSettings<'a>,
}

/// How a rule is called and shown, what it needs, and how it is made.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Description {
    /// Its name in settings and records, such as `bp`.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// A word or two, for the end of a line in a chart.
    pub short: &'static str,
    /// What a network does that learns by it: half a sentence.
    pub explanation: &'static str,
    /// Among which rules it is shown.
    pub group: Group,
    /// A colour of the page's palette.
    pub color: &'static str,
    /// What a neuron must know for it: half a sentence.
    pub needs: &'static str,
    /// Its settings.
    #[serde(skip)]
    pub settings: &'static [OwnSetting],
    /// The noise that it learns from, if it does.
    #[serde(skip)]
    pub noise: Option<fn(OwnSettings<'_>) -> Noise>,
    /// What fills its feedback weights before each epoch, if anything does.
    #[serde(skip)]
    pub measurement: Option<measurement::Create>,
    /// Makes the rule.
    #[serde(skip)]
    pub create: fn(Setup<'_>) -> Box<dyn Rule>,
}

/// What kind of feedback weights a rule has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// The transpose of the forward weights.
    Exact,
    /// Random, and fixed.
    Random,
    /// The signs of the forward weights.
    Signs,
    /// Learned from firing rates.
    Rates,
    /// Learned from spikes.
    Spikes,
}

/// A setting of a single rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnSetting {
    /// Its name; together with that of the rule, as in `kp.decay`, it is unique.
    pub name: &'static str,
    /// What a person calls it.
    pub label: &'static str,
    /// A sentence on what it is for.
    pub help: &'static str,
    /// Its default.
    pub default: f64,
    /// The smallest value.
    pub low: f64,
    /// The largest value.
    pub high: f64,
    /// Whether it is a count.
    pub whole: bool,
}

impl Description {
    /// Its settings, by their whole names.
    pub fn settings(&self) -> impl Iterator<Item = Setting> {
        self.settings.iter().map(|own| Setting {
            name: format!("{}.{}", self.name, own.name),
            label: own.label,
            help: own.help,
            unit: "",
            advanced: true,
            default: own.default.to_string(),
            values: Values::Number { low: own.low, high: own.high, whole: own.whole },
        })
    }
}

/// The settings of rules that are not at their defaults, by their whole names, such as `kp.decay`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleSettings(BTreeMap<String, f64>);

impl RuleSettings {
    /// Sets `name` from text.
    ///
    /// # Errors
    /// [`Error::Setting`] when no rule has such a setting, or the text is no number in its range.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Error> {
        // What is no number is in no range.
        let value = text.parse().unwrap_or(f64::NAN);
        let setting = check_own(name, value, text)?;
        if value.to_string() == setting.default {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_string(), value);
        }
        Ok(())
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, &value)| (name.as_str(), value))
    }

    /// Checks that there are such settings, and that all are in their ranges.
    ///
    /// # Errors
    /// [`Error::Setting`] names the first that is not.
    pub fn validate(&self) -> Result<(), Error> {
        self.iter().try_for_each(|(name, value)| check_own(name, value, &value.to_string()).map(drop))
    }

    /// Those of one rule.
    pub fn of<'a>(&'a self, rule: &'a Description) -> OwnSettings<'a> {
        OwnSettings { all: self, rule }
    }
}

/// The setting of that name, if the value, written as `text`, is in its range.
fn check_own(name: &str, value: f64, text: &str) -> Result<Setting, Error> {
    let all = || RULES.iter().flat_map(|rule| rule.settings());
    let Some(setting) = all().find(|setting| setting.name == name) else {
        let names: Vec<_> = all().map(|setting| setting.name).collect();
        let range = if names.is_empty() { "nothing: no rule has settings".into() } else { names.join(", ") };
        return Err(Error::Setting {
            field: "rule_settings".into(),
            value: name.to_string(),
            range: format!("one of {range}"),
        });
    };
    if setting.values.contain(value) {
        return Ok(setting);
    }
    Err(Error::Setting { field: setting.name, value: text.to_string(), range: setting.values.range() })
}

/// The settings of one rule.
#[derive(Debug, Clone, Copy)]
pub struct OwnSettings<'a> {
    all: &'a RuleSettings,
    rule: &'a Description,
}

impl OwnSettings<'_> {
    /// The value of the rule's setting `name`.
    ///
    /// # Panics
    /// When the rule has not declared such a setting.
    pub fn get(&self, name: &str) -> f64 {
        let found = self.rule.settings.iter().find(|own| own.name == name);
        let own = found.unwrap_or_else(|| panic!("the rule {} declares no setting {name}", self.rule.name));
        self.all.0.get(&format!("{}.{name}", self.rule.name)).copied().unwrap_or(own.default)
    }
}

/// The name of a learning rule: one of [`RULES`], or one of a program's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleName(String);

impl RuleName {
    /// The rule of that name.
    ///
    /// # Errors
    /// [`Error::Setting`] when it is not in the list.
    pub fn description(&self) -> Result<&'static Description, Error> {
        RULES.iter().find(|rule| rule.name == self.0).copied().ok_or_else(|| Error::Setting {
            field: "rule".into(),
            value: self.0.clone(),
            range: Values::Choice { choices: choices() }.range(),
        })
    }
}

impl From<&str> for RuleName {
    fn from(name: &str) -> Self {
        Self(name.to_string())
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for RuleName {
    fn read(text: &str) -> Option<Self> {
        Some(text.into())
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// The rules, to choose one.
pub fn choices() -> Vec<Choice> {
    RULES.iter().map(|rule| Choice { value: rule.name, label: rule.title }).collect()
}

/// Random feedback weights, one `[n_in, n_out]` matrix for each of `shapes`, uniform in ±1/√n_in.
pub fn random_weights(shapes: &[[usize; 2]], generator: &mut Generator) -> Vec<Array2<f32>> {
    shapes
        .iter()
        .map(|&shape| {
            let bound = 1.0 / (shape[0] as f32).sqrt();
            Array2::from_shape_simple_fn(shape, || generator.random_range(-bound..bound))
        })
        .collect()
}

/// Which layers a learning rule acts on. Below, feedback is random and fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedbackLayers {
    /// All that have an error to send down.
    #[default]
    All,
    /// The fully connected ones, as in the paper.
    Dense,
}

impl FeedbackLayers {
    /// The two, to choose one.
    pub fn choices() -> Vec<Choice> {
        vec![
            Choice { value: "all", label: "all layers" },
            Choice { value: "dense", label: "fully connected layers only (the paper)" },
        ]
    }
}

impl Value for FeedbackLayers {
    fn read(text: &str) -> Option<Self> {
        match text {
            "all" => Some(Self::All),
            "dense" => Some(Self::Dense),
            _ => None,
        }
    }

    fn write(&self) -> String {
        match self {
            Self::All => "all".to_string(),
            Self::Dense => "dense".to_string(),
        }
    }
}
