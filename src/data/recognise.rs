//! Which data set files are of, when nobody has said.

use super::archive::{Place, beginning, find, unreadable, walk};
use super::{DATASETS, Dataset, OfficialFiles, Source};
use crate::Error;
use sha2::{Digest, Sha256};
use std::{
    cell::LazyCell,
    cmp::Reverse,
    collections::HashSet,
    io::{self, Read},
};

/// What lies in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The names of the data sets that it can be, the likeliest first: several have files of the same names.
    pub datasets: Vec<&'static str>,
    /// What is missing, where it is none.
    pub missing: Option<String>,
    /// Files that belong to none.
    pub others: Vec<String>,
}

/// Finds out which data sets a place holds, complete with all their files.
///
/// # Errors
/// [`Error::Data`] says what cannot be read.
pub fn recognise(place: &dyn Place) -> Result<Found, Error> {
    let mut candidates: Vec<Candidate> =
        DATASETS.iter().filter_map(|dataset| Candidate::new(dataset)).collect();
    let of_pictures = DATASETS.iter().filter_map(|dataset| match dataset.source {
        Source::Pictures(pictures) => Some((dataset.name, pictures.has)),
        _ => None,
    });
    let (mut pictured, mut others) = (HashSet::new(), Vec::new());
    walk(place, &mut |path, reader| {
        if path.ends_with('/') {
            return Ok(());
        }
        let owners: Vec<_> = of_pictures.clone().filter(|(_, has)| has(path)).map(|(name, _)| name).collect();
        if !owners.is_empty() {
            pictured.extend(owners);
            return Ok(());
        }
        let (_, start) = beginning(reader).map_err(|error| unreadable(&place.path().join(path), &error))?;
        let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".gz");
        let mut is_known = false;
        for candidate in &mut candidates {
            is_known |= candidate.take(&start, name);
        }
        if !is_known {
            others.push(path.to_string());
        }
        Ok(())
    })?;
    let mut complete: Vec<&Candidate> = candidates.iter().filter(|one| one.missing().is_empty()).collect();
    complete.sort_by_key(|one| Reverse(one.named));
    let named = complete.first().map_or(0, |one| one.named);
    complete.retain(|one| one.named == named);
    let mut datasets: Vec<_> = complete.iter().map(|one| one.dataset.name).collect();
    if let [first, _, ..] = complete[..] {
        let contents = find(first.official, place)?;
        let mut files = first.official.files.iter().zip(contents.iter().flatten());
        if let Some(known) = files.find_map(|(file, bytes)| owner(file.name, bytes)) {
            datasets.sort_by_key(|name| *name != known.name);
        }
    }
    datasets.extend(of_pictures.map(|(name, _)| name).filter(|name| pictured.contains(name)));
    let missing = datasets.is_empty().then(|| missing(&candidates));
    Ok(Found { datasets, missing, others })
}

/// The data set that publishes a file of this name with exactly these bytes. (Of what was unpacked no checksum is
/// published.)
pub fn owner(name: &str, bytes: &[u8]) -> Option<&'static Dataset> {
    let digest = LazyCell::new(|| checksum(&mut &*bytes).ok());
    let publishes = |dataset: &&&Dataset| match dataset.source {
        Source::Files(official) => official.publisher.downloads.iter().any(|one| {
            one.name == name && one.length == bytes.len() as u64 && digest.as_deref() == Some(one.sha256)
        }),
        _ => false,
    };
    DATASETS.iter().find(publishes).copied()
}

/// The SHA-256 checksum of all bytes, as hexadecimal digits.
///
/// # Errors
/// Whatever reading them fails with.
pub fn checksum(bytes: &mut dyn Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match bytes.read(&mut buffer)? {
            0 => return Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            count => digest.update(&buffer[..count]),
        }
    }
}

/// A data set of official files, and which of them have been seen.
struct Candidate {
    dataset: &'static Dataset,
    official: &'static OfficialFiles,
    seen: Vec<bool>,
    /// How many had their official names.
    named: usize,
}

impl Candidate {
    fn new(dataset: &'static Dataset) -> Option<Self> {
        let Source::Files(official) = dataset.source else { return None };
        Some(Self { dataset, official, seen: vec![false; official.files.len()], named: 0 })
    }

    /// Sees a file; whether it is one of these.
    fn take(&mut self, beginning: &[u8], name: &str) -> bool {
        let Some(index) = (self.official.identify)(beginning, name) else { return false };
        if !self.seen[index] && self.official.files[index].name.trim_end_matches(".gz") == name {
            self.named += 1;
        }
        self.seen[index] = true;
        true
    }

    fn missing(&self) -> Vec<&'static str> {
        let files = self.official.files.iter().zip(&self.seen);
        files.filter(|(_, seen)| !**seen).map(|(file, _)| file.name).collect()
    }
}

/// What is missing, where no data set is complete.
fn missing(candidates: &[Candidate]) -> String {
    // Of several that are as near, the first of the list.
    let begun = candidates.iter().rev().filter(|one| one.seen.contains(&true));
    match begun.max_by_key(|one| (one.named, Reverse(one.missing().len()))) {
        Some(one) => {
            let count = one.seen.iter().filter(|seen| **seen).count();
            format!(
                "There are {count} of the {} files of {}: add {}.",
                one.seen.len(),
                one.dataset.title,
                one.missing().join(", ")
            )
        }
        None => "There is nothing to learn from: give the official files of a data set, or a folder of pictures (PNG, \
                 JPEG, WebP) for each class."
            .to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    /// What is found where these files lie, IDX files with their headers, others empty.
    fn found(names: &[&str]) -> Result<Found, String> {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let kind = if name.contains("labels") { 1 } else { 3 };
            let header = [&[0, 0, 8, kind][..], &60_000u32.to_be_bytes()].concat();
            fs::write(path, if name.ends_with("ubyte") { header } else { Vec::new() }).unwrap();
        }
        recognise(&folder.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn sets_are_told_from_their_files() {
        let batches = ["a/data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin"];
        let all = [&batches[..], &["data_batch_5.bin", "test_batch.bin", "read me"]].concat();
        let cifar = found(&all).unwrap();
        assert_eq!((cifar.datasets, cifar.others), (vec!["cifar-10"], vec!["read me".to_string()]));
        let words = found(&batches).unwrap().missing.unwrap();
        assert_eq!(words, "There are 4 of the 6 files of CIFAR-10: add data_batch_5.bin, test_batch.bin.");
        assert_eq!(found(&["train_32x32.mat", "test_32x32.mat"]).unwrap().datasets, ["svhn"]);
        assert_eq!(found(&["extra_32x32.mat", "test_32x32.mat"]).unwrap().datasets, ["svhn-extra"]);
        let all = ["train_32x32.mat", "test_32x32.mat", "extra_32x32.mat"];
        assert_eq!(found(&all).unwrap().datasets, ["svhn", "svhn-extra"]);
        assert_eq!(found(&["cats/1.png", "cats/notes.md"]).unwrap().datasets, ["folder"]);
        let voc = found(&["VOC2012/Annotations/1.xml", "VOC2012/JPEGImages/1.jpg", "read me"]).unwrap();
        assert_eq!((voc.datasets, voc.others), (vec!["voc-2012", "folder"], vec!["read me".to_string()]));
        let mnist = [
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
        ];
        assert_eq!(found(&mnist).unwrap().datasets, ["fashion-mnist", "mnist", "kmnist"]);
        let letters = ["train-images-idx3", "train-labels-idx1", "test-images-idx3", "test-labels-idx1"]
            .map(|name| format!("emnist-letters-{name}-ubyte"));
        assert_eq!(found(&letters.each_ref().map(String::as_str)).unwrap().datasets, ["emnist-letters"]);
        assert!(found(&["a.txt"]).unwrap().missing.unwrap().contains("nothing to learn from"));
    }

    #[test]
    fn a_published_file_has_an_owner() {
        assert!(owner("train-labels-idx1-ubyte.gz", b"something else").is_none());
        let real =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fashion-mnist/t10k-labels-idx1-ubyte.gz");
        let Ok(bytes) = fs::read(&real) else { return println!("skipped: {} is not here", real.display()) };
        assert_eq!(owner("t10k-labels-idx1-ubyte.gz", &bytes).unwrap().name, "fashion-mnist");
        assert!(owner("t10k-images-idx3-ubyte.gz", &bytes).is_none());
        assert_eq!(recognise(&real.parent().unwrap()).unwrap().datasets[0], "fashion-mnist");
    }
}
