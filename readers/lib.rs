//! Reads what is dropped on the page, in a worker: data sets in their official files, archives, and pictures, by the
//! same readers as the native program. A package of its own, which the page loads only then.

#![cfg(target_arch = "wasm32")]

use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use spikealign::{
    Error,
    data::{
        DatasetName, Extent, File, Images, Source, Split, Wanted,
        archive::{Place, Visit, find, is_archive, walk_archive},
        recognise,
    },
};
use std::{
    io::{self, ErrorKind, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync};

/// What `Dropped::recognise` finds.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "
/** What was dropped. */
export interface Found {
  /** The data sets that it can be, the likeliest first. */
  datasets: string[];
  /** What is missing, where it is none. */
  missing: string | null;
  /** Files that belong to none. */
  others: string[];
}
";

#[wasm_bindgen]
extern "C" {
    /// A `Found` as a plain object.
    #[wasm_bindgen(typescript_type = "Found")]
    pub type FoundObject;
}

/// Files that were dropped.
#[wasm_bindgen]
pub struct Dropped {
    /// What they are called together.
    name: PathBuf,
    /// Their paths and bytes, sorted by path.
    files: Vec<(String, Blob)>,
}

#[wasm_bindgen]
impl Dropped {
    /// Files with their paths, `/` between folders.
    #[wasm_bindgen(constructor)]
    pub fn new(paths: Vec<String>, files: Vec<Blob>) -> Dropped {
        let name = match &paths[..] {
            [only] => only.clone(),
            _ => "What was dropped".to_string(),
        };
        let mut files: Vec<_> = paths.into_iter().zip(files).collect();
        files.sort_by(|(one, _), (other, _)| one.cmp(other));
        Dropped { name: name.into(), files }
    }

    /// Which data sets they can be.
    ///
    /// # Errors
    /// What is missing, or cannot be read.
    pub fn recognise(&self) -> Result<FoundObject, JsValue> {
        #[derive(Serialize)]
        struct Found {
            datasets: Vec<&'static str>,
            missing: Option<String>,
            others: Vec<String>,
        }
        let spikealign::data::Found { datasets, missing, others } = recognise(self).map_err(thrown)?;
        let object = Found { datasets, missing, others }
            .serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
        Ok(object.unchecked_into())
    }

    /// The first `train` training and `test` test images, as the native program reads them: pictures in so many rows
    /// and columns, in an order that `seed` draws.
    ///
    /// # Errors
    /// What cannot be read or learned from, and what to do.
    pub fn read(
        &self,
        dataset: &str,
        seed: u32,
        image_size: usize,
        train: usize,
        test: usize,
    ) -> Result<Arrays, JsValue> {
        self.images(dataset, Wanted { counts: [train, test], seed, size: image_size })
            .map(Arrays)
            .map_err(thrown)
    }

    fn images(&self, dataset: &str, wanted: Wanted) -> Result<Images, Error> {
        let dataset = DatasetName::try_from(dataset.to_string())?;
        match dataset.dataset().source {
            Source::Pictures(pictures) => (pictures.read)(self, &wanted),
            Source::Files(official) => {
                let contents = find(official, self)?;
                let files = contents.iter().flatten().map(|bytes| File::from_bytes(bytes)).collect();
                Images::open(dataset, files, wanted.seed, wanted.counts, Extent::Whole)
            }
            _ => Images::open(dataset, Vec::new(), wanted.seed, wanted.counts, Extent::Whole),
        }
    }
}

impl Place for Dropped {
    fn path(&self) -> &Path {
        &self.name
    }

    fn visit(&self, visit: &mut Visit<'_>) -> Result<(), Error> {
        for (path, blob) in &self.files {
            let mut reader = BlobReader { blob, at: 0, start: 0, window: Vec::new() };
            if is_archive(Path::new(path)) {
                // As natively: what lies in the archive that is named has paths of its own.
                let prefix = if self.files.len() == 1 { String::new() } else { format!("{path}/") };
                walk_archive(Path::new(path), reader, &prefix, visit)?;
            } else {
                visit(path, &mut reader)?;
            }
        }
        Ok(())
    }
}

/// Bytes of a file, a window at a time.
struct BlobReader<'a> {
    blob: &'a Blob,
    at: u64,
    /// Where the window begins.
    start: u64,
    window: Vec<u8>,
}

/// The most bytes of a window.
const WINDOW: u64 = 1 << 20;

impl BlobReader<'_> {
    fn length(&self) -> u64 {
        self.blob.size() as u64
    }

    fn fetch(&self) -> Result<Vec<u8>, JsValue> {
        let end = (self.at + WINDOW).min(self.length());
        let part = self.blob.slice_with_f64_and_f64(self.at as f64, end as f64)?;
        Ok(Uint8Array::new(&FileReaderSync::new()?.read_as_array_buffer(&part)?.into()).to_vec())
    }
}

impl Read for BlobReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length() {
            return Ok(0);
        }
        let inside = self.at.checked_sub(self.start).filter(|offset| *offset < self.window.len() as u64);
        let offset = match inside {
            Some(offset) => offset as usize,
            None => {
                self.window = self.fetch().map_err(|error| read_error(&error))?;
                self.start = self.at;
                0
            }
        };
        let rest = &self.window[offset..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for BlobReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.length().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = at.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// Why the browser does not give the bytes of a file.
fn read_error(error: &JsValue) -> io::Error {
    let text = |name| Reflect::get(error, &JsValue::from_str(name)).ok().and_then(|value| value.as_string());
    let kind = match text("name").as_deref() {
        Some("NotFoundError") => ErrorKind::NotFound,
        Some("NotReadableError" | "SecurityError") => ErrorKind::PermissionDenied,
        _ => ErrorKind::Other,
    };
    io::Error::new(kind, text("message").unwrap_or_default())
}

/// Images as arrays.
#[wasm_bindgen]
pub struct Arrays(Images);

#[wasm_bindgen]
impl Arrays {
    /// Rows, columns and channels of an image.
    #[wasm_bindgen(getter)]
    pub fn shape(&self) -> Vec<usize> {
        self.0.shape().to_vec()
    }

    /// The names of the classes, by label.
    pub fn classes(&self) -> Vec<String> {
        self.0.classes().to_vec()
    }

    /// Mean and deviation of red, green and blue.
    pub fn normalisation(&self) -> Vec<f32> {
        let normalisation = self.0.normalisation();
        [normalisation.mean, normalisation.deviation].concat()
    }

    /// The values of all training images, or of all test images: row by row, the channels of a pixel side by side.
    pub fn pixels(&self, of_test: bool) -> Uint8Array {
        Uint8Array::from(&self.split(of_test).pixels[..])
    }

    /// Their labels.
    pub fn labels(&self, of_test: bool) -> Uint8Array {
        Uint8Array::from(&self.split(of_test).labels[..])
    }

    fn split(&self, of_test: bool) -> &Split {
        if of_test { self.0.test() } else { self.0.train() }
    }
}

fn thrown(error: Error) -> JsValue {
    js_sys::Error::new(&error.to_string()).into()
}
