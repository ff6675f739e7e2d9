//! The fuzzer. `PARSER` in the environment says which function of `targets.rs` gets the bytes.

#![no_main]

mod targets;

use std::{env, sync::LazyLock};

static PARSER: LazyLock<targets::Parser> = LazyLock::new(|| {
    let asked = env::var("PARSER").expect("PARSER says what to feed");
    let parser = targets::PARSERS.iter().find(|(name, _)| *name == asked);
    parser.unwrap_or_else(|| panic!("PARSER is one of the folders of fuzz/corpus, not {asked}")).1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| PARSER(bytes));
