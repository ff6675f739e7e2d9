#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| spikealign_fuzz::configuration(bytes));
