//! Every setting of an experiment, with its default and the range it allows.
//!
//! The page's controls, the address of the page, the flags of the native program and a saved run
//! are all views of [`Configuration`]; a field's doc comment is also the help text of its flag.

use crate::{
    Error,
    data::{CLASSES, MOST_TEST, MOST_TRAIN, SIDE},
    network,
    spiking::EstimatorName,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The most memory that an experiment may take, in MiB. A browser has 4 GiB for one.
pub const MOST_MEMORY: u64 = 1024;

/// Which images to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Dataset {
    /// Clothing silhouettes drawn by the program from a seed: always at hand.
    Garments,
    /// Fashion-MNIST, from its four official files.
    FashionMnist,
}

/// Which learning rule sends errors back: see [`crate::feedback`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum RuleName {
    /// Backpropagation: errors return through the transpose of the forward weights.
    Bp,
    /// Feedback alignment: errors return through fixed random weights.
    Fa,
    /// Spiking regression discontinuity: neurons measure their causal effects at threshold.
    Rdd,
}

/// The widths of the rate network: two convolutions, two hidden fully connected layers.
///
/// Written `scaled` (16, 32, 128, 64), `paper` (64, 64, 384, 192), or as four numbers: `16,32,128,64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NetworkSize {
    /// Output channels of the two convolutions.
    pub channels: [usize; 2],
    /// Neurons of the two hidden fully connected layers.
    pub hidden: [usize; 2],
}

impl NetworkSize {
    /// The network of the page: trains in a minute.
    pub const SCALED: Self = Self { channels: [16, 32], hidden: [128, 64] };
    /// The network of the paper.
    pub const PAPER: Self = Self { channels: [64, 64], hidden: [384, 192] };
    /// The widest a layer may be.
    pub const WIDEST: usize = 4096;
}

impl FromStr for NetworkSize {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "scaled" => return Ok(Self::SCALED),
            "paper" => return Ok(Self::PAPER),
            _ => {}
        }
        let widths: Result<Vec<usize>, _> = text.split(',').map(|part| part.trim().parse()).collect();
        match widths.as_deref() {
            Ok(&[a, b, c, d]) if [a, b, c, d].iter().all(|width| (1..=Self::WIDEST).contains(width)) => {
                Ok(Self { channels: [a, b], hidden: [c, d] })
            }
            _ => Err(Error::Setting {
                field: "net",
                value: text.to_string(),
                range: format!(
                    "`scaled`, `paper`, or four widths from 1 to {}, such as `16,32,128,64`",
                    Self::WIDEST
                ),
            }),
        }
    }
}

impl fmt::Display for NetworkSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::SCALED => f.write_str("scaled"),
            Self::PAPER => f.write_str("paper"),
            Self { channels: [a, b], hidden: [c, d] } => write!(f, "{a},{b},{c},{d}"),
        }
    }
}

impl TryFrom<String> for NetworkSize {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<NetworkSize> for String {
    fn from(size: NetworkSize) -> Self {
        size.to_string()
    }
}

/// Every setting of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub struct Configuration {
    /// Which images to learn from
    #[cfg_attr(feature = "cli", arg(long, value_enum, default_value = "garments"))]
    pub dataset: Dataset,
    /// Which learning rule sends errors back
    #[cfg_attr(feature = "cli", arg(long, value_enum, default_value = "rdd"))]
    pub rule: RuleName,
    /// Widths of the network: `scaled`, `paper`, or four numbers such as `16,32,128,64`
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().net))]
    pub net: NetworkSize,
    /// Seed of everything random
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().seed))]
    pub seed: u32,
    /// How often to go through the training images
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().epochs))]
    pub epochs: usize,
    /// How many training images to use: the first N
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().examples))]
    pub examples: usize,
    /// How many test images to use: the first N
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().test_examples))]
    pub test_examples: usize,
    /// Also measure after every N training images within an epoch; 0 measures at its end only
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().record_every))]
    pub record_every: usize,
    /// Seconds of simulated time in the spiking phase of each epoch, a third per layer pair
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().rdd_seconds))]
    pub rdd_seconds: f64,
    /// How a spiking neuron estimates its causal effects from its windows
    #[cfg_attr(feature = "cli", arg(long, value_enum, default_value_t))]
    pub estimator: EstimatorName,
    /// Step size of stochastic gradient descent
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().learning_rate))]
    pub learning_rate: f32,
    /// Momentum of stochastic gradient descent
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().momentum))]
    pub momentum: f32,
    /// Training images per update
    #[cfg_attr(feature = "cli", arg(long, default_value_t = Self::default().batch_size))]
    pub batch_size: usize,
}

impl Default for Configuration {
    /// The settings of the paper's protocol, on the scaled network and generated images.
    fn default() -> Self {
        Self {
            dataset: Dataset::Garments,
            rule: RuleName::Rdd,
            net: NetworkSize::SCALED,
            seed: 1,
            epochs: 6,
            examples: 60_000,
            test_examples: 10_000,
            record_every: 0,
            rdd_seconds: 90.0,
            estimator: EstimatorName::Gradient,
            learning_rate: 0.01,
            momentum: 0.9,
            batch_size: 32,
        }
    }
}

impl Configuration {
    /// Checks that every setting is in its range, and that all together take no more than
    /// [`MOST_MEMORY`].
    ///
    /// # Errors
    /// [`Error::Setting`] names the first setting that is not, and its range.
    pub fn validate(&self) -> Result<(), Error> {
        fn within<T: PartialOrd + fmt::Display>(
            field: &'static str,
            value: T,
            low: T,
            high: T,
        ) -> Result<(), Error> {
            // NaN is in no range: it compares false with both ends.
            if value >= low && value <= high {
                return Ok(());
            }
            Err(Error::Setting { field, value: value.to_string(), range: format!("from {low} to {high}") })
        }
        let widest = NetworkSize::WIDEST;
        for width in self.net.channels.into_iter().chain(self.net.hidden) {
            within("net", width, 1, widest)?;
        }
        within("epochs", self.epochs, 1, 10_000)?;
        within("examples", self.examples, self.batch_size.max(1), MOST_TRAIN)?;
        within("test_examples", self.test_examples, 1, MOST_TEST)?;
        within("record_every", self.record_every, 0, MOST_TRAIN)?;
        within("rdd_seconds", self.rdd_seconds, 0.0, 3_600.0)?;
        within("learning_rate", self.learning_rate, 0.0, 10.0)?;
        within("momentum", self.momentum, 0.0, 0.999)?;
        within("batch_size", self.batch_size, 2, 1_024)?;
        let memory = network::memory(self.net, [SIDE; 2], CLASSES.len(), self.batch_size) >> 20;
        if memory <= MOST_MEMORY {
            return Ok(());
        }
        Err(Error::Setting {
            field: "net",
            value: self.net.to_string(),
            range: format!(
                "smaller: with batches of {} images it takes about {memory} MiB of memory, and {MOST_MEMORY} \
                 MiB are the most",
                self.batch_size
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_they_are_written() {
        for text in ["scaled", "paper", "3,5,7,11"] {
            assert_eq!(text.parse::<NetworkSize>().unwrap().to_string(), text);
        }
        assert_eq!("16,32,128,64".parse(), Ok(NetworkSize::SCALED));
        for text in ["", "16,32,128", "0,32,128,64", "16,32,128,9999999", "a,b,c,d", "huge"] {
            assert!(text.parse::<NetworkSize>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_setting_out_of_range_is_named_with_its_range() {
        assert_eq!(Configuration::default().validate(), Ok(()));
        let wrong = Configuration { rdd_seconds: f64::NAN, ..Default::default() };
        assert_eq!(
            wrong.validate().unwrap_err().to_string(),
            "`rdd_seconds` is NaN, but it must be from 0 to 3600"
        );
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
}
