//! What is done with hostile bytes: one function a parser. Each must return, whatever the bytes are,
//! and check what it can of the answer. The fuzzer calls these, and `tests/corpus.rs` with its corpus.

use flate2::{Compression, Crc, write::GzEncoder};
use spikealign::{
    Error, checkpoint,
    configuration::Configuration,
    data::{DatasetName, Extent, File, Images, archive, idx, picture::Picture, voc},
    experiment::Experiment,
    network::NetworkSize,
    replay::Recording,
};
use std::{
    io::{Cursor, Read, Write},
    sync::{Arc, LazyLock},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub type Parser = fn(&[u8]);

/// All of them, by the names of their folders in `fuzz/corpus`.
pub const PARSERS: [(&str, Parser); 10] = [
    ("idx", idx),
    ("gzip", gzip),
    ("configuration", configuration),
    ("checkpoint", checkpoint),
    ("recording", recording),
    ("cifar", cifar),
    ("matlab", matlab),
    ("picture", picture),
    ("annotation", annotation),
    ("archived", archived),
];

/// An IDX file, of labels and of images. The first byte is how many items are asked for.
fn idx(bytes: &[u8]) {
    let Some((&count, file)) = bytes.split_first() else { return };
    for extent in [Extent::Whole, Extent::Beginning] {
        let _ = idx::read::<1>("labels", File::from_bytes(file), count.into(), extent);
        if let Ok(images) = idx::read::<3>("images", File::from_bytes(file), count.into(), extent) {
            let [_, rows, columns] = images.dimensions;
            assert_eq!(images.elements.len(), usize::from(count) * rows * columns);
        }
    }
}

/// A gzip stream made of the bytes, and the bytes gzipped, which must read as they do plain. If they are gzipped
/// already, they are then gzipped twice, which is refused: one layer is unpacked, so that a bomb has no second.
fn gzip(bytes: &[u8]) {
    let Some((&count, file)) = bytes.split_first() else { return };
    let stream = [&[0x1f, 0x8b], file].concat();
    for extent in [Extent::Whole, Extent::Beginning] {
        let _ = idx::read::<3>("images", File::from_bytes(&stream), count.into(), extent);
        if let Ok(plain) = idx::read::<3>("images", File::from_bytes(file), count.into(), extent) {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(file).expect("memory can be written to");
            let packed = encoder.finish().expect("memory can be written to");
            let unpacked = idx::read("images", File::from_bytes(&packed), count.into(), extent);
            if file.starts_with(&[0x1f, 0x8b]) {
                assert!(
                    unpacked.is_err_and(|error| error.to_string().contains("is gzipped; unpack it first"))
                );
            } else {
                assert_eq!(unpacked, Ok(plain));
            }
        }
    }
}

/// The bytes as every file of a data set in turn, as far as it has official ones; the first byte is how many images are
/// asked for.
fn official(name: &str, bytes: &[u8]) {
    let Some((&count, file)) = bytes.split_first() else { return };
    let name = DatasetName::try_from(name.to_string()).expect("it is in the list");
    for extent in [Extent::Whole, Extent::Beginning] {
        let files = name.dataset().files().iter().map(|_| File::from_bytes(file)).collect();
        if let Ok(images) = Images::open(name, files, 1, [count.into(), 1], extent) {
            assert!(images.train().len() <= count.into());
        }
    }
}

/// Files of CIFAR-10.
fn cifar(bytes: &[u8]) {
    official("cifar-10", bytes);
}

/// Files of SVHN.
fn matlab(bytes: &[u8]) {
    official("svhn", bytes);
}

/// A picture.
fn picture(bytes: &[u8]) {
    if let Ok(picture) = Picture::read(&mut &bytes[..], true) {
        assert_eq!(picture.resized(20).len(), 20 * 20 * 3);
    }
}

/// An annotation of PASCAL VOC.
fn annotation(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for object in voc::objects(text).unwrap_or_default() {
        let [top, left, bottom, right] = object.edges;
        assert!(top + 16 <= bottom && left + 16 <= right);
    }
}

/// An archive: as a zip if the first byte is even, and else as a tar. All that is in it is read.
fn archived(bytes: &[u8]) {
    let Some((&kind, archive)) = bytes.split_first() else { return };
    let ending = if kind % 2 == 0 { "zip" } else { "tar" };
    let path = std::env::temp_dir().join(format!("spikealign-{}.{ending}", std::process::id()));
    std::fs::write(&path, archive).expect("there is room for a few kilobytes");
    let _ = archive::walk(&path.as_path(), &mut |_, reader| {
        let mut text = Vec::new();
        // What cannot be read is an error of its own.
        let _ = reader.take(1 << 20).read_to_end(&mut text);
        Ok(())
    });
    std::fs::remove_file(path).expect("it was there");
}

/// A configuration as JSON, and the text of a network's size. What is valid reads as it is written.
fn configuration(bytes: &[u8]) {
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

/// The images that the checkpoints of the corpus were made with.
pub static IMAGES: LazyLock<Arc<Images>> = LazyLock::new(|| Arc::new(Images::garments(7, 5, 3)));

/// A checkpoint: the bytes as they are, and with the checksum that they should have. What goes on must
/// end its next chunk in progress or in an error, and what it saves then is read as it is, or refused.
fn checkpoint(bytes: &[u8]) {
    /// Magic, version and checksum.
    const HEADER: usize = 18;
    let _ = checkpoint::read(bytes);
    let mut bytes = bytes.to_vec();
    if bytes.len() >= HEADER {
        let mut checksum = Crc::new();
        checksum.update(&bytes[HEADER..]);
        bytes[HEADER - 4..HEADER].copy_from_slice(&checksum.sum().to_le_bytes());
    }
    let Ok(head) = checkpoint::read(&bytes) else { return };
    // A network may take as much memory and time as its settings ask for, which they may.
    let NetworkSize { channels, hidden } = head.configuration.net;
    if channels.into_iter().chain(hidden).any(|width| width > 8) {
        return;
    }
    let Ok(mut experiment) = Experiment::resume(&bytes, Arc::clone(&IMAGES)) else { return };
    match experiment.advance(1) {
        Ok(progress) => assert!(progress.records.iter().all(|record| record.is_finite())),
        Err(error) => assert!(matches!(error, Error::Diverged { .. }), "{error:?}"),
    }
    let Ok(bytes) = experiment.checkpoint() else { return };
    match Experiment::resume(&bytes, Arc::clone(&IMAGES)) {
        Ok(mut again) => assert_eq!(again.checkpoint(), Ok(bytes)),
        // Numbers that were the largest there are may since have overflown.
        Err(error) => assert!(matches!(error, Error::Checkpoint { .. }), "{error:?}"),
    }
}

/// The arrays of a recording of two populations.
const ARRAYS: [&str; 10] = [
    "forward_weight_0",
    "drive_0",
    "initial_feedback_weight_0",
    "causal_effect_0",
    "regression_0",
    "feedback_weight_0",
    "spikes_0",
    "spikes_1",
    "potential_0",
    "potential_1",
];

/// A recording: the bytes as an archive, and as the arrays of one, which is damaged where the first three bytes say,
/// and compared. (A change by 0 leaves it as it is.)
fn recording(bytes: &[u8]) {
    let _ = Recording::parse("bytes".to_string(), Cursor::new(bytes));
    let mut archive = pack(bytes);
    if let [low, high, change, ..] = *bytes {
        let damaged = usize::from(u16::from_le_bytes([low, high])) % archive.len();
        archive[damaged] ^= change;
    }
    if let Ok(recording) = Recording::parse("arrays".to_string(), Cursor::new(archive)) {
        assert_eq!(recording.compare().rows.len(), 7);
    }
}

/// An archive of NumPy's files, which come one after the other, in the order of [`ARRAYS`].
pub fn pack(files: &[u8]) -> Vec<u8> {
    let starts = (0..files.len()).filter(|&start| files[start..].starts_with(b"\x93NUMPY"));
    let ends: Vec<usize> = starts.chain([files.len()]).collect();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, ends) in ARRAYS.iter().zip(ends.windows(2)) {
        archive.start_file(format!("{name}.npy"), stored).expect("memory can be written to");
        archive.write_all(&files[ends[0]..ends[1]]).expect("memory can be written to");
    }
    archive.finish().expect("memory can be written to").into_inner()
}
