// The smallest program that aligns one layer. A hundred neurons start with random feedback, watch what
// follows their spikes, and end with feedback weights that agree with forward weights they never read.
//
//     cargo run --release --example align_one_layer

use spikealign::{
    Error,
    alignment::LayerAlignment,
    feedback::{random_weights, write_back},
    measurement::SpikingPhase,
    random::{Stream, generator},
};

fn main() -> Result<(), Error> {
    let sizes = [100, 10];
    let weights = random_weights(&[sizes], &mut generator(1, Stream::ForwardWeights));
    let mut feedback = random_weights(&[sizes], &mut generator(1, Stream::FeedbackWeights));
    // Forward weights are `[n_out, n_in]`, feedback weights `[n_in, n_out]`.
    let (forward, feedback) = (weights[0].t(), &mut feedback[0]);
    let deviation = feedback.std(0.0);
    report(0, &LayerAlignment::between(forward, feedback.view()));

    let mut phase = SpikingPhase::new(&[sizes], 60.0, Default::default(), 1)?;
    phase.begin(&[forward])?;
    // In steps of 1 ms. It stops by itself where causal effects are due to be written back.
    while phase.advance(usize::MAX).write_back.is_some() {
        write_back(phase.causal_effects(0).view(), deviation, feedback.view_mut());
        report(phase.steps_done(), &LayerAlignment::between(forward, feedback.view()));
    }

    let aligned = LayerAlignment::between(forward, feedback.view()).sign_agreement();
    assert!(aligned > 0.8, "most feedback weights have the sign of their forward weight: {aligned}");
    Ok(())
}

fn report(steps: usize, alignment: &LayerAlignment) {
    let signs = 100.0 * alignment.sign_agreement();
    let angle = alignment.measure("angle").unwrap_or_default();
    println!("{}, {steps:>6} ms: {signs:5.1}% of the signs agree, {angle:4.1}°", alignment.name);
}
