//! `spikealign align`: how fast the causal effects of static random weights find those weights.

use crate::output::output;
use crate::static_weights::{Confounder, Measurement, ROW_EVERY};
use anyhow::{Context, Result, ensure};
use spikealign::{
    alignment::LayerAlignment,
    feedback::random_weights,
    measurement::{Advance, SpikingPhase, spiking_phase::STEPS_PER_SECOND},
};
use std::{io::Write, time::Instant};

/// Steps between two counts of spikes; a divisor of [`ROW_EVERY`] that the neurons remember.
const COUNT_EVERY: usize = 25;

/// The most connections, of all pairs together: with weights, synapses and the sums of an estimator they were seen to take 34
/// bytes each (`innovation`; 7000-7000, 5 s), so 2 GB.
const MOST_CONNECTIONS: usize = 50_000_000;

/// What to measure, and for how long.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Sizes of the populations, from the inputs to the outputs
    #[arg(long, value_delimiter = '-', default_value = "512-128-64-10")]
    layers: Vec<usize>,
    #[command(flatten)]
    measurement: Measurement,
    #[command(flatten)]
    confounder: Confounder,
}

/// Prints a row of CSV for every 5 s of every layer pair. Spikes and windows are those that a neuron below had so far.
pub fn run(arguments: Arguments) -> Result<()> {
    let Arguments { layers, measurement, confounder } = arguments;
    measurement.validate()?;
    let Measurement { seconds, seed, .. } = measurement;
    ensure!(
        layers.iter().all(|size| (1..=65_536).contains(size)),
        "--layers must be sizes from 1 to 65536, such as 512-128-64-10"
    );
    ensure!(layers.len() > 1, "--layers must be two sizes or more, such as 512-128-64-10");
    let shapes: Vec<_> = layers.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let connections: usize = shapes.iter().map(|[lower, upper]| lower * upper).sum();
    ensure!(
        connections <= MOST_CONNECTIONS,
        "--layers have {connections} connections, but at most {MOST_CONNECTIONS} are allowed: choose smaller sizes"
    );
    let weights = random_weights(&shapes, &mut measurement.generator());
    let forward: Vec<_> = weights.iter().map(|weights| weights.t()).collect();
    let mut phase =
        SpikingPhase::new(&shapes, seconds * forward.len() as f64, measurement.estimator(), seed)?
            .confounded(confounder.confounding()?);
    phase.begin(&forward)?;
    let steps_per_pair = phase.steps_total() / forward.len();

    let mut out = output();
    writeln!(out, "layer,sim_s,sign_pct,corr,cos,wall_s,rate_pre_hz,rate_post_hz,spikes,windows")?;
    for (pair, forward) in forward.iter().enumerate() {
        let (mut steps, mut since_row, mut spikes, mut wall) = (0, 0, [0, 0], 0.0);
        // Of all neurons below, since the beginning.
        let mut all = [0, 0];
        while steps < steps_per_pair {
            let start = Instant::now();
            let Advance { steps: advanced, windows, .. } = phase.advance(COUNT_EVERY);
            wall += start.elapsed().as_secs_f64();
            steps += advanced;
            since_row += advanced;
            for (population, spikes) in spikes.iter_mut().enumerate() {
                *spikes += phase.spike_count(pair, population, advanced);
            }
            all = [all[0] + phase.spike_count(pair, 0, advanced), all[1] + windows];
            if since_row < ROW_EVERY && steps < steps_per_pair {
                continue;
            }
            let alignment = LayerAlignment::between_entries(*forward, phase.causal_effects(pair).view());
            let measure = |name| alignment.measure(name).unwrap_or(f64::NAN);
            let duration = since_row as f64 / STEPS_PER_SECOND;
            let rate =
                |population: usize| spikes[population] as f64 / duration / layers[pair + population] as f64;
            writeln!(
                out,
                "{pair},{},{:.2},{:.4},{:.4},{wall:.2},{:.2},{:.2},{:.1},{:.1}",
                steps as f64 / STEPS_PER_SECOND,
                100.0 * alignment.sign_agreement(),
                measure("correlation"),
                measure("angle").to_radians().cos(),
                rate(0),
                rate(1),
                all[0] as f64 / layers[pair] as f64,
                all[1] as f64 / layers[pair] as f64
            )
            .context("cannot write")?;
            (since_row, spikes) = (0, [0, 0]);
        }
    }
    Ok(())
}
