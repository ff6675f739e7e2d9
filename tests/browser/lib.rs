//! What must hold in a browser as it does natively. `wasm-pack test --headless --chrome tests/browser` (or `--firefox`)
//! runs these in a dedicated worker, which is where the page trains.

#![cfg(all(test, target_arch = "wasm32"))]

#[path = "../digest.rs"]
mod digest;

use rand::Rng;
use spikealign::random::{Stream, generator};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// One seed gives the same numbers on every platform. These are the native ones.
#[wasm_bindgen_test]
fn random_numbers_are_the_native_ones() {
    let mut random = generator(1, Stream::Drive);
    assert_eq!([random.next_u64(), random.next_u64()], [0x9131_290e_927c_85a5, 0x9b0d_1c76_6a49_6b9a]);
}

#[wasm_bindgen_test]
fn causal_effects_are_the_native_ones() {
    assert_eq!(digest::digest(), digest::NATIVE);
}

#[wasm_bindgen_test]
fn two_epochs_of_training_are_the_native_ones() {
    assert_eq!(digest::training_digest(), digest::NATIVE_TRAINING);
}

/// So a checkpoint of the native program goes on in a browser, and the other way round.
#[wasm_bindgen_test]
fn checkpoints_are_the_native_ones() {
    assert_eq!(digest::digest_of_checkpoints(), digest::NATIVE_CHECKPOINTS);
}
