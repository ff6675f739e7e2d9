//! What the parts of EMNIST (Cohen et al. 2017) have in common: one archive, whose images lie on their side.

use super::mnist_family::{Layout, MNIST};
use super::{Download, Publisher};

/// One archive has every part.
pub(super) const PUBLISHER: Publisher = Publisher {
    address: "https://biometrics.nist.gov/cs_links/EMNIST",
    folder: "emnist",
    downloads: &[Download {
        name: "gzip.zip",
        length: 561_753_746,
        sha256: "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
    }],
};

/// What every part differs in from MNIST.
pub(super) const LAYOUT: Layout = Layout { is_transposed: true, ..MNIST };

/// Digits, capitals and small letters.
#[rustfmt::skip]
pub(super) const CHARACTERS: [&str; 62] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
    "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z",
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
    "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z",
];
