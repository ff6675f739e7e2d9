//! The native program: flags, progress bars and files. No science lives here.

mod align;
mod checkpoint_file;
mod data;
mod diagnose;
mod lock;
mod output;
mod replay;
mod settings;
mod sheet;
mod static_weights;
mod summary;
mod train;

use clap::{Parser, Subcommand};
use output::printable;
use std::process::ExitCode;

/// Learning without weight transport, measured by spikes.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Trains one network by one rule, and prints one record per epoch, as JSON lines
    Train(train::Arguments),
    /// Reads records back, and prints the mean over the seeds, for every rule and epoch, as a table
    Summary(summary::Arguments),
    /// Finds a data set on this machine, or downloads it from its publisher
    Data(data::Arguments),
    /// Measures how fast causal effects find static random weights, as CSV on standard output
    Align(align::Arguments),
    /// Asks whether the windows of a layer are a regression discontinuity, as CSV on standard output
    Diagnose(diagnose::Arguments),
    /// Compares what is measured in one receptive field alone with a sheet of overlapping ones, as CSV on standard output
    Sheet(sheet::Arguments),
    /// Replays a recorded spiking phase and compares every number; fails if one is off
    Replay(replay::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Train(arguments) => train::run(arguments),
        Command::Summary(arguments) => summary::run(arguments),
        Command::Data(arguments) => data::run(arguments),
        Command::Align(arguments) => align::run(arguments),
        Command::Diagnose(arguments) => diagnose::run(arguments),
        Command::Sheet(arguments) => sheet::run(arguments),
        Command::Replay(arguments) => replay::run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("spikealign: {}", printable(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}
