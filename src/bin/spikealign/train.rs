//! `spikealign train`: one experiment, its records on standard output.

use crate::data;
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use spikealign::{
    configuration::Configuration,
    experiment::{Experiment, Progress, Stage},
};
use std::{
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

/// Chunks of work between two movements of the progress bar.
const CHUNKS: usize = 16;

/// The settings of the experiment, and where its images are.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    configuration: Configuration,
    /// The folder with the files of the data set
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Trains, and prints each record as soon as it is there.
pub fn run(Arguments { configuration, data }: Arguments) -> Result<()> {
    configuration.validate()?;
    let images = Arc::new(data::load(&configuration, data.as_deref())?);
    let mut experiment = Experiment::new(configuration, images)?;
    let bar = ProgressBar::new(0)
        .with_style(ProgressStyle::with_template("{msg:>24} {wide_bar} {pos}/{len} {elapsed}")?);
    let mut output = io::stdout().lock();
    loop {
        let progress = experiment.advance(CHUNKS)?;
        for record in &progress.records {
            bar.suspend(|| -> Result<()> {
                serde_json::to_writer(&mut output, record)?;
                writeln!(output)?;
                Ok(output.flush()?)
            })?;
        }
        if progress.stage == Stage::Done {
            bar.finish_and_clear();
            return Ok(());
        }
        show(&bar, &progress);
    }
}

fn show(bar: &ProgressBar, progress: &Progress) {
    let (stage, unit) = match progress.stage {
        Stage::Spiking => ("spiking", "ms"),
        Stage::Training => ("training", "images"),
        Stage::Testing => ("testing", "images"),
        Stage::Done => ("done", ""),
    };
    bar.set_message(format!("epoch {}: {stage} ({unit})", progress.epoch));
    bar.set_length(progress.total as u64);
    bar.set_position(progress.done as u64);
}
