//! Every setting of an experiment, with its default, its range and what it is for: declared once.
//!
//! The page's controls, the address of the page, the flags of the native program and a saved run are all views of
//! [`Configuration`] and of [`Configuration::settings`].

use crate::{
    Error,
    data::{self, DatasetName, MOST_TEST, MOST_TRAIN},
    feedback::{self, Description, FeedbackLayers, Noise, RuleName, RuleSettings},
    network::{NetworkSize, size},
    setting::{self, Choice, Setting, Value, Values},
    spiking::{EstimatorName, estimator, source::Shared},
};
use serde::{Deserialize, Serialize};

/// The most memory that an experiment may take, in MiB. A browser has 4 GiB for one.
pub const MOST_MEMORY: u64 = 1024;

/// Declares the fields of [`Configuration`], and for each its default, label, unit, whether it is advanced, its values,
/// and what it is for.
macro_rules! settings {
    ($($(#[doc = $help:literal])* $field:ident: $type:ty = $default:expr, $label:literal, $unit:literal, $level:ident, $values:expr;)*) => {
        /// Every setting of an experiment.
        ///
        /// ```
        /// use spikealign::configuration::Configuration;
        ///
        /// let mut configuration = Configuration { epochs: 2, ..Default::default() };
        /// configuration.set("rule", "fa")?;
        /// configuration.validate()?;
        /// assert_eq!(configuration.get("rule").as_deref(), Some("fa"));
        /// # Ok::<(), spikealign::Error>(())
        /// ```
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Configuration {
            $($(#[doc = $help])* pub $field: $type,)*
            /// Settings of single learning rules that differ from their defaults.
            pub rule_settings: RuleSettings,
        }

        impl Default for Configuration {
            /// The settings of the paper's protocol, on the scaled network and generated images.
            fn default() -> Self {
                Self { $($field: $default,)* rule_settings: RuleSettings::default() }
            }
        }

        impl Configuration {
            /// The description of every setting, in the order in which they are shown. Settings of rules are declared
            /// with the rules.
            pub fn settings() -> Vec<Setting> {
                // As a table, which is smaller than a program that makes them one by one.
                const DECLARED: &[(&str, &str, &str, &str, bool, fn() -> Values)] = &[$((
                    stringify!($field),
                    $label,
                    concat!($($help,)*),
                    $unit,
                    matches!(stringify!($level).as_bytes(), b"advanced"),
                    || $values,
                ),)*];
                let default = Self::default();
                let settings = DECLARED.iter().map(|&(name, label, help, unit, advanced, values)| Setting {
                    name: name.to_string(),
                    label,
                    help: help.trim(),
                    unit,
                    advanced,
                    default: default.get(name).unwrap_or_default(),
                    values: values(),
                });
                settings.collect()
            }

            /// A setting as text, if there is one of that name.
            pub fn get(&self, name: &str) -> Option<String> {
                match name {
                    $(stringify!($field) => Some(self.$field.write()),)*
                    _ => None,
                }
            }

            /// Sets a setting from text. Whether it is in its range, [`Configuration::validate`] says.
            ///
            /// # Errors
            /// [`Error::Setting`] for an unknown name, or invalid text.
            pub fn set(&mut self, name: &str, text: &str) -> Result<(), Error> {
                match name {
                    $(stringify!($field) => self.$field = read(name, text)?,)*
                    _ => self.rule_settings.set(name, text)?,
                }
                Ok(())
            }

            /// The numbers among the settings.
            fn numbers(&self) -> Vec<(&'static str, Option<f64>)> {
                vec![$((stringify!($field), self.$field.number()),)*]
            }
        }
    };
}

settings! {
    /// How errors are sent back through the network.
    rule: RuleName = "rdd".into(), "Learning rule", "", basic, Values::Choice { choices: feedback::choices() };
    /// How many training images to use, from the first.
    examples: usize = 60_000, "Images per epoch", "", basic, Values::whole(2.0, MOST_TRAIN as f64);
    /// Simulated time before each epoch, shared equally by the layers.
    rdd_seconds: f64 = 90.0, "Spiking phase per epoch", "s", basic, Values::number(0.0, 3_600.0);
    /// The same seed gives the same curves.
    seed: u32 = 1, "Seed", "", basic, Values::whole(0.0, u32::MAX as f64);
    /// Which images to learn from.
    dataset: DatasetName = DatasetName::default(), "Images", "", basic, Values::Choice { choices: data::choices() };
    /// Passes through the training images.
    epochs: usize = 6, "Epochs", "", advanced, Values::whole(1.0, 10_000.0);
    /// Layers that use the rule; below, feedback is random and fixed.
    feedback_layers: FeedbackLayers = FeedbackLayers::All, "Rule acts on", "", advanced,
        Values::Choice { choices: FeedbackLayers::choices() };
    /// How a neuron turns observations into an effect.
    estimator: EstimatorName = EstimatorName::default(), "Estimator", "", advanced,
        Values::Choice { choices: estimator::choices() };
    /// Who gets the spikes of a common source in the spiking phase.
    confounding: Shared = Shared::None, "Common source", "", advanced, Values::Choice { choices: Shared::choices() };
    /// Weight of a common source to the neurons above. From 512 neurons below, forward weights have about 100.
    confounding_gain: f64 = 1_000.0, "Strength of the source", "", advanced, Values::number(0.0, 10_000.0);
    /// `scaled`, `paper`, or four widths: two convolutions, two hidden layers.
    net: NetworkSize = NetworkSize::SCALED, "Network", "", advanced, Values::Text {
        pattern: r"(scaled|paper|[1-9]\d{0,3}(,[1-9]\d{0,3}){3})",
        choices: ["scaled", "paper", "8,16,64,32"].map(|value| Choice { value, label: value }).to_vec(),
    };
    /// How many test images to use, from the first.
    test_examples: usize = 10_000, "Test images", "", advanced, Values::whole(1.0, MOST_TEST as f64);
    /// Training images between measurements within an epoch; 0 measures only at its end.
    record_every: usize = 0, "Measure every", "images", advanced, Values::whole(0.0, MOST_TRAIN as f64);
    /// Step size of stochastic gradient descent.
    learning_rate: f64 = 0.01, "Learning rate", "", advanced, Values::number(0.0, 10.0);
    /// Share of the last step that the next one keeps.
    momentum: f64 = 0.9, "Momentum", "", advanced, Values::number(0.0, 0.999);
    /// How fast weights decay; some rules set their own.
    weight_decay: f64 = 0.0, "Weight decay", "", advanced, Values::number(0.0, 1.0);
    /// Softmax twice, in the network and in the loss, as in the authors' program.
    double_softmax: bool = false, "Double softmax", "", advanced, Values::Choice { choices: setting::SWITCH.to_vec() };
    /// Hold out the last tenth of the images to train with, and test on it.
    validation: bool = false, "Validation", "", advanced, Values::Choice { choices: setting::SWITCH.to_vec() };
    /// Training images per update of the weights.
    batch_size: usize = 32, "Batch size", "", advanced, Values::whole(2.0, 1_024.0);
    /// Rows, and columns, to which your own images are resized.
    image_size: usize = 32, "Image size", "pixels", advanced,
        Values::whole(*data::SIDES.start() as f64, *data::SIDES.end() as f64);
    /// Move training images by up to four pixels, and mirror half of them. Not for digits.
    augment: bool = false, "Augmentation", "", advanced, Values::Choice { choices: setting::SWITCH.to_vec() };
}

/// Reads the value of a setting.
fn read<T: Value>(name: &str, text: &str) -> Result<T, Error> {
    T::read(text).ok_or_else(|| {
        let setting = Configuration::settings().into_iter().find(|setting| setting.name == name);
        let range = match setting.map(|setting| setting.values) {
            Some(Values::Text { .. }) => NetworkSize::range(),
            Some(values) => values.range(),
            None => "a number".to_string(),
        };
        Error::Setting { field: name.to_string(), value: text.to_string(), range }
    })
}

impl Configuration {
    /// Checks that every setting is in its range, that the rule is one of the list, and that all together take no more
    /// than [`MOST_MEMORY`].
    ///
    /// # Errors
    /// [`Error::Setting`] names the first setting that is not, and its range.
    pub fn validate(&self) -> Result<(), Error> {
        self.validate_with(Some(self.rule.description()?))
    }

    /// The same with a rule that need not be in the list. Where it is not known, neither is the memory for its noise.
    pub(crate) fn validate_with(&self, rule: Option<&Description>) -> Result<(), Error> {
        self.net.validate()?;
        for (setting, (name, number)) in Self::settings().iter().zip(self.numbers()) {
            if let Some(number) = number
                && !setting.values.contain(number)
            {
                let value = self.get(name).unwrap_or_default();
                return Err(Error::Setting { field: name.into(), value, range: setting.values.range() });
            }
        }
        if self.examples < self.batch_size {
            return Err(Error::Setting {
                field: "examples".into(),
                value: self.examples.to_string(),
                range: format!("from {}, one batch, to {MOST_TRAIN}", self.batch_size),
            });
        }
        self.rule_settings.validate()?;
        let data::Dataset { shape, classes, .. } = *self.dataset.dataset();
        let [rows, columns, channels] = shape;
        let shape =
            if rows == 0 { [self.image_size, self.image_size, channels] } else { [rows, columns, channels] };
        // How many classes your own images have is not known yet.
        let classes = if classes.is_empty() { *data::CLASSES.end() } else { classes.len() };
        self.check_memory(rule, shape, classes)
    }

    /// Checks that an experiment with images `[rows, columns, channels]` takes no more than [`MOST_MEMORY`].
    pub(crate) fn check_memory(
        &self,
        rule: Option<&Description>,
        shape: [usize; 3],
        classes: usize,
    ) -> Result<(), Error> {
        let noise = rule.and_then(|rule| Some((rule.noise?)(self.rule_settings.of(rule))));
        let of_noise = match noise {
            Some(Noise::Alone { examples }) => examples,
            Some(Noise::Added { .. }) => self.batch_size,
            None => 0,
        };
        let memory = size::memory(self.net, shape, classes, self.batch_size, of_noise) >> 20;
        if memory <= MOST_MEMORY {
            return Ok(());
        }
        Err(Error::Setting {
            field: "net".into(),
            value: self.net.to_string(),
            range: format!(
                "smaller: with batches of {} images{} it takes about {memory} MiB of memory; the limit is \
                 {MOST_MEMORY} MiB",
                self.batch_size,
                if of_noise > 0 { format!(" and {of_noise} of noise") } else { String::new() }
            ),
        })
    }

    /// Whether two runs are one and the same, however far each goes: all but the epochs is equal.
    pub fn is_of_one_run(&self, other: &Self) -> bool {
        *self == Self { epochs: self.epochs, ..other.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_out_of_range_is_named_with_its_range() {
        assert_eq!(Configuration::default().validate(), Ok(()));
        let wrong = Configuration { rdd_seconds: f64::NAN, ..Default::default() };
        assert_eq!(
            wrong.validate().unwrap_err().to_string(),
            "`rdd_seconds` is NaN, but it must be from 0 to 3600"
        );
        let few = Configuration { examples: 31, ..Default::default() };
        let words = "`examples` is 31, but it must be from 32, one batch, to 60000";
        assert_eq!(few.validate().unwrap_err().to_string(), words);
        let unknown = Configuration { rule: "magic".into(), ..Default::default() };
        let error = unknown.validate().unwrap_err().to_string();
        assert!(error.starts_with("`rule` is magic, but it must be `bp`, "), "{error}");
    }

    #[test]
    fn every_setting_is_written_as_it_is_read_and_has_its_default_in_its_range() {
        let default = Configuration::default();
        let mut read = Configuration { seed: 9, epochs: 3, ..Default::default() };
        for setting in Configuration::settings() {
            assert_eq!(default.get(&setting.name), Some(setting.default.clone()), "{}", setting.name);
            read.set(&setting.name, &setting.default).unwrap();
            assert!(read.set(&setting.name, "no such thing").is_err() || setting.name == "rule");
            read.set(&setting.name, &setting.default).unwrap();
        }
        assert_eq!(read, default);
        for (name, text) in [("feedback_layers", "dense"), ("rule", "kp"), ("estimator", "fuzzy")] {
            read.set(name, text).unwrap();
            assert_eq!(read.get(name).as_deref(), Some(text));
        }
        for (name, text, words) in [
            ("net", "1,2", "`scaled`, `paper`, or four widths"),
            ("seed", "-1", "from 0 to 4294967295"),
            ("dataset", "cats", "`fashion-mnist`, "),
            ("magic", "1", "one of"),
        ] {
            let error = read.set(name, text).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_data_set_that_is_not_known_is_refused_as_it_is_read() {
        let read = |dataset: &str| {
            let mut configuration = serde_json::to_value(Configuration::default()).unwrap();
            configuration["dataset"] = dataset.into();
            serde_json::from_value::<Configuration>(configuration).map_err(|error| error.to_string())
        };
        assert_eq!(read("mnist").unwrap().get("dataset").as_deref(), Some("mnist"));
        let told = read("cats").unwrap_err();
        assert!(told.starts_with("`dataset` is cats, but it must be `"), "{told}");
    }

    #[test]
    fn a_network_too_large_is_refused() {
        let with = |net: &str, batch_size| Configuration {
            net: net.parse().unwrap(),
            batch_size,
            ..Default::default()
        };
        for net in ["scaled", "paper", "4096,1,8,6", "16,32,4096,1024"] {
            assert_eq!(with(net, 32).validate(), Ok(()), "{net}");
        }
        assert_eq!(with("paper", 1024).validate(), Ok(()));
        let error = with("4096,4096,4096,4096", 1024).validate().unwrap_err().to_string();
        let words =
            "`net` is 4096,4096,4096,4096, but it must be smaller: with batches of 1024 images it takes";
        assert!(error.starts_with(words), "{error}");
        assert!(with("4096,1,8,6", 1024).validate().is_err());
    }

    #[test]
    fn noise_counts_as_memory() {
        let wm =
            |net: &str| Configuration { net: net.parse().unwrap(), rule: "wm".into(), ..Default::default() };
        for net in ["scaled", "paper"] {
            let mut most = wm(net);
            most.set("wm.examples", "1024").unwrap();
            assert_eq!(most.validate(), Ok(()), "{net}");
        }
        let mut wide = Configuration { rule: "fa".into(), ..wm("4096,1,8,6") };
        assert_eq!(wide.validate(), Ok(()));
        wide.rule = "wm".into();
        wide.set("wm.examples", "1024").unwrap();
        let error = wide.validate().unwrap_err().to_string();
        assert!(error.contains("with batches of 32 images and 1024 of noise it takes about"), "{error}");
    }
}
