//! Replays every recording of the authors' program in `REPLAY_DIR` and compares every number.

use spikealign::replay::Recording;
use std::path::PathBuf;

#[test]
fn every_recording_is_reproduced() {
    let folder = std::env::var_os("REPLAY_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/reference")),
        PathBuf::from,
    );
    let files = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut recordings: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "npz")).collect();
    recordings.sort();
    if recordings.is_empty() {
        println!("skipped: no recording (.npz) in {}; set REPLAY_DIR", folder.display());
    }
    for path in recordings {
        let comparison = Recording::read(&path).unwrap().compare();
        println!("{}\n{comparison}", path.display());
        assert!(comparison.passes(), "{} is not reproduced:\n{comparison}", path.display());
    }
}
