//! `spikealign train`: one experiment, its records on standard output.

use crate::checkpoint_file::CheckpointFile;
use crate::data;
use crate::output::output;
use crate::settings::Settings;
use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use spikealign::{
    checkpoint,
    configuration::Configuration,
    data::Images,
    experiment::{Experiment, Progress, Stage, files},
};
use std::{path::PathBuf, sync::Arc};

/// Chunks of work between two movements of the progress bar.
const CHUNKS: usize = 16;

/// The settings of the experiment, and where its images are.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: Settings,
    /// The folder with the files of the data set
    #[arg(long)]
    data: Option<PathBuf>,
    /// Saves the run in FILE with every record, and resumes from FILE if it exists
    ///
    /// A resumed run prints only the records that FILE lacks: append them to the output of the interrupted run to get
    /// the whole. A run that was killed after a record was printed and before it was saved prints that record again;
    /// `summary` counts it once. No other run can use FILE meanwhile. The settings must be those that FILE was begun
    /// with, except that --epochs may be raised. The page can resume from FILE too, and this program from a checkpoint of
    /// the page.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

/// Trains, and prints each record at once.
pub fn run(Arguments { settings: Settings(configuration), data, checkpoint }: Arguments) -> Result<()> {
    configuration.validate()?;
    let mut file = checkpoint.as_deref().map(CheckpointFile::open).transpose()?;
    let saved = file.as_mut().map(CheckpointFile::read).transpose()?.flatten();
    if let (Some(path), Some(bytes)) = (&checkpoint, &saved) {
        let begun_with = checkpoint::read(bytes).with_context(|| path.display().to_string())?.configuration;
        check_settings(&begun_with, &configuration).with_context(|| path.display().to_string())?;
    }
    let images = Arc::new(data::load(&configuration, data.as_deref())?);
    let mut experiment = match saved {
        Some(bytes) => resume(&bytes, images, configuration.epochs)?,
        None => Experiment::new(configuration, images)?,
    };
    // A file that can't be written fails now, not after an epoch.
    if let Some(file) = &mut file {
        file.save(&experiment.checkpoint()?)?;
    }
    let bar = ProgressBar::new(0)
        .with_style(ProgressStyle::with_template("{msg:>24} {wide_bar} {pos}/{len} {elapsed}")?);
    let mut output = output();
    loop {
        let progress = experiment.advance(CHUNKS)?;
        for record in &progress.records {
            bar.suspend(|| output.write_line(&files::json(record)))?;
        }
        // After they are printed: if the program ends in between, a record is printed twice, but none is lost.
        if let (Some(file), [_, ..]) = (&mut file, &progress.records[..]) {
            file.save(&experiment.checkpoint()?)?;
        }
        if progress.stage == Stage::Done {
            bar.finish_and_clear();
            return Ok(());
        }
        show(&bar, &progress);
    }
}

/// Goes on from a checkpoint, for `epochs` epochs in all.
fn resume(bytes: &[u8], images: Arc<Images>, epochs: usize) -> Result<Experiment> {
    let mut experiment = Experiment::resume(bytes, images)?;
    experiment.set_epochs(epochs)?;
    Ok(experiment)
}

/// Names the first setting that is not the one that a run was begun with. There may be more epochs.
fn check_settings(begun_with: &Configuration, wanted: &Configuration) -> Result<()> {
    ensure!(
        wanted.epochs >= begun_with.epochs,
        "the run was begun with --epochs {}, which can be raised but not lowered to {}",
        begun_with.epochs,
        wanted.epochs
    );
    for setting in Configuration::settings() {
        let name = setting.name.as_str();
        let [before, now] = [begun_with, wanted].map(|settings| settings.get(name).unwrap_or_default());
        ensure!(
            name == "epochs" || before == now,
            "the run was begun with --{} {before}, not {now}; use the same settings, or another file",
            name.replace('_', "-"),
        );
    }
    ensure!(
        begun_with.rule_settings == wanted.rule_settings,
        "the run was begun with other values of --rule-setting; use those, or another file"
    );
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_setting_that_differs_is_named() {
        let begun_with = Configuration::default();
        let problem =
            |wanted: &Configuration| check_settings(&begun_with, wanted).map_err(|error| error.to_string());
        assert_eq!(problem(&begun_with), Ok(()));
        assert_eq!(problem(&Configuration { epochs: 7, ..begun_with.clone() }), Ok(()));
        let fewer = Configuration { epochs: 5, ..begun_with.clone() };
        assert_eq!(
            problem(&fewer).unwrap_err(),
            "the run was begun with --epochs 6, which can be raised but not lowered to 5"
        );
        let slower = Configuration { learning_rate: 0.001, ..begun_with.clone() };
        assert_eq!(
            problem(&slower).unwrap_err(),
            "the run was begun with --learning-rate 0.01, not 0.001; use the same settings, or another file"
        );
    }
}
