//! The widths of the network, the shapes that follow from them, and the memory that they take.

use super::convolution::Shape;
use super::pool;
use crate::Error;
use crate::setting::Value;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Images evaluated at once. The results don't depend on it.
pub(super) const EVALUATION_BATCH: usize = 32;

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

    /// What a size may be, in words that complete "it must be".
    pub fn range() -> String {
        format!("`scaled`, `paper`, or four widths from 1 to {}, such as `16,32,128,64`", Self::WIDEST)
    }

    /// Checks that every layer has a neuron or more, and not too many.
    ///
    /// # Errors
    /// [`Error::Setting`] when that is not so.
    pub fn validate(self) -> Result<(), Error> {
        let mut widths = self.channels.into_iter().chain(self.hidden);
        if widths.all(|width| (1..=Self::WIDEST).contains(&width)) {
            return Ok(());
        }
        Err(Error::Setting { field: "net".into(), value: self.to_string(), range: Self::range() })
    }
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
            _ => Err(Error::Setting { field: "net".into(), value: text.to_string(), range: Self::range() }),
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

impl Value for NetworkSize {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// The shapes of the convolutions, and the widths of the fully connected layers from the inputs up.
pub(super) fn shapes(
    size: NetworkSize,
    [rows, columns, channels]: [usize; 3],
    classes: usize,
) -> ([Shape; 2], [usize; 4]) {
    let first = Shape { input: [rows, columns, channels], channels: size.channels[0] };
    let second = Shape { input: pool::output(first.output()), channels: size.channels[1] };
    let flattened = pool::output(second.output()).iter().product();
    ([first, second], [flattened, size.hidden[0], size.hidden[1], classes])
}

/// How many bytes an experiment with such a network takes at most, besides its images, to learn from
/// batches of `batch` images `[rows, columns, channels]` by any rule, with `noise` examples of noise after each.
pub fn memory(size: NetworkSize, image: [usize; 3], classes: usize, batch: usize, noise: usize) -> u64 {
    /// What does not grow with the network: tables, copies of a few images.
    const BASE: u64 = 16 << 20;
    /// Per weight, in numbers of 4 bytes: itself, its gradient and its last change; two packed copies; its feedback,
    /// with the gradient by it; in the spiking phase, up to five numbers of an estimate, the effect, and copies; and
    /// briefly twice as many when a record is measured or a checkpoint is written or read. (125 were measured.)
    const OF_A_WEIGHT: u64 = 128;
    /// Columns to which packed matrices are filled up.
    const PACKED: usize = 16;
    /// Images that the blocks keep copies of, besides the batch.
    const COPIES: usize = 4;
    let (convolutions, widths) = shapes(size, image, classes);
    let weights = |[n_in, n_out]: [usize; 2]| n_in as u64 * n_out.next_multiple_of(PACKED) as u64;
    let of_convolutions = convolutions.iter().map(|shape| weights(shape.weight()));
    let of_dense = widths.windows(2).map(|pair| weights([pair[0], pair[1]]));
    let weights: u64 = of_convolutions.chain(of_dense).sum();
    // Products of all outputs of a layer with each other: of responses to noise, or of fixed weights.
    let outputs = convolutions.iter().map(|shape| shape.channels).chain(widths[1..].iter().copied());
    let products: u64 = outputs.map(|width| 4 * (width as u64).pow(2)).sum();
    // The activations, and four numbers for each that a block puts out; some fully connected inputs twice.
    let values = convolutions.iter().map(|shape| {
        let pooled: usize = pool::output(shape.output()).iter().product();
        (shape.input_size() + shape.output_size() + 4 * pooled) as u64
    });
    let of_an_image: u64 = 4 * (values.sum::<u64>() + 6 * widths.iter().sum::<usize>() as u64);
    let images = (batch.max(EVALUATION_BATCH) + COPIES) as u64;
    // Noise goes through one layer at a time: the noise, the layer's input, its output with the noise and without, and
    // two packed copies of that.
    let [_, second] = convolutions;
    let dense = widths.windows(2).map(|pair| [pair[0], pair[1].next_multiple_of(PACKED)]);
    let layers = dense.chain([[second.input_size(), second.output_size()]]);
    let of_noise: usize = layers.map(|[n_in, n_out]| 4 * (2 * n_in + 4 * n_out)).max().unwrap_or(0);
    BASE + OF_A_WEIGHT * weights + products + of_an_image * images + (of_noise * noise) as u64
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

    /// What the native program took at most, in MiB, to learn by `rdd` from garments and to resume from a checkpoint,
    /// with the estimator that keeps most, `innovation`: 0.2 s a layer, in batches of 32, as the system counts it.
    #[test]
    fn the_memory_is_at_least_what_was_measured() {
        for (net, measured) in [("4,4,1500,1000", 195), ("4,512,200,16", 210), ("200,400,32,16", 317)] {
            let bound = memory(net.parse().unwrap(), [28, 28, 1], 10, 32, 0) >> 20;
            assert!(bound >= measured, "{net}: {bound}");
        }
    }
}
