//! Fills feedback weights between two epochs: a phase in which neurons measure their effects, layer by layer.
//!
//! A new kind of measurement is a file here; a learning rule that wants it names its [`Create`].

pub mod diagnosis;
pub mod discontinuity;
pub mod sheet;
pub mod spiking_phase;

pub use spiking_phase::SpikingPhase;

use crate::{
    Error,
    spiking::{Confounding, EstimatorName},
};
use ndarray::{Array2, ArrayView2};

/// A measurement of a list of layers, phase after phase. Its estimates are kept from phase to phase.
pub trait Measurement {
    /// Begins a phase with the `forward` weights `[n_out, n_in]` of each layer.
    ///
    /// # Errors
    /// [`Error::Shape`] for weights of another shape than the layers have.
    fn begin(&mut self, forward: &[ArrayView2<'_, f32>]) -> Result<(), Error>;

    /// Does some milliseconds of work.
    fn advance(&mut self) -> Advance;

    /// The effects `[n_in, n_out]` of a layer, counted among those that are measured, as estimated so far; exactly 0
    /// where never estimated.
    fn effects(&self, layer: usize) -> Array2<f32>;

    /// Steps of 1 ms that are done in this phase, and all of them.
    fn steps(&self) -> Steps;

    /// All that is needed to resume from here, as bytes.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it cannot be written.
    fn save(&mut self) -> Result<Vec<u8>, Error>;

    /// Resumes from what [`save`](Self::save) wrote; a running phase must have begun with the `forward` weights.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that no measurement with these settings can have written. The measurement must
    /// then not be used.
    fn restore(&mut self, saved: &[u8], forward: &[ArrayView2<'_, f32>]) -> Result<(), Error>;
}

/// What a measurement did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    /// Steps that were simulated; 0 when the phase is over.
    pub steps: usize,
    /// Windows that closed in them.
    pub windows: usize,
    /// The layer whose effects are now due to be written into its feedback weights.
    pub write_back: Option<usize>,
}

/// How far a phase has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// Steps of 1 ms since the phase began.
    pub done: usize,
    /// Steps in the phase that is running; 0 if none has begun.
    pub total: usize,
    /// Steps in a whole phase.
    pub phase: usize,
}

/// What a measurement is made of.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// The shape `[n_in, n_out]` of each layer that is measured, from the bottom.
    pub shapes: &'a [[usize; 2]],
    /// Seconds of simulated time in a phase, in equal shares for each layer.
    pub seconds: f64,
    /// The estimator that the settings name.
    pub estimator: EstimatorName,
    /// What confounds the measurement.
    pub confounding: Confounding,
    /// The seed of everything random.
    pub seed: u32,
}

/// Makes a measurement.
pub type Create = fn(&Setup<'_>) -> Result<Box<dyn Measurement>, Error>;
