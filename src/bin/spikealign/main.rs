//! The native program: flags, progress bars and files. No science lives here.

mod data;
mod train;

use clap::{Parser, Subcommand};
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
    /// Trains one network by one rule; a record an epoch, as JSON lines on standard output
    Train(train::Arguments),
    /// Finds a data set on this machine, or downloads it from its publisher
    Data(data::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Train(arguments) => train::run(arguments),
        Command::Data(arguments) => data::run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("spikealign: {error:#}");
            ExitCode::FAILURE
        }
    }
}
