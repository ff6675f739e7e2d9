//! What `align` and `sheet` have in common: causal effects of random weights that do not change, measured for a while.

use crate::settings::names;
use anyhow::{Result, ensure};
use spikealign::{
    random::{Generator, Stream, generator},
    setting::Value,
    spiking::{Confounding, EstimatorName, estimator, source::Shared},
};

/// Steps between two rows.
pub const ROW_EVERY: usize = 5_000;

/// How to measure, and for how long.
#[derive(Debug, clap::Args)]
pub struct Measurement {
    /// Seconds of simulated time for each layer
    #[arg(long, default_value_t = 150.0)]
    pub seconds: f64,
    /// Seed of the weights and of the drive
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// How a neuron estimates its causal effects
    #[arg(long, default_value = "gradient", value_parser = names(estimator::choices()))]
    estimator: String,
}

/// What confounds the measurement.
#[derive(Debug, clap::Args)]
pub struct Confounder {
    /// Who gets the spikes of a common source
    #[arg(long, default_value = "none", value_parser = names(Shared::choices()))]
    confounding: String,
    /// Weight of the common source to the neurons above
    #[arg(long, default_value_t = 1000.0)]
    confounding_gain: f64,
}

impl Confounder {
    pub fn confounding(&self) -> Result<Confounding> {
        let gain = self.confounding_gain;
        ensure!(
            (0.0..=10_000.0).contains(&gain),
            "--confounding-gain is {gain}, but it must be from 0 to 10000"
        );
        // It is one of the names.
        Ok(Confounding { shared: Shared::read(&self.confounding).unwrap_or_default(), gain })
    }
}

impl Measurement {
    /// Checks what is not checked where it is read.
    pub fn validate(&self) -> Result<()> {
        let seconds = self.seconds;
        ensure!((0.0..=1e6).contains(&seconds), "--seconds is {seconds}, but it must be from 0 to 1000000");
        Ok(())
    }

    pub fn estimator(&self) -> EstimatorName {
        // It is one of the names.
        EstimatorName::read(&self.estimator).unwrap_or_default()
    }

    /// What draws the weights.
    pub fn generator(&self) -> Generator {
        generator(self.seed, Stream::ForwardWeights)
    }
}
