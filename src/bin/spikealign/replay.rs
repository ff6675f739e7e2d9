//! `spikealign replay`: a recorded spiking phase, simulated again and compared.

use crate::output::output;
use anyhow::{Result, ensure};
use spikealign::replay::Recording;
use std::{io::Write, path::PathBuf};

/// Which recording to replay.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The recording (.npz)
    file: PathBuf,
}

/// Prints the comparison as a table; an error if anything differs by more than allowed.
pub fn run(arguments: Arguments) -> Result<()> {
    let comparison = Recording::read(&arguments.file)?.compare();
    write!(output(), "{comparison}")?;
    ensure!(comparison.passes(), "{} is not reproduced", arguments.file.display());
    Ok(())
}
