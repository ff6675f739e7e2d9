//! A recording, read from NumPy's archive. Whatever the file claims, memory is bounded and nothing panics.

use crate::Error;
use ndarray::{Array, Array2, Array3, Array4, ArrayD, Dim, Dimension, ShapeBuilder};
use ndarray_npy::ReadableElement;
use ndarray_npy::npy::header::Header;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use zip::ZipArchive;

/// The most bytes that the numbers of a recording may take. Those of 30 s of the authors' program take 5
/// million.
pub const LARGEST: usize = 1 << 28;

/// Steps between two recorded states of the estimates.
pub(super) const RECORDED_EVERY: usize = 1000;

/// What a recording says about one population, or about the pair of it and the next.
pub(super) struct Recorded {
    pub spikes: Array2<u8>,
    pub potential: Array2<f64>,
}

pub(super) struct RecordedPair {
    pub forward_weight: Array2<f32>,
    pub initial_feedback_weight: Array2<f32>,
    pub drive: Array2<u8>,
    pub causal_effect: Array3<f64>,
    pub regression: Array4<f64>,
    pub feedback_weight: Array2<f32>,
}

/// A recorded spiking phase.
pub struct Recording {
    pub(super) populations: Vec<Recorded>,
    pub(super) pairs: Vec<RecordedPair>,
}

/// The element types of a recording's arrays.
trait Number: ReadableElement + Copy + Into<f64> {}

impl<T: ReadableElement + Copy + Into<f64>> Number for T {}

/// Reads arrays by name, and says which one is wrong.
struct Reader<R> {
    archive: ZipArchive<R>,
    name: String,
    /// Bytes of numbers that may still be read.
    left: usize,
}

impl<R: Read + Seek> Reader<R> {
    fn error(&self, problem: String) -> Error {
        Error::Data { name: self.name.clone(), problem }
    }

    /// An array of `D` dimensions, of finite numbers.
    fn array<T: Number, D: Dimension>(&mut self, what: &str, index: usize) -> Result<Array<T, D>, Error> {
        let name = format!("{what}_{index}");
        read_array(&mut self.archive, &name, &mut self.left)
            .map_err(|problem| self.error(format!("cannot read the array `{name}`: {problem}")))
    }

    /// The array, if it has the expected `shape`.
    fn shaped<T: Number, const N: usize>(
        &mut self,
        what: &str,
        index: usize,
        shape: [usize; N],
    ) -> Result<Array<T, Dim<[usize; N]>>, Error>
    where
        Dim<[usize; N]>: Dimension,
    {
        let array = self.array(what, index)?;
        if array.shape() == shape {
            return Ok(array);
        }
        Err(self.error(format!("`{what}_{index}` has shape {:?}, but {shape:?} is needed", array.shape())))
    }
}

/// Reads an array of an archive, of at most `left` bytes. Its header is read first, so that no memory is allocated for
/// an impossible one.
fn read_array<T: Number, D: Dimension>(
    archive: &mut ZipArchive<impl Read + Seek>,
    name: &str,
    left: &mut usize,
) -> Result<Array<T, D>, String> {
    let mut file = archive.by_name(&format!("{name}.npy")).map_err(|error| error.to_string())?;
    let Header { type_descriptor, layout, shape } = read_header(&mut file)?;
    // Empty dimensions count as one, so that the others are bounded too.
    let bytes = shape.iter().try_fold(size_of::<T>(), |bytes, &size| bytes.checked_mul(size.max(1)));
    *left = bytes.and_then(|bytes| left.checked_sub(bytes)).ok_or_else(|| {
        format!("with its shape {shape:?}, the recording exceeds the limit of {LARGEST} bytes")
    })?;
    let numbers = T::read_to_end_exact_vec(file, &type_descriptor, shape.iter().product())
        .map_err(|error| error.to_string())?;
    let array: Array<T, D> = ArrayD::from_shape_vec(shape.set_f(layout.is_fortran()), numbers)
        .and_then(|array| array.into_dimensionality())
        .map_err(|error| error.to_string())?;
    if array.iter().all(|&number| number.into().is_finite()) {
        Ok(array)
    } else {
        Err("it holds numbers that are not finite".to_string())
    }
}

/// What comes before the numbers of an array in NumPy's format.
fn read_header(file: &mut impl Read) -> Result<Header, String> {
    /// NumPy's own headers are a quarter of this.
    const LONGEST: usize = 512;
    let mut header = vec![0; 10];
    file.read_exact(&mut header).map_err(|error| error.to_string())?;
    let length = usize::from(u16::from_le_bytes([header[8], header[9]]));
    if !header.starts_with(b"\x93NUMPY\x01\x00") || length > LONGEST {
        return Err("it does not begin with a NumPy header".to_string());
    }
    header.resize(10 + length, 0);
    file.read_exact(&mut header[10..]).map_err(|error| error.to_string())?;
    // A shape in a dictionary. With deeper nesting, parsing time would double with each bracket.
    if header[10..].iter().filter(|byte| b"([{".contains(byte)).count() > 2 {
        return Err("its header does not describe an array of numbers".to_string());
    }
    Header::from_reader(&mut &header[..]).map_err(|error| error.to_string())
}

impl Recording {
    /// Reads a recording from a file.
    ///
    /// # Errors
    /// [`Error::Data`] for a file that cannot be read, and as [`Recording::parse`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => Self::parse(name, file),
            Err(error) => Err(Error::Data { name, problem: format!("cannot open it: {error}") }),
        }
    }

    /// Reads a recording from the bytes of a file, which has a `name` to be called by. Its numbers take at
    /// most [`LARGEST`] bytes of memory, whatever it claims.
    ///
    /// # Errors
    /// [`Error::Data`] for what is not a NumPy archive, and for arrays that are missing, do not fit
    /// together, are too large, or hold numbers that are not finite.
    pub fn parse(name: String, file: impl Read + Seek) -> Result<Self, Error> {
        let archive = ZipArchive::new(file).map_err(|error| Error::Data {
            name: name.clone(),
            problem: format!("not a NumPy archive (.npz): {error}"),
        })?;
        let mut reader = Reader { archive, name, left: LARGEST };
        let count = reader.archive.file_names().filter(|name| name.starts_with("forward_weight_")).count();
        if count == 0 {
            return Err(reader.error("it has no array `forward_weight_0`".to_string()));
        }

        let mut pairs = Vec::new();
        let mut sizes = Vec::new();
        let mut steps = 0;
        for pair in 0..count {
            let forward: Array2<f32> = reader.array("forward_weight", pair)?;
            let drive: Array2<u8> = reader.array("drive", pair)?;
            let (n_out, n_in) = forward.dim();
            let (own_steps, driven) = drive.dim();
            if n_out == 0 || n_in == 0 || own_steps == 0 {
                return Err(reader.error(format!("`forward_weight_{pair}` or `drive_{pair}` is empty")));
            }
            if driven != n_in || sizes.last().is_some_and(|&below| below != n_in) {
                return Err(reader.error(format!(
                    "`forward_weight_{pair}` has {n_in} columns, but `drive_{pair}` has {driven}, and \
                     {:?} neurons are below",
                    sizes.last()
                )));
            }
            if sizes.is_empty() {
                sizes.push(n_in);
            }
            sizes.push(n_out);
            steps += own_steps;
            pairs.push((forward, drive));
        }
        let seconds = steps / RECORDED_EVERY;
        let pairs = pairs.into_iter().enumerate().map(|(pair, (forward_weight, drive))| {
            let (n_in, n_out) = (sizes[pair], sizes[pair + 1]);
            Ok(RecordedPair {
                forward_weight,
                drive,
                initial_feedback_weight: reader.shaped("initial_feedback_weight", pair, [n_out, n_in])?,
                causal_effect: reader.shaped("causal_effect", pair, [seconds, n_in, n_out])?,
                regression: reader.shaped("regression", pair, [seconds, n_in, 4, n_out])?,
                feedback_weight: reader.shaped("feedback_weight", pair, [n_in, n_out])?,
            })
        });
        let pairs = pairs.collect::<Result<_, Error>>()?;
        let populations = sizes.iter().enumerate().map(|(population, &size)| {
            let spikes = reader.shaped("spikes", population, [steps, size.div_ceil(8)])?;
            let potential: Array2<f64> = reader.array("potential", population)?;
            if potential.ncols() != size || potential.nrows() > steps {
                return Err(reader.error(format!(
                    "`potential_{population}` has shape {:?}, but {size} columns and at most {steps} rows \
                     are needed",
                    potential.shape()
                )));
            }
            Ok(Recorded { spikes, potential })
        });
        Ok(Self { populations: populations.collect::<Result<_, Error>>()?, pairs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray_npy::{WritableElement, WriteNpyExt};
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::io::{Cursor, Write};
    use zip::{ZipWriter, write::SimpleFileOptions};

    /// The arrays of a small recording, NumPy's format without the name.
    fn arrays() -> BTreeMap<&'static str, Vec<u8>> {
        fn npy<T: WritableElement + Clone, const N: usize>(shape: [usize; N], value: T) -> Vec<u8>
        where
            Dim<[usize; N]>: Dimension,
        {
            let mut bytes = Vec::new();
            ArrayD::from_elem(&shape[..], value).write_npy(&mut bytes).unwrap();
            bytes
        }
        BTreeMap::from([
            ("forward_weight_0", npy([2, 3], 0.5f32)),
            ("initial_feedback_weight_0", npy([2, 3], 0.5f32)),
            ("drive_0", npy([1_000, 3], 1u8)),
            ("causal_effect_0", npy([1, 3, 2], 0.0f64)),
            ("regression_0", npy([1, 3, 4, 2], 0.0f64)),
            ("feedback_weight_0", npy([3, 2], 0.5f32)),
            ("spikes_0", npy([1_000, 1], 0u8)),
            ("spikes_1", npy([1_000, 1], 0u8)),
            ("potential_0", npy([5, 3], 0.0f64)),
            ("potential_1", npy([5, 2], 0.0f64)),
        ])
    }

    fn archive(arrays: &BTreeMap<&'static str, Vec<u8>>) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in arrays {
            archive.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn parse(bytes: &[u8]) -> Result<Recording, Error> {
        Recording::parse("recording".to_string(), Cursor::new(bytes))
    }

    /// An array in NumPy's format of which only the header is there.
    fn header(kind: &str, shape: &str) -> Vec<u8> {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
        [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat()
    }

    #[test]
    fn a_small_recording_is_read_and_compared() {
        let comparison = parse(&archive(&arrays())).unwrap().compare();
        assert_eq!(comparison.rows.len(), 7);
        assert_eq!(comparison.rows[0].compared, 3_000);
        assert!(!comparison.passes());
    }

    #[test]
    fn what_is_wrong_with_an_array_is_said() {
        let not_finite = {
            let mut bytes = arrays()["forward_weight_0"].clone();
            let end = bytes.len();
            bytes[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
            bytes
        };
        let wrong = &arrays()["potential_0"];
        for (name, bytes, words) in [
            ("forward_weight_0", not_finite, "not finite"),
            ("forward_weight_0", wrong.clone(), "descriptor"),
            ("forward_weight_0", header("<f4", "(0, 3)"), "is empty"),
            (
                "forward_weight_0",
                header("<f4", "(4611686018427387904, 0)"),
                "exceeds the limit of 268435456 bytes",
            ),
            ("forward_weight_0", header("<f4", "(30000, 30000)"), "exceeds the limit of 268435456 bytes"),
            ("forward_weight_0", header("<f4", "(20, 30)"), "cannot read the array `forward_weight_0`"),
            ("forward_weight_0", header("<f4", &"(".repeat(400)), "does not describe an array of numbers"),
            ("forward_weight_0", header("<f4", &"{[ ".repeat(60)), "does not describe an array of numbers"),
            ("forward_weight_0", header("<f4", &"1, ".repeat(400)), "does not begin with a NumPy header"),
            ("forward_weight_0", vec![0x93, b'N'], "cannot read the array `forward_weight_0`"),
            ("drive_0", header("|u1", "(0, 3)"), "is empty"),
            ("drive_0", arrays()["spikes_0"].clone(), "has 3 columns, but `drive_0` has 1"),
            ("causal_effect_0", wrong.clone(), "cannot read the array `causal_effect_0`"),
            ("initial_feedback_weight_0", arrays()["feedback_weight_0"].clone(), "but [2, 3] is needed"),
            ("potential_1", wrong.clone(), "has shape [5, 3], but 2 columns"),
        ] {
            let mut arrays = arrays();
            arrays.insert(name, bytes);
            let error = parse(&archive(&arrays)).err().expect(words).to_string();
            assert!(error.starts_with("recording: ") && error.contains(words), "{words}: {error}");
        }
        for name in arrays().keys() {
            let mut arrays = arrays();
            arrays.remove(name);
            let error = parse(&archive(&arrays)).err().expect(name).to_string();
            assert!(error.contains(name), "{name}: {error}");
        }
        let error = parse(b"PK but nothing else").err().unwrap().to_string();
        assert!(error.contains("not a NumPy archive"), "{error}");
    }

    proptest! {
        #[test]
        fn damaged_recordings_never_panic(
            flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            end in any::<prop::sample::Index>(),
        ) {
            let mut bytes = archive(&arrays());
            for (index, byte) in flips {
                let at = index.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = parse(&bytes);
            let _ = parse(&bytes[..end.index(bytes.len())]);
        }

        #[test]
        fn damaged_headers_never_panic(
            name in prop::sample::select(arrays().into_keys().collect::<Vec<_>>()),
            flips in prop::collection::vec((0..128usize, any::<u8>()), 1..6),
        ) {
            let mut arrays = arrays();
            let bytes = arrays.get_mut(name).unwrap();
            flips.into_iter().for_each(|(at, byte)| bytes[at] = byte);
            let _ = parse(&archive(&arrays));
        }
    }
}
