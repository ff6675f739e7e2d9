//! No file of the fuzzer's corpus makes a parser panic: `fuzz/corpus`, through the fuzzer's own functions.

#[path = "../fuzz/targets.rs"]
mod targets;

#[test]
fn no_file_of_the_corpus_panics() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus");
    for (name, target) in [
        ("idx", targets::idx as fn(&[u8])),
        ("gzip", targets::gzip),
        ("configuration", targets::configuration),
    ] {
        let mut files = 0;
        for file in std::fs::read_dir(format!("{corpus}/{name}")).unwrap() {
            target(&std::fs::read(file.unwrap().path()).unwrap());
            files += 1;
        }
        assert!(files > 0, "{name} has no corpus");
    }
}
