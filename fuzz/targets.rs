//! What is done with hostile bytes: one function a parser. Each must return, whatever the bytes are,
//! and check what it can of the answer. The fuzzer calls these, and `tests/corpus.rs` with its corpus.

use flate2::{Compression, write::GzEncoder};
use spikealign::{
    configuration::{Configuration, NetworkSize},
    data::idx::{self, Extent},
};
use std::io::Write;

/// An IDX file, of labels and of images. The first byte is how many items are asked for.
pub fn idx(bytes: &[u8]) {
    let Some((&count, file)) = bytes.split_first() else { return };
    for extent in [Extent::Whole, Extent::Beginning] {
        let _ = idx::read::<1>("labels", file, count.into(), extent);
        if let Ok(images) = idx::read::<3>("images", file, count.into(), extent) {
            let [_, rows, columns] = images.dimensions;
            assert_eq!(images.elements.len(), usize::from(count) * rows * columns);
        }
    }
}

/// A gzip stream made of the bytes, and the bytes gzipped, which must read as they do plain.
pub fn gzip(bytes: &[u8]) {
    let Some((&count, file)) = bytes.split_first() else { return };
    let stream = [&[0x1f, 0x8b], file].concat();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(file).expect("memory can be written to");
    let packed = encoder.finish().expect("memory can be written to");
    for extent in [Extent::Whole, Extent::Beginning] {
        let _ = idx::read::<3>("images", &stream, count.into(), extent);
        if let Ok(plain) = idx::read::<3>("images", file, count.into(), extent) {
            assert_eq!(idx::read("images", &packed, count.into(), extent), Ok(plain));
        }
    }
}

/// A configuration as JSON, and the text of a network's size. What is valid reads as it is written.
pub fn configuration(bytes: &[u8]) {
    if let Ok(configuration) = serde_json::from_slice::<Configuration>(bytes)
        && configuration.validate().is_ok()
    {
        let written = serde_json::to_string(&configuration).expect("a valid configuration is JSON");
        assert_eq!(serde_json::from_str::<Configuration>(&written).ok(), Some(configuration));
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(size) = text.parse::<NetworkSize>()
    {
        assert_eq!(size.to_string().parse(), Ok(size));
    }
}
