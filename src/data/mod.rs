//! Images and labels: one door for every data set.
//!
//! Data enters here once, is kept as the bytes that it came as, and is turned into the numbers that the network sees,
//! image by image, by [`Images::normalise`]. A new data set is a file here, and its name in the list [`DATASETS`].

#[cfg(feature = "readers")]
pub mod archive;
mod augment;
mod cifar;
#[cfg(feature = "readers")]
mod class_folders;
mod emnist;
pub mod idx;
mod images;
mod matlab;
mod mnist_family;
#[cfg(feature = "readers")]
pub mod picture;
#[cfg(feature = "readers")]
mod recognise;
#[cfg(feature = "readers")]
mod resize;
#[cfg(feature = "readers")]
pub mod voc;

pub use augment::augment;
pub use images::{Images, Split};
#[cfg(feature = "readers")]
pub use recognise::{Found, checksum, owner, recognise};

use crate::{
    Error,
    registry::registry,
    setting::{Choice, Value, Values},
};
use serde::{Deserialize, Serialize};
use std::{fmt, io::Read, ops::RangeInclusive};

registry! {
    /// Every data set, in the order in which they are shown.
    pub static DATASETS: [Dataset] = DATASET of {
        fashion_mnist,
        garments,
        mnist,
        kmnist,
        qmnist,
        emnist_balanced,
        emnist_letters,
        emnist_byclass,
        cifar_10,
        cifar_100,
        svhn,
        svhn_extra,
        #[cfg(any(feature = "readers", target_arch = "wasm32"))]
        voc_2007,
        #[cfg(any(feature = "readers", target_arch = "wasm32"))]
        voc_2012,
        #[cfg(any(feature = "readers", target_arch = "wasm32"))]
        folder,
    }
}

/// Rows, and columns, that an image may have.
pub const SIDES: RangeInclusive<usize> = 20..=96;
/// How many classes there may be.
pub const CLASSES: RangeInclusive<usize> = 2..=100;
/// The most training images that are used of a data set.
pub const MOST_TRAIN: usize = 60_000;
/// The most test images that are used of a data set.
pub const MOST_TEST: usize = 10_000;

/// CRC-32, as in gzip, with a small table, to save download.
pub(crate) static CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// What is known of a data set.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Dataset {
    /// Its name in settings, such as `fashion-mnist`.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Rows, columns and channels of an image; no rows and columns where a setting says how many.
    pub shape: [usize; 3],
    /// The names of the classes, by label; none where they come with the images.
    pub classes: &'static [&'static str],
    /// How pixels become inputs of the network, if it is known before the images are.
    #[serde(skip)]
    pub normalisation: Option<Normalisation>,
    /// Where the images come from.
    #[serde(skip)]
    pub source: Source,
}

/// Mean and standard deviation of the pixels of the training images, 0–1, by channel: red, green, blue, or only the
/// first for grey images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normalisation {
    /// The means.
    pub mean: [f32; 3],
    /// The standard deviations.
    pub deviation: [f32; 3],
}

impl Normalisation {
    /// That of grey images.
    pub const fn grey(mean: f32, deviation: f32) -> Self {
        Self { mean: [mean; 3], deviation: [deviation; 3] }
    }
}

/// Where the images of a data set come from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// The program draws them: so many training and test images of a seed.
    Drawn(fn(seed: u32, counts: [usize; 2]) -> [Split; 2]),
    /// Official files.
    Files(&'static OfficialFiles),
    /// Arrays: the page's core leaves it to the package in `readers/` to read what is dropped.
    #[cfg(target_arch = "wasm32")]
    Arrays,
    /// Pictures, which are decoded and resized.
    #[cfg(feature = "readers")]
    Pictures(&'static Pictures),
}

impl Source {
    /// Official files that do not lie beside the page.
    #[cfg(any(feature = "readers", not(target_arch = "wasm32")))]
    const fn files(official: &'static OfficialFiles) -> Self {
        Self::Files(official)
    }

    /// Official files that do not lie beside the page: its core is without their readers.
    #[cfg(not(any(feature = "readers", not(target_arch = "wasm32"))))]
    const fn files(_: &'static OfficialFiles) -> Self {
        Self::Arrays
    }
}

/// Not so in the page's core, which knows less of data sets: it reads only those that lie beside the page.
const READS_ALL: bool = cfg!(any(feature = "readers", not(target_arch = "wasm32")));

/// The names of the classes of a data set that does not lie beside the page: its core gets them with the images.
const fn named(classes: &'static [&'static str]) -> &'static [&'static str] {
    if READS_ALL { classes } else { &[] }
}

/// Who publishes a data set, and what.
#[derive(Debug)]
pub struct Publisher {
    /// Where it is kept. (The checksums vouch for what comes over plain HTTP.)
    pub address: &'static str,
    /// The folder of the cache that it is downloaded into; sets of one publisher may share it.
    pub folder: &'static str,
    /// What is downloaded: official files, or archives that they are in.
    pub downloads: &'static [Download],
}

/// Pictures in folders and archives.
#[cfg(feature = "readers")]
#[derive(Debug)]
pub struct Pictures {
    /// Who publishes them; nobody, if they are the reader's own.
    pub publisher: Option<Publisher>,
    /// Whether a file of this path is one of its own.
    pub has: fn(path: &str) -> bool,
    /// Reads those that are wanted from a folder or an archive.
    pub read: fn(place: &dyn archive::Place, wanted: &Wanted) -> Result<Images, Error>,
}

/// Which of the pictures are wanted, and how.
#[cfg(feature = "readers")]
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// How many training and test images, or all if there are fewer.
    pub counts: [usize; 2],
    /// What draws their order and, where nothing says which to test with, those.
    pub seed: u32,
    /// Rows, and columns, of an image, if the data set leaves that open.
    pub size: usize,
}

/// Reads the first `counts` training and test images from official files.
type ReadFiles = fn(files: Vec<File<'_>>, counts: [usize; 2], extent: Extent) -> Result<[Split; 2], Error>;

/// The official files of a data set.
#[derive(Debug)]
pub struct OfficialFiles {
    /// Who publishes them.
    pub publisher: Publisher,
    /// The files.
    pub files: &'static [OfficialFile],
    /// Tells which of the files this is, from its first bytes, unpacked, and its name.
    pub identify: fn(beginning: &[u8], name: &str) -> Option<usize>,
    /// Reads the first training and test images from the files, which come in the order of `files`.
    pub(crate) read: ReadFiles,
}

/// One of the official files of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OfficialFile {
    /// Its name; unpacked, without `.gz`.
    pub name: &'static str,
    /// What is in it, for people.
    pub label: &'static str,
    /// Which images it is about.
    pub split: Part,
    /// Bytes before its first item, unpacked.
    pub header: usize,
    /// Bytes of an item, unpacked.
    pub item: usize,
}

/// What a publisher offers for download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Download {
    /// Its name, also in the address.
    pub name: &'static str,
    /// Its length in bytes.
    pub length: u64,
    /// Its SHA-256 checksum.
    pub sha256: &'static str,
}

/// Which images of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Those to learn from.
    Train = 0,
    /// Those to test with.
    Test = 1,
}

/// A file to be read, unpacked, wherever its bytes are.
pub struct File<'a> {
    /// Its bytes, in order.
    pub reader: Box<dyn Read + 'a>,
    /// How many there are at most.
    pub available: usize,
}

impl<'a> File<'a> {
    /// Bytes in memory, plain or gzipped.
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        if bytes.starts_with(&idx::GZIP) {
            // Deflate packs at most 1032 bytes into one.
            let available = bytes.len().saturating_mul(1032);
            Self { reader: Box::new(flate2::bufread::MultiGzDecoder::new(bytes)), available }
        } else {
            Self { reader: Box::new(bytes), available: bytes.len() }
        }
    }
}

/// How much of a file the bytes at hand are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it: it is checked to its last byte.
    Whole,
    /// Its beginning, which may end anywhere after the items that are asked for: a file that is still arriving.
    Beginning,
}

impl Dataset {
    /// Its official files; none of a set that is drawn, or of pictures.
    pub fn files(&self) -> &'static [OfficialFile] {
        match self.source {
            Source::Files(official) => official.files,
            _ => &[],
        }
    }
}

/// The name of one of [`DATASETS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DatasetName(usize);

impl DatasetName {
    /// What is known of the data set.
    pub fn dataset(self) -> &'static Dataset {
        DATASETS[self.0]
    }
}

impl Default for DatasetName {
    /// The one that is always at hand.
    fn default() -> Self {
        Self::read(garments::DATASET.name).unwrap_or(Self(0))
    }
}

impl fmt::Display for DatasetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.dataset().name)
    }
}

impl Value for DatasetName {
    fn read(text: &str) -> Option<Self> {
        DATASETS.iter().position(|dataset| dataset.name == text).map(Self)
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl TryFrom<String> for DatasetName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let range = Values::Choice { choices: choices() }.range();
        Self::read(&text).ok_or(Error::Setting { field: "dataset".into(), value: text, range })
    }
}

impl From<DatasetName> for String {
    fn from(name: DatasetName) -> Self {
        name.to_string()
    }
}

/// The data sets, to choose one.
pub fn choices() -> Vec<Choice> {
    DATASETS.iter().map(|dataset| Choice { value: dataset.name, label: dataset.title }).collect()
}
