//! `spikealign diagnose`: what econometrics asks of a regression discontinuity, of the windows of one layer.

use crate::output::output;
use crate::static_weights::Confounder;
use anyhow::{Context, Result, ensure};
use spikealign::{
    feedback::random_weights,
    measurement::{
        diagnosis::{Diagnosis, Observation},
        discontinuity::{Jump, density_jump, jump},
    },
    random::{Stream, generator},
    spiking::{neuron::THRESHOLD, window::WINDOW},
};
use std::io::Write;

/// How far from the threshold windows count, in units of the drive.
const BANDWIDTHS: [f64; 7] = [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, f64::INFINITY];
/// The bandwidth of what does not vary it.
const BANDWIDTH: f64 = 0.1;
/// Thresholds at which nothing happens: windows open from 0.9 on.
const PLACEBOS: [f64; 6] = [0.93, 0.95, 0.97, 1.1, 1.2, 1.4];
/// Windows of a neuron from which it makes one estimate.
const BLOCKS: [usize; 5] = [30, 100, 300, 1_000, 3_000];
/// The most seconds, times neurons below: each has two to ten windows in a second, of 300 bytes each, so a few GB.
const MOST_NEURON_SECONDS: f64 = 500_000.0;
/// What a response is combined along, in the order of the core.
const OUTCOMES: [&str; 2] = ["weights", "source"];

/// What to diagnose.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Sizes of the populations below and above
    #[arg(long, value_delimiter = '-', default_value = "512-128")]
    layers: Vec<usize>,
    /// Seconds of simulated time
    #[arg(long, default_value_t = 100.0)]
    seconds: f64,
    /// Seed of the weights and of the drive
    #[arg(long, default_value_t = 1)]
    seed: u32,
    #[command(flatten)]
    confounder: Confounder,
}

/// Prints the rows of each diagnostic. Its parameter is a bandwidth, a length, a threshold, or a number of windows.
/// An outcome is what jumps: the response along the weights (whose jump is an effect), along the common source (whose
/// jump is a bias, in the same units), the share of windows with a spike, or the logarithm of the density of windows.
pub fn run(arguments: Arguments) -> Result<()> {
    let Arguments { layers, seconds, seed, confounder } = arguments;
    let [inputs, outputs] = layers[..] else {
        anyhow::bail!("--layers must be two sizes, such as 512-128");
    };
    ensure!(
        [inputs, outputs].iter().all(|size| (1..=4_096).contains(size)),
        "--layers must be sizes from 1 to 4096, such as 512-128"
    );
    let most = MOST_NEURON_SECONDS / inputs as f64;
    ensure!(
        (0.0..=most).contains(&seconds),
        "--seconds is {seconds}, but it must be from 0 to {most:.0} with these --layers"
    );
    let weights = &random_weights(&[[inputs, outputs]], &mut generator(seed, Stream::ForwardWeights))[0];
    let mut windows = Diagnosis::new(weights.t(), confounder.confounding()?, seed)?.observe(seconds);
    windows.sort_by_key(|window| window.neuron);

    let mut out = output();
    writeln!(out, "diagnostic,outcome,parameter,estimate,standard_error,below,above")?;
    let mut row = |diagnostic: &str, outcome: &str, parameter: f64, jump: Option<Jump>| {
        let Some(Jump { estimate, error, counts: [below, above] }) = jump else { return Ok(()) };
        writeln!(out, "{diagnostic},{outcome},{parameter},{estimate:.5},{error:.5},{below},{above}")
            .context("cannot write")
    };
    let drives: Vec<_> = windows.iter().map(|window| window.largest_drive).collect();
    let at_threshold =
        |bandwidth, value: &dyn Fn(&Observation) -> f64| jump(&points(&windows, value), THRESHOLD, bandwidth);
    for bandwidth in BANDWIDTHS {
        row(
            "spikes",
            "spiked",
            bandwidth,
            at_threshold(bandwidth, &|window| f64::from(u8::from(window.spiked))),
        )?;
    }
    for bandwidth in BANDWIDTHS {
        row("density", "density", bandwidth, density_jump(&drives, THRESHOLD, bandwidth))?;
    }
    for (along, outcome) in OUTCOMES.into_iter().enumerate() {
        let response = |window: &Observation| f64::from(window.response(WINDOW)[along]);
        for bandwidth in BANDWIDTHS {
            row("bandwidth", outcome, bandwidth, at_threshold(bandwidth, &response))?;
        }
        for steps in (5..=WINDOW).step_by(5) {
            let of_length = at_threshold(BANDWIDTH, &|window| window.response(steps)[along].into());
            row("window", outcome, steps as f64, of_length)?;
        }
        for bandwidth in BANDWIDTHS {
            row(
                "balance",
                outcome,
                bandwidth,
                at_threshold(bandwidth, &|window| window.before[along].into()),
            )?;
        }
        for placebo in PLACEBOS {
            // Only windows on the same side of the true threshold.
            let side: Vec<_> = (windows.iter().copied())
                .filter(|window| (window.largest_drive < THRESHOLD) == (placebo < THRESHOLD))
                .collect();
            row("placebo", outcome, placebo, jump(&points(&side, &response), placebo, BANDWIDTH))?;
        }
        for size in BLOCKS {
            row(
                "lines",
                outcome,
                size as f64,
                estimates(&windows, size, &|block| jump(&points(block, &response), THRESHOLD, f64::INFINITY)),
            )?;
            row("means", outcome, size as f64, estimates(&windows, size, &|block| means(block, &response)))?;
        }
    }
    Ok(())
}

fn points(windows: &[Observation], value: &dyn Fn(&Observation) -> f64) -> Vec<(f64, f64)> {
    windows.iter().map(|window| (window.largest_drive, value(window))).collect()
}

/// The mean over windows with a spike less that over windows without.
fn means(windows: &[Observation], response: &dyn Fn(&Observation) -> f64) -> Option<Jump> {
    let [silent, spiked] = [false, true].map(|spiked| {
        let responses: Vec<_> =
            windows.iter().filter(|window| window.spiked == spiked).map(response).collect();
        (responses.iter().sum::<f64>() / responses.len() as f64, responses.len())
    });
    let estimate = spiked.0 - silent.0;
    estimate.is_finite().then_some(Jump { estimate, error: 0.0, counts: [silent.1, spiked.1] })
}

/// The mean of all estimates that neurons make from `size` windows each, the deviation of a single one, and its mean
/// counts. The windows are in the order of their neurons.
fn estimates(
    windows: &[Observation],
    size: usize,
    estimate: &dyn Fn(&[Observation]) -> Option<Jump>,
) -> Option<Jump> {
    let of_neurons = windows.chunk_by(|one, next| one.neuron == next.neuron);
    let jumps: Vec<_> = of_neurons.flat_map(|own| own.chunks_exact(size)).filter_map(estimate).collect();
    let mean = |value: &dyn Fn(&Jump) -> f64| jumps.iter().map(value).sum::<f64>() / jumps.len() as f64;
    let average = mean(&|jump| jump.estimate);
    (jumps.len() > 1).then(|| Jump {
        estimate: average,
        error: mean(&|jump| (jump.estimate - average).powi(2)).sqrt(),
        counts: [0, 1].map(|side| mean(&|jump| jump.counts[side] as f64).round() as usize),
    })
}
