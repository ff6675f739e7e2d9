//! Street View House Numbers (Netzer et al. 2011), format 2: digits cut out of photographs. For non-commercial use only.

use super::matlab;
use super::mnist::DIGITS;
use super::{
    Dataset, Download, Extent, File, Normalisation, OfficialFile, OfficialFiles, Part, Publisher, Source,
    Split, named,
};
use crate::Error;
use std::io::Read;

/// Rows, and columns, of every image.
const SIDE: usize = 32;
/// Values of one plane.
const PLANE: usize = SIDE * SIDE;
/// Values of an image.
const IMAGE: usize = 3 * PLANE;

pub(super) const FILES: [OfficialFile; 2] =
    [training_file("train_32x32.mat"), file("test_32x32.mat", "test images", Part::Test)];

/// Where the files are published. Their checksums vouch for what comes over plain HTTP.
pub(super) const PUBLISHER: Publisher = Publisher {
    address: "http://ufldl.stanford.edu/housenumbers",
    folder: "svhn",
    downloads: &[TRAINING, TEST],
};
const TRAINING: Download = Download {
    name: FILES[0].name,
    length: 182_040_794,
    sha256: "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8",
};
pub(super) const TEST: Download = Download {
    name: FILES[1].name,
    length: 64_275_384,
    sha256: "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b",
};

/// The data set in the list. Its third file is the training images of another, [`svhn_extra`](super::svhn_extra).
pub const DATASET: Dataset = Dataset {
    name: "svhn",
    title: "SVHN",
    shape: [SIDE, SIDE, 3],
    classes: named(&DIGITS),
    normalisation: Some(Normalisation {
        mean: [0.4377, 0.4438, 0.4728],
        deviation: [0.1980, 0.2010, 0.1970],
    }),
    source: Source::files(&OfficialFiles {
        publisher: PUBLISHER,
        files: &FILES,
        identify: |_, name| position(&FILES, name),
        read: |files, counts, extent| read(&FILES, files, counts, extent),
    }),
};

/// A file of training images.
pub(super) const fn training_file(name: &'static str) -> OfficialFile {
    file(name, "training images", Part::Train)
}

const fn file(name: &'static str, label: &'static str, split: Part) -> OfficialFile {
    OfficialFile { name, label, split, header: 128, item: IMAGE }
}

/// Which of the files has this name.
pub(super) fn position(files: &[OfficialFile; 2], name: &str) -> Option<usize> {
    files.iter().position(|file| file.name.eq_ignore_ascii_case(name))
}

/// Reads the training and the test file.
pub(super) fn read(
    official: &[OfficialFile; 2],
    files: Vec<File<'_>>,
    counts: [usize; 2],
    extent: Extent,
) -> Result<[Split; 2], Error> {
    let mut splits = official.iter().zip(files).zip(counts).map(|((official, file), count)| {
        let name = official.name.to_string();
        read_split(file, count, extent).map_err(|problem| Error::Data { name, problem })
    });
    let [train, test] = [splits.next(), splits.next()].map(|split| split.expect("there are two files"));
    Ok([train?, test?])
}

/// The first `count` images and labels of a file, or all if there are fewer. The error is the problem.
pub fn read_split(file: File<'_>, count: usize, extent: Extent) -> Result<Split, String> {
    let (mut images, mut labels) = (None, None);
    matlab::arrays(file, extent, &mut |array, values| {
        let mut bytes = Vec::new();
        let mut keep = |length: usize| {
            values.take(length as u64).read_to_end(&mut bytes).map_err(|error| matlab::unreadable(&error))?;
            if bytes.len() < length {
                Err(matlab::unreadable(&std::io::ErrorKind::UnexpectedEof.into()))
            } else {
                Ok(())
            }
        };
        match (&*array.name, &array.dimensions[..]) {
            ("X", &[32, 32, 3, declared]) => {
                keep((count as u64).min(declared) as usize * IMAGE)?;
                images = Some((declared, bytes));
            }
            ("y", &[declared, 1] | &[1, declared]) => {
                keep((count as u64).min(declared) as usize)?;
                labels = Some((declared, bytes));
            }
            ("X", dimensions) => {
                return Err(format!(
                    "has images X of shape {dimensions:?}, but [32, 32, 3, n] is needed: format 2 of SVHN"
                ));
            }
            _ => {}
        }
        Ok(())
    })?;
    let missing = |what| format!("has no byte array {what}; use the official file of format 2");
    let (images_declared, planes) = images.ok_or_else(|| missing("X"))?;
    let (labels_declared, mut labels) = labels.ok_or_else(|| missing("y"))?;
    if images_declared != labels_declared {
        return Err(format!("has {images_declared} images, but {labels_declared} labels; it is damaged"));
    }
    for (index, label) in labels.iter_mut().enumerate() {
        match *label {
            1..=9 => {}
            10 => *label = 0,
            _ => {
                return Err(format!(
                    "label {index} is {label}, but digits are 1 to 10 (for 0); it is damaged"
                ));
            }
        }
    }
    // Column by column in planes; row by row, the channels of a pixel side by side, are needed.
    let pixels = planes.chunks_exact(IMAGE).flat_map(|image| {
        (0..PLANE).flat_map(move |at| {
            let from = at % SIDE * SIDE + at / SIDE;
            [image[from], image[PLANE + from], image[2 * PLANE + from]]
        })
    });
    Ok(Split { pixels: pixels.collect(), labels })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use proptest::prelude::*;
    use std::{fs, io::Write, process::Command};

    fn element(kind: u32, content: &[u8]) -> Vec<u8> {
        let mut bytes = [kind.to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    }

    /// An array of bytes, packed.
    fn array(name: &str, dimensions: &[u32], values: &[u8]) -> Vec<u8> {
        packed(&element(14, &parts(name, dimensions, values)))
    }

    fn packed(element: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(element).unwrap();
        let packed = encoder.finish().unwrap();
        [&15u32.to_le_bytes()[..], &(packed.len() as u32).to_le_bytes(), &packed].concat()
    }

    /// What an array consists of.
    fn parts(name: &str, dimensions: &[u32], values: &[u8]) -> Vec<u8> {
        let sizes: Vec<u8> = dimensions.iter().flat_map(|size| size.to_le_bytes()).collect();
        // A short name stands in its tag.
        let short = [&[1, 0, name.len() as u8, 0], name.as_bytes(), &[0; 3]].concat();
        [element(6, &[9, 0, 0, 0, 0, 0, 0, 0]), element(5, &sizes), short, element(2, values)].concat()
    }

    fn file(arrays: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = b"MATLAB 5.0 MAT-file".to_vec();
        bytes.resize(124, b' ');
        bytes.extend(b"\x00\x01IM");
        bytes.extend(arrays.concat());
        bytes
    }

    /// The value of an image at a row, a column and a channel.
    fn value(image: usize, row: usize, column: usize, channel: usize) -> u8 {
        (image * 101 + row * 7 + column * 3 + channel * 50) as u8
    }

    /// Images in MATLAB's order.
    fn images(count: usize) -> Vec<u8> {
        let mut values = Vec::new();
        for image in 0..count {
            for channel in 0..3 {
                for column in 0..SIDE {
                    values.extend((0..SIDE).map(|row| value(image, row, column, channel)));
                }
            }
        }
        values
    }

    fn is_as_written(split: &Split) {
        assert_eq!(split.pixels.len(), split.len() * IMAGE);
        for image in 0..split.len() {
            for (at, pixel) in split.image(image).chunks(3).enumerate() {
                assert_eq!(pixel, [0, 1, 2].map(|channel| value(image, at / SIDE, at % SIDE, channel)));
            }
        }
    }

    #[test]
    fn images_are_turned_the_right_way_and_ten_is_zero() {
        let x = array("X", &[32, 32, 3, 3], &images(3));
        let y = array("y", &[3, 1], &[10, 1, 9]);
        for bytes in [file(&[x.clone(), y.clone()]), file(&[y, x])] {
            for (asked, given) in [(2, 2), (60_000, 3)] {
                let split = read_split(File::from_bytes(&bytes), asked, Extent::Whole).unwrap();
                assert_eq!(split.labels, [0, 1, 9][..given]);
                is_as_written(&split);
            }
        }
    }

    #[test]
    fn arrays_that_are_not_packed_are_read_and_whatever_else_there_is_is_passed_by() {
        let x = element(14, &parts("X", &[32, 32, 3, 2], &images(2)));
        // Four values stand in their tag.
        let mut y = parts("y", &[2, 1], &[]);
        y.truncate(y.len() - 8);
        y.extend([2, 0, 2, 0, 7, 10, 0, 0]);
        let another = packed(&element(9, &[1; 8]));
        let bytes = file(&[element(9, &[1; 8]), x, another, element(14, &y), element(9, &[1; 8])]);
        for asked in [1, 2] {
            let split = read_split(File::from_bytes(&bytes), asked, Extent::Whole).unwrap();
            assert_eq!(split.labels, [7, 0][..asked]);
            is_as_written(&split);
        }
        let cut_off = read_split(File::from_bytes(&bytes[..bytes.len() - 3]), 1, Extent::Whole).unwrap_err();
        assert!(cut_off.contains("truncated"), "{cut_off}");
    }

    #[test]
    fn what_is_not_used_is_checked_in_a_whole_file_alone() {
        let x = array("X", &[32, 32, 3, 99], &images(99));
        // The checksum at the end of what is packed, which unpacking one image does not come to.
        let mut wrong = x.clone();
        *wrong.last_mut().unwrap() ^= 1;
        for (x, extent, is_read) in
            [(&x, Extent::Whole, true), (&wrong, Extent::Beginning, true), (&wrong, Extent::Whole, false)]
        {
            let bytes = file(&[x.clone(), array("y", &[99, 1], &[1; 99])]);
            let read = read_split(File::from_bytes(&bytes), 1, extent).map(drop);
            assert_eq!(read.is_ok(), is_read, "{extent:?}: {read:?}");
        }
    }

    #[test]
    fn a_name_as_long_as_is_allowed_is_read() {
        let named = |length| {
            let long =
                [element(6, &[9, 0, 0, 0, 0, 0, 0, 0]), element(5, &[0; 8]), element(1, &vec![b'x'; length])];
            let bytes = file(&[element(14, &[long.concat(), element(2, &[])].concat())]);
            read_split(File::from_bytes(&bytes), 1, Extent::Whole).unwrap_err()
        };
        assert!(named(1_024).contains("has no byte array X"));
        assert!(named(1_025).contains("whose name or shape is too long"));
    }

    #[test]
    fn what_is_no_such_file_is_refused_in_words() {
        let x = || array("X", &[32, 32, 3, 1], &images(1));
        let y = |label| array("y", &[1, 1], &[label]);
        let whole = file(&[x(), y(1)]);
        // An array that declares more values than there are, and one whose element ends within them.
        let liar = |count: u32| {
            let mut parts = parts("z", &[count], &[]);
            let length = parts.len() - 4;
            parts[length..].copy_from_slice(&count.to_le_bytes());
            file(&[element(14, &parts)])
        };
        let mut ends_within = element(14, &parts("X", &[32, 32, 3, 1], &images(1)));
        ends_within[4..8].copy_from_slice(&1_000u32.to_le_bytes());
        let mut corrupt = whole.clone();
        let last = corrupt.len() - 1;
        corrupt[last] ^= 1;
        for (bytes, words) in [
            (b"nothing".to_vec(), "is truncated"),
            (vec![0; 200], "is not a MATLAB 5 file"),
            ([b"MATLAB 7.3".to_vec(), vec![0; 200]].concat(), "save it with -v7"),
            (whole[..whole.len() - 3].to_vec(), "truncated"),
            (whole[..200].to_vec(), "truncated"),
            (corrupt, "is not a valid MATLAB file"),
            (file(&[x()]), "has no byte array y"),
            (file(&[y(1)]), "has no byte array X"),
            (file(&[x(), y(0)]), "label 0 is 0"),
            (file(&[x(), array("y", &[2, 1], &[1, 1])]), "has 1 images, but 2 labels"),
            (file(&[array("X", &[32, 32, 1, 1], &[0; 1024]), y(1)]), "format 2 of SVHN"),
            (file(&[array("X", &[32, 32, 3, 9], &images(1)), y(1)]), "it is damaged"),
            (file(&[array("X", &[u32::MAX; 4], &[0; 9]), y(1)]), "it is damaged"),
            (liar(1 << 31), "has no byte array X"),
            (liar((1 << 31) + 1), "more than the 2147483648 values"),
            (file(&[packed(&ends_within), y(1)]), "ends too early"),
        ] {
            let problem = read_split(File::from_bytes(&bytes), 5, Extent::Whole).unwrap_err();
            assert!(problem.contains(words), "{words}: {problem}");
        }
    }

    /// Needs Python with SciPy: where it is missing, it says so.
    #[test]
    fn what_scipy_writes_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let script = "
import sys, numpy, scipy.io
image, row, column, channel = numpy.ogrid[:4, :32, :32, :3]
X = ((image * 101 + row * 7 + column * 3 + channel * 50) % 256).astype('uint8').transpose(1, 2, 3, 0)
y = numpy.array([[1], [10], [3], [4]], 'uint8')
for compressed in (False, True):
    scipy.io.savemat(f'{sys.argv[1]}/{compressed}.mat', {'X': X, 'y': y, 'z': [0.5]}, do_compression=compressed)
";
        let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        let written = Command::new(python).args(["-c", script]).arg(folder.path()).output();
        if !written.is_ok_and(|output| output.status.success()) {
            println!("skipped: there is no Python with SciPy (PYTHON=… names one)");
            return;
        }
        for name in ["False.mat", "True.mat"] {
            let bytes = fs::read(folder.path().join(name)).unwrap();
            let split = read_split(File::from_bytes(&bytes), 60_000, Extent::Whole).unwrap();
            assert_eq!(split.labels, [1, 0, 3, 4]);
            is_as_written(&split);
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(start in 0..400usize, rest in prop::collection::vec(any::<u8>(), 0..300)) {
            let whole = file(&[array("X", &[32, 32, 3, 1], &images(1)), array("y", &[1, 1], &[1])]);
            let bytes = [&whole[..start.min(whole.len())], &rest].concat();
            for extent in [Extent::Whole, Extent::Beginning] {
                let _ = read_split(File::from_bytes(&bytes), 5, extent);
            }
        }
    }
}
