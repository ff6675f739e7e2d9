//! The images of an experiment, as the bytes that they came as.

use super::{
    CHECKSUM, CLASSES, Dataset, DatasetName, Extent, File, MOST_TEST, MOST_TRAIN, Normalisation, SIDES,
    Source, garments,
};
use crate::Error;

/// All images of a data set that an experiment uses.
#[derive(Debug, Clone, PartialEq)]
pub struct Images {
    shape: [usize; 3],
    classes: Vec<String>,
    normalisation: Normalisation,
    train: Split,
    test: Split,
}

/// Images and their labels, to train or to test with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Values of the pixels, `[count, rows, columns, channels]`.
    pub pixels: Vec<u8>,
    /// Indices into the classes, `[count]`.
    pub labels: Vec<u8>,
}

impl Images {
    /// Images of one's own, `[rows, columns, channels]` with 1 or 3 channels, whose labels are indices into `classes`.
    /// Without a `normalisation`, mean and deviation are those of the training images.
    ///
    /// ```
    /// use spikealign::data::{Images, Split};
    ///
    /// let [bright, dark] = [200, 50].map(|value| [value; 32 * 32 * 3]);
    /// let split = Split { pixels: [bright, dark].concat(), labels: vec![0, 1] };
    /// let classes = vec!["bright".to_string(), "dark".to_string()];
    /// let images = Images::new([32, 32, 3], classes, None, [split.clone(), split])?;
    /// assert_eq!(images.test().label(1), 1);
    /// # Ok::<(), spikealign::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Data`] says what cannot be learned from: images of another size, too few or too many classes, labels
    /// that are none of them.
    pub fn new(
        shape: [usize; 3],
        classes: Vec<String>,
        normalisation: Option<Normalisation>,
        [train, test]: [Split; 2],
    ) -> Result<Self, Error> {
        let problem = |problem: String| Err(Error::Data { name: "The images".into(), problem });
        let [rows, columns, channels] = shape;
        if ![rows, columns].iter().all(|side| SIDES.contains(side)) || ![1, 3].contains(&channels) {
            let (low, high) = SIDES.into_inner();
            return problem(format!(
                "have {rows} × {columns} pixels in {channels} channel(s), but must have from {low} to {high} rows and \
                 columns, in 1 channel or 3: resize them"
            ));
        }
        check_classes(classes.len())?;
        for (split, part) in [(&train, "training"), (&test, "test")] {
            if split.pixels.len() != split.labels.len() * rows * columns * channels {
                return problem(format!("for {part} are not as many as their labels"));
            }
            if let Some(label) = split.labels.iter().find(|&&label| usize::from(label) >= classes.len()) {
                return problem(format!(
                    "for {part} have a label {label}, but the {} classes are numbered from 0",
                    classes.len()
                ));
            }
        }
        let normalisation = normalisation.unwrap_or_else(|| measure(&train.pixels, channels));
        Ok(Self { shape, classes, normalisation, train, test })
    }

    /// The first `train` training and `test` test images of a data set: drawn from `seed`, or read from its official
    /// files, which come in the order of [`Dataset::files`]. (A `seed` does not matter to files, nor files to a set
    /// that is drawn.)
    ///
    /// `extent` says whether the files must be whole, or may be beginnings that hold at least the images asked for.
    ///
    /// ```
    /// use spikealign::data::{DatasetName, Extent, Images};
    ///
    /// let images = Images::open(DatasetName::default(), Vec::new(), 1, [32, 10], Extent::Whole)?;
    /// assert_eq!((images.train().len(), images.test().len()), (32, 10));
    /// assert_eq!(images.shape(), [28, 28, 1]);
    /// # Ok::<(), spikealign::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`] for more images than an experiment may use; [`Error::Data`] names the file that is not what
    /// it should be, and what is wrong with it.
    pub fn open(
        dataset: DatasetName,
        files: Vec<File<'_>>,
        seed: u32,
        [train, test]: [usize; 2],
        extent: Extent,
    ) -> Result<Self, Error> {
        for (field, count, most) in [("examples", train, MOST_TRAIN), ("test_examples", test, MOST_TEST)] {
            if count > most {
                let (field, value) = (field.into(), count.to_string());
                return Err(Error::Setting { field, value, range: format!("at most {most}") });
            }
        }
        let Dataset { shape, classes, normalisation, source, title, .. } = *dataset.dataset();
        let splits = match source {
            Source::Drawn(draw) => draw(seed, [train, test]),
            Source::Files(official) if files.len() == official.files.len() => {
                (official.read)(files, [train, test], extent)?
            }
            #[cfg(feature = "readers")]
            Source::Pictures(_) => {
                let problem = "are pictures in a folder, which are read by `Pictures::read`".to_string();
                return Err(Error::Data { name: title.to_string(), problem });
            }
            #[cfg(target_arch = "wasm32")]
            Source::Arrays => {
                let problem = "has no files here: drop its files on the page".to_string();
                return Err(Error::Data { name: title.to_string(), problem });
            }
            Source::Files(official) => {
                let problem = format!("has {} files, but {} were given", official.files.len(), files.len());
                return Err(Error::Data { name: title.to_string(), problem });
            }
        };
        let [train, test] = splits;
        let normalisation = normalisation.unwrap_or_else(|| measure(&train.pixels, shape[2]));
        Ok(Self { shape, classes: names(classes), normalisation, train, test })
    }

    /// The generated set: the first `train` training and `test` test images of `seed`.
    ///
    /// ```
    /// let images = spikealign::data::Images::garments(7, 100, 10);
    /// assert_eq!(images.classes()[images.test().label(0) as usize].is_empty(), false);
    /// ```
    pub fn garments(seed: u32, train: usize, test: usize) -> Self {
        let Dataset { shape, classes, .. } = garments::DATASET;
        let [train, test] = garments::draw(seed, [train, test]);
        Self { shape, classes: names(classes), normalisation: garments::NORMALISATION, train, test }
    }

    /// Rows, columns and channels of an image.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// The names of the classes, by label.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// How pixels become inputs of the network.
    pub fn normalisation(&self) -> Normalisation {
        self.normalisation
    }

    /// Values of an image.
    fn size(&self) -> usize {
        self.shape.iter().product()
    }

    /// A checksum of the first `train` training and `test` test images with their labels, fewer if there
    /// are fewer: it tells one set from another, not from a forgery.
    pub fn checksum(&self, train: usize, test: usize) -> u32 {
        let mut hasher = CHECKSUM.digest();
        for (split, count) in [(&self.train, train), (&self.test, test)] {
            let count = count.min(split.len());
            hasher.update(&split.pixels[..count * self.size()]);
            hasher.update(&split.labels[..count]);
        }
        hasher.finalize()
    }

    /// The images to learn from.
    pub fn train(&self) -> &Split {
        &self.train
    }

    /// The images to test with, which are never learned from.
    pub fn test(&self) -> &Split {
        &self.test
    }

    /// Turns the values of an image into what the network sees: with mean 0 and standard deviation 1 over the pixels
    /// of the training images. Both slices have the same length.
    pub fn normalise(&self, image: &[u8], input: &mut [f32]) {
        let Normalisation { mean, deviation } = self.normalisation;
        let channels = self.shape[2];
        debug_assert_eq!(image.len(), input.len());
        for (input, pixel) in input.chunks_exact_mut(channels).zip(image.chunks_exact(channels)) {
            for (((x, &value), mean), deviation) in input.iter_mut().zip(pixel).zip(mean).zip(deviation) {
                *x = (f32::from(value) / 255.0 - mean) / deviation;
            }
        }
    }
}

/// Checks how many classes there are.
///
/// # Errors
/// [`Error::Data`] for too few or too many.
pub(super) fn check_classes(count: usize) -> Result<(), Error> {
    let (fewest, most) = CLASSES.into_inner();
    let problem = if count < fewest {
        format!("are of {count} class(es): at least {fewest} are needed, to tell apart")
    } else if count > most {
        format!("are of {count} classes, but {most} are the most: leave some out")
    } else {
        return Ok(());
    };
    Err(Error::Data { name: "The images".into(), problem })
}

fn names(classes: &[&str]) -> Vec<String> {
    classes.iter().map(ToString::to_string).collect()
}

/// Mean and deviation of `pixels`, by channel. A channel that never changes has deviation 1, and stays 0.
fn measure(pixels: &[u8], channels: usize) -> Normalisation {
    // Sums of whole numbers: exact, whatever their order.
    let (mut sums, mut squares) = ([0u64; 3], [0u64; 3]);
    for pixel in pixels.chunks_exact(channels) {
        for ((sum, square), &value) in sums.iter_mut().zip(&mut squares).zip(pixel) {
            *sum += u64::from(value);
            *square += u64::from(value).pow(2);
        }
    }
    let count = (pixels.len() / channels).max(1) as f64;
    let mean = sums.map(|sum| sum as f64 / count);
    let deviation = [0, 1, 2].map(|channel| {
        let variance = squares[channel] as f64 / count - mean[channel].powi(2);
        if variance > 0.0 { variance.sqrt() / 255.0 } else { 1.0 }
    });
    Normalisation { mean: mean.map(|mean| (mean / 255.0) as f32), deviation: deviation.map(|one| one as f32) }
}

impl Split {
    /// How many images there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The values of image `i`, `[rows, columns, channels]`: 0 is black.
    ///
    /// # Panics
    /// When `i` is not below [`len`](Self::len).
    pub fn image(&self, i: usize) -> &[u8] {
        let size = self.pixels.len() / self.labels.len();
        &self.pixels[i * size..(i + 1) * size]
    }

    /// The class of image `i`.
    ///
    /// # Panics
    /// When `i` is not below [`len`](Self::len).
    pub fn label(&self, i: usize) -> u8 {
        self.labels[i]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::Value;

    const COLOUR: [usize; 3] = [20, 24, 3];

    /// One image of each of these classes, whose pixels are all of one colour.
    fn split(images: &[(u8, [u8; 3])]) -> Split {
        let pixels = images.iter().flat_map(|(_, colour)| colour.repeat(COLOUR[0] * COLOUR[1]));
        Split { pixels: pixels.collect(), labels: images.iter().map(|(label, _)| *label).collect() }
    }

    fn classes(count: usize) -> Vec<String> {
        (0..count).map(|class| format!("class {class}")).collect()
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_training_images_by_channel() {
        let train = split(&[(0, [0, 51, 255]), (1, [255, 102, 255])]);
        let images = Images::new(COLOUR, classes(2), None, [train, split(&[(1, [0, 0, 0])])]).unwrap();
        let mut input = [0.0; 6];
        images.normalise(&[255, 51, 255, 0, 102, 0], &mut input);
        approx::assert_abs_diff_eq!(input[..], [1.0, -1.0, 0.0, -1.0, 1.0, -1.0][..], epsilon = 1e-6);
    }

    #[test]
    fn another_number_of_files_than_a_set_has_is_refused() {
        for name in crate::data::choices() {
            let dataset = DatasetName::read(name.value).unwrap();
            let Source::Files(official) = dataset.dataset().source else { continue };
            for count in [0, official.files.len() - 1, official.files.len() + 1] {
                let files = (0..count).map(|_| File::from_bytes(&[])).collect();
                let error = Images::open(dataset, files, 1, [1, 1], Extent::Whole).unwrap_err().to_string();
                assert!(error.ends_with(&format!("files, but {count} were given")), "{error}");
            }
        }
    }

    #[test]
    fn what_cannot_be_learned_from_is_refused_in_words() {
        let two = || split(&[(0, [1, 2, 3]), (1, [4, 5, 6])]);
        let problem = |shape, count, train| {
            Images::new(shape, classes(count), None, [train, two()]).unwrap_err().to_string()
        };
        for (found, words) in [
            (problem([19, 24, 3], 2, two()), "from 20 to 96 rows"),
            (problem([20, 97, 3], 2, two()), "have 20 × 97 pixels"),
            (problem([20, 24, 2], 2, two()), "in 1 channel or 3"),
            (problem(COLOUR, 1, two()), "of 1 class(es): at least 2"),
            (problem(COLOUR, 101, two()), "100 are the most"),
            (problem([20, 25, 3], 2, two()), "not as many as their labels"),
            (problem(COLOUR, 2, split(&[(2, [0; 3])])), "have a label 2, but the 2 classes"),
        ] {
            assert!(found.contains(words), "{words}: {found}");
        }
    }

    #[test]
    fn as_many_images_and_classes_as_are_allowed_are_taken() {
        let clothes = DatasetName::read("fashion-mnist").unwrap();
        let problem =
            |counts| Images::open(clothes, Vec::new(), 1, counts, Extent::Whole).unwrap_err().to_string();
        assert!(problem([MOST_TRAIN, MOST_TEST]).contains("0 were given"));
        assert!(problem([MOST_TRAIN + 1, 1]).starts_with("`examples` is "));
        assert!(problem([1, MOST_TEST + 1]).starts_with("`test_examples` is "));
        let two = || split(&[(0, [1, 2, 3]), (1, [4, 5, 6])]);
        assert!(Images::new(COLOUR, classes(100), None, [two(), two()]).is_ok());
    }

    #[test]
    fn a_checksum_is_of_the_images_and_labels_that_are_used() {
        type Change = fn(&mut [Split; 2]);
        let checksum = |change: Change, counts: [usize; 2]| {
            let mut splits = [(); 2].map(|()| split(&[(0, [1, 2, 3]), (1, [4, 5, 6])]));
            change(&mut splits);
            Images::new(COLOUR, classes(2), None, splits).unwrap().checksum(counts[0], counts[1])
        };
        let as_it_was = |counts| checksum(|_| {}, counts);
        let changes: [(Change, [usize; 2]); 4] = [
            (|[train, _]| *train.pixels.last_mut().unwrap() = 0, [2, 1]),
            (|[train, _]| train.labels[1] = 0, [2, 1]),
            (|[_, test]| *test.pixels.last_mut().unwrap() = 0, [1, 2]),
            (|[_, test]| test.labels[1] = 0, [1, 2]),
        ];
        for (change, used) in changes {
            assert_ne!(checksum(change, used), as_it_was(used));
            assert_eq!(checksum(change, [1, 1]), as_it_was([1, 1]));
        }
        assert_eq!(as_it_was([9, 9]), as_it_was([2, 2]));
        assert!(!split(&[(0, [0; 3])]).is_empty() && split(&[]).is_empty());
    }

    #[test]
    fn files_have_headers_and_items_of_their_published_layouts() {
        for name in crate::data::choices() {
            let Source::Files(official) = DatasetName::read(name.value).unwrap().dataset().source else {
                continue;
            };
            let images = [16, 28 * 28];
            let expected = match name.value {
                "cifar-10" => vec![[0, 1 + 3_072]; 6],
                "cifar-100" => vec![[0, 2 + 3_072]; 2],
                "svhn" | "svhn-extra" => vec![[128, 3_072]; 2],
                "qmnist" => vec![images, [12, 8 * 4], images, [12, 8 * 4]],
                _ => vec![images, [8, 1], images, [8, 1]],
            };
            let found: Vec<_> = official.files.iter().map(|file| [file.header, file.item]).collect();
            assert_eq!(found, expected, "{}", name.value);
            // Each is offered by its name, or all in one archive.
            let offered: Vec<_> = official.publisher.downloads.iter().map(|one| one.name).collect();
            assert!(
                offered.len() == 1 || official.files.iter().all(|file| offered.contains(&file.name)),
                "{}",
                name.value
            );
        }
    }
}
