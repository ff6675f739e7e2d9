//! What is timed of the spiking phase, natively and in a browser alike.

use spikealign::{
    feedback::random_weights,
    measurement::SpikingPhase,
    random::{Stream, generator},
};

/// A network, and the simulated seconds of a run: 90 as in the paper, fewer where that takes long.
#[derive(Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    pub layers: [usize; 4],
    pub seconds: u32,
}

/// The networks of the page and of the paper, and the paper's at twice and four times its width, so
/// that growth can be seen.
pub const CASES: [Case; 4] = [
    Case { name: "scaled", layers: [512, 128, 64, 10], seconds: 90 },
    Case { name: "paper", layers: [1600, 384, 192, 10], seconds: 90 },
    Case { name: "2 x paper", layers: [3200, 768, 384, 10], seconds: 30 },
    Case { name: "4 x paper", layers: [6400, 1536, 768, 10], seconds: 9 },
];

/// A phase, a third of the time for each layer pair, ready to run.
pub fn ready(Case { layers, seconds, .. }: Case) -> SpikingPhase {
    let shapes: Vec<_> = layers.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let weights = random_weights(&shapes, &mut generator(1, Stream::ForwardWeights));
    let forward: Vec<_> = weights.iter().map(|weights| weights.t()).collect();
    let phase = SpikingPhase::new(&shapes, seconds.into(), Default::default(), 1);
    let mut phase = phase.expect("the layers have neurons");
    phase.begin(&forward).expect("the weights fit the layers");
    phase
}

/// Runs it in pieces as short as the page's.
pub fn run(phase: &mut SpikingPhase) {
    while phase.advance(100).steps > 0 {}
}
