//! `spikealign sheet`: whether overlapping receptive fields bias the feedback of a convolution.

use crate::output::output;
use crate::static_weights::{Measurement, ROW_EVERY};
use anyhow::{Context, Result, ensure};
use spikealign::{
    alignment::LayerAlignment,
    feedback::random_weights,
    measurement::{SpikingPhase, sheet::Sheet, spiking_phase::STEPS_PER_SECOND},
    network::convolution::WINDOW,
};
use std::io::Write;

/// What to measure, and for how long.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Channels below and above
    #[arg(long, value_delimiter = '-', default_value = "16-32")]
    channels: Vec<usize>,
    #[command(flatten)]
    measurement: Measurement,
}

/// Prints a row of CSV for every 5 s: how the effects measured in one receptive field alone, at the middle of a sheet,
/// and everywhere in the sheet agree with the kernel.
pub fn run(arguments: Arguments) -> Result<()> {
    let Arguments { channels, measurement } = arguments;
    measurement.validate()?;
    let Measurement { seconds, seed, .. } = measurement;
    let estimator = measurement.estimator();
    let [inputs, outputs] = channels[..] else {
        anyhow::bail!("--channels must be two numbers, such as 16-32");
    };
    ensure!(
        [inputs, outputs].iter().all(|channels| (1..=128).contains(channels)),
        "--channels must be numbers from 1 to 128, such as 16-32"
    );
    let shape = [WINDOW * WINDOW * inputs, outputs];
    let kernel = &random_weights(&[shape], &mut measurement.generator())[0];
    let mut alone = SpikingPhase::new(&[shape], seconds, estimator, seed)?;
    alone.begin(&[kernel.t()])?;
    let mut sheet = Sheet::new(kernel.t(), WINDOW, seconds, estimator, seed)?;

    let mut out = output();
    writeln!(
        out,
        "sim_s,alone_sign_pct,alone_corr,middle_sign_pct,middle_corr,everywhere_sign_pct,everywhere_corr"
    )?;
    while alone.steps_done() < alone.steps_total() {
        let steps = alone.advance(ROW_EVERY).steps;
        sheet.advance(steps);
        let effects = [alone.causal_effects(0), sheet.in_the_middle(), sheet.everywhere()];
        let cells = effects.iter().map(|effects| {
            let alignment = LayerAlignment::between_entries(kernel.t(), effects.view());
            let correlation = alignment.measure("correlation").unwrap_or(f64::NAN);
            format!("{:.2},{correlation:.4}", 100.0 * alignment.sign_agreement())
        });
        let seconds = alone.steps_done() as f64 / STEPS_PER_SECOND;
        writeln!(out, "{seconds},{}", cells.collect::<Vec<_>>().join(",")).context("cannot write")?;
    }
    Ok(())
}
