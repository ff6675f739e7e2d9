//! One seed gives the same causal effects, bit for bit, natively and in a browser: `tests/browser`
//! includes this file and holds a browser to the same digest.

use spikealign::{
    feedback::random_weights,
    random::{Stream, generator},
    spiking::{EstimatorName, Phase},
};

/// What a native machine gets.
pub const NATIVE: u64 = 0xb8ed_33dc_30ee_a52d;

/// Every bit of the causal effects of a short phase, for two estimators, boiled down by FNV-1a.
pub fn digest() -> u64 {
    let sizes = [256, 100, 50, 10];
    let shapes: Vec<_> = sizes.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let weights = random_weights(&shapes, &mut generator(1, Stream::ForwardWeights));
    let forward: Vec<_> = weights.iter().map(|weights| weights.t()).collect();
    let mut digest = 0xcbf2_9ce4_8422_2325u64;
    for name in [EstimatorName::Gradient, EstimatorName::Shrinkage] {
        let mut phase = Phase::with_estimator(&sizes, name, 1).unwrap();
        phase.begin(&forward, 6.0).unwrap();
        while phase.advance(1_000).steps > 0 {}
        for pair in 0..forward.len() {
            for byte in phase.causal_effects(pair).iter().flat_map(|effect| effect.to_bits().to_le_bytes()) {
                digest = (digest ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
    }
    digest
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn causal_effects_are_those_of_the_digest() {
    assert_eq!(digest(), NATIVE, "{:#x}", digest());
}
