//! What CIFAR-10 and CIFAR-100 have in common: the binary version's records, one after the other, of a label or two and
//! of 32 × 32 pixels in three planes, red, green and blue.

use super::{Extent, File, OfficialFile, Part, Split};
use crate::Error;
use std::io::{self, Read};

/// Rows, and columns, of every image.
pub(super) const SIDE: usize = 32;
/// Rows, columns and channels of every image.
pub(super) const SHAPE: [usize; 3] = [SIDE, SIDE, 3];
/// Values of one plane.
const PLANE: usize = SIDE * SIDE;
/// Values of an image.
const IMAGE: usize = 3 * PLANE;

/// How the records of a set lie in its files.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Files with training images; the last file has the test images.
    pub files: &'static [OfficialFile],
    /// Images in each of the files with training images.
    pub images_per_file: usize,
    /// Labels in front of each image, of which the last is the class.
    pub labels: usize,
    /// How many classes there are.
    pub classes: usize,
}

/// Test images, which are in one file.
const TEST_IMAGES: usize = 10_000;

/// One of the files, with so many labels in front of each image.
pub(super) const fn file(
    name: &'static str,
    label: &'static str,
    split: Part,
    labels: usize,
) -> OfficialFile {
    OfficialFile { name, label, split, header: 0, item: labels + IMAGE }
}

impl Layout {
    /// Nothing in the files says what they are: their names do.
    pub fn identify(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|file| file.name.eq_ignore_ascii_case(name))
    }

    /// Reads the first training and test images, or all if there are fewer.
    ///
    /// # Errors
    /// [`Error::Data`] names the file that is not what it should be.
    pub fn read(
        &self,
        files: Vec<File<'_>>,
        [train, test]: [usize; 2],
        extent: Extent,
    ) -> Result<[Split; 2], Error> {
        let mut splits = [(); 2].map(|()| Split { pixels: Vec::new(), labels: Vec::new() });
        for (official, file) in self.files.iter().zip(files) {
            let (count, images) = match official.split {
                Part::Train => (train, self.images_per_file),
                Part::Test => (test, TEST_IMAGES),
            };
            let split = &mut splits[official.split as usize];
            let wanted = (count - split.len()).min(images);
            self.read_file(file, [wanted, images], extent, split)
                .map_err(|problem| Error::Data { name: official.name.to_string(), problem })?;
        }
        Ok(splits)
    }

    /// Adds the first `wanted` of the `images` of a file to a split. The error is the problem.
    fn read_file(
        &self,
        File { mut reader, .. }: File<'_>,
        [wanted, images]: [usize; 2],
        extent: Extent,
        split: &mut Split,
    ) -> Result<(), String> {
        let unreadable = |error: io::Error| format!("cannot be read ({error}); copy or download it again");
        let item = self.labels + IMAGE;
        let mut record = Vec::with_capacity(item);
        for index in 0..wanted {
            record.clear();
            reader.by_ref().take(item as u64).read_to_end(&mut record).map_err(unreadable)?;
            if record.len() < item {
                return Err(truncated(index, images));
            }
            let (labels, planes) = record.split_at(self.labels);
            let label = labels[self.labels - 1];
            if usize::from(label) >= self.classes {
                return Err(format!(
                    "has label {label} at image {index}, but the {} classes are numbered from 0; it is damaged or of \
                     another data set",
                    self.classes
                ));
            }
            split.labels.push(label);
            split
                .pixels
                .extend((0..PLANE).flat_map(|at| [planes[at], planes[PLANE + at], planes[2 * PLANE + at]]));
        }
        if extent == Extent::Whole {
            // The rest is only counted, one byte more than there should be.
            let beyond = ((images - wanted) * item) as u64;
            let found = io::copy(&mut reader.take(beyond + 1), &mut io::sink()).map_err(unreadable)?;
            if found < beyond {
                return Err(truncated(wanted + (found / item as u64) as usize, images));
            }
            if found > beyond {
                return Err(format!(
                    "goes on after its {images} images of {item} bytes; it is damaged or of another data set"
                ));
            }
        }
        Ok(())
    }
}

fn truncated(found: usize, images: usize) -> String {
    format!("ends after {found} of its {images} images; it is truncated: copy or download it again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILES: [OfficialFile; 3] = [
        file("one.bin", "", Part::Train, 2),
        file("two.bin", "", Part::Train, 2),
        file("test_batch.bin", "", Part::Test, 2),
    ];
    const SMALL: Layout = Layout { files: &FILES, images_per_file: 2, labels: 2, classes: 7 };

    /// A record of this class, whose planes are of these values.
    fn record(class: u8, [red, green, blue]: [u8; 3]) -> Vec<u8> {
        [vec![9, class], vec![red; PLANE], vec![green; PLANE], vec![blue; PLANE]].concat()
    }

    fn test_file() -> Vec<u8> {
        record(6, [0, 0, 9]).repeat(TEST_IMAGES)
    }

    fn read(files: [&[u8]; 3], counts: [usize; 2], extent: Extent) -> Result<[Split; 2], Error> {
        SMALL.read(files.map(File::from_bytes).into(), counts, extent)
    }

    #[test]
    fn planes_become_pixels_and_files_one_split() {
        let one = [record(0, [1, 2, 3]), record(1, [4, 5, 6])].concat();
        let two = [record(2, [7, 8, 9]), record(3, [10, 11, 12])].concat();
        let test = test_file();
        for (asked, given) in [(3, 3), (60_000, 4)] {
            let [train, tested] = read([&one, &two, &test], [asked, 2], Extent::Whole).unwrap();
            assert_eq!(train.labels, [0, 1, 2, 3][..given]);
            assert_eq!(train.image(2), [7, 8, 9].repeat(PLANE));
            assert_eq!((tested.len(), tested.label(1), &tested.image(1)[..3]), (2, 6, &[0, 0, 9][..]));
        }
        // The beginning of what is needed is enough, where a file is still arriving.
        assert!(read([&one, &two[..5_000], &test[..7_000]], [3, 2], Extent::Beginning).is_ok());
        assert_eq!(SMALL.identify("TEST_batch.bin"), Some(2));
        assert_eq!(SMALL.identify("my_test_batch.bin"), None);
    }

    #[test]
    fn what_is_no_such_file_is_refused_in_words() {
        let whole = record(1, [4, 5, 6]).repeat(2);
        let test = test_file();
        for (two, words) in [
            (&whole[..whole.len() - 1], "two.bin: ends after 1 of its 2 images"),
            (&[&whole[..], &[0]].concat(), "two.bin: goes on after its 2 images"),
            (&record(7, [0; 3]).repeat(2), "has label 7 at image 0, but the 7 classes"),
            (&[], "ends after 0 of its 2"),
        ] {
            let error = read([&whole, two, &test], [4, 1], Extent::Whole).unwrap_err().to_string();
            assert!(error.contains(words), "{words}: {error}");
        }
    }

    #[test]
    fn images_that_are_not_used_are_counted_too() {
        let whole = record(1, [4, 5, 6]).repeat(2);
        let cut_off = &test_file()[..7 * (2 + 3 * PLANE) / 2];
        let error = read([&whole, &whole, cut_off], [4, 1], Extent::Whole).unwrap_err().to_string();
        assert!(error.contains("ends after 3 of its 10000 images"), "{error}");
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..7_000), count in 0..5usize) {
            for extent in [Extent::Whole, Extent::Beginning] {
                let _ = read([&bytes, &bytes, &bytes], [count, count], extent);
            }
        }
    }
}
