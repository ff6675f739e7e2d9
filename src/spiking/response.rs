//! The feedback from the population above, as the neurons below receive it.
//!
//! The feedback q is κ * the spikes of the upper neurons, up to the step before. A window needs R/30, the mean of q in
//! the window, and R_pre, its value when the window opened. With Q the running sum of q, R is a difference of two Q;
//! and since all windows are equally long, all that close in one step share one R and, with few exceptions, one R_pre.

use super::neuron::Neurons;
use super::synapse::SpikeTrace;
use super::window::WINDOW;
use serde::{Deserialize, Serialize};

/// Steps for which the feedback must be remembered: a window and the step that opened it.
pub(crate) const SPAN: usize = WINDOW + 1;

/// R_pre of a neuron below whose window opened when another closed: it is older than its window.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) is_held: bool,
    pub(crate) before: Vec<f32>,
}

/// The feedback from one population, now and over the last window.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Feedback {
    pub(crate) trace: SpikeTrace,
    pub(crate) size: usize,
    /// q.
    pub(crate) now: Vec<f64>,
    /// Sum of all feedback so far. A silent neuron adds exactly 0, so differences of sums are
    /// exactly 0 too.
    pub(crate) sum: Vec<f64>,
    /// The feedback of the last [`SPAN`] steps, `[SPAN][size]`.
    pub(crate) past: Vec<f32>,
    /// The sums of the last [`SPAN`] steps, `[SPAN][size]`.
    pub(crate) past_sum: Vec<f64>,
    pub(crate) step: usize,
    pub(crate) mean: Vec<f32>,
    pub(crate) held: Vec<Held>,
}

impl Feedback {
    /// The feedback from `size` neurons to `lower` neurons below.
    pub fn new(lower: usize, size: usize) -> Self {
        Self {
            trace: SpikeTrace::new(size),
            size,
            now: vec![0.0; size],
            sum: vec![0.0; size],
            past: vec![0.0; SPAN * size],
            past_sum: vec![0.0; SPAN * size],
            step: 0,
            mean: vec![0.0; size],
            held: vec![Held::default(); lower],
        }
    }

    /// One step later, after the `upper` neurons made theirs.
    #[inline(always)]
    pub fn step(&mut self, upper: &Neurons) {
        self.trace.step(upper.history(), &mut self.now);
        let slot = self.slot();
        let past = self.past[slot.clone()].iter_mut().zip(&mut self.past_sum[slot]);
        for (((past, past_sum), sum), &now) in past.zip(&mut self.sum).zip(&self.now) {
            *sum += now;
            *past = now as f32;
            *past_sum = *sum;
        }
        self.step += 1;
    }

    /// q, one value per upper neuron.
    pub fn now(&self) -> &[f64] {
        &self.now
    }

    /// Computes R/30 for the windows that close in this step, before the upper neurons make theirs.
    #[inline(always)]
    pub fn close_windows(&mut self) {
        let past_sum = &self.past_sum[self.slot()];
        for ((mean, sum), past_sum) in self.mean.iter_mut().zip(&self.sum).zip(past_sum) {
            *mean = ((sum - past_sum) * (1.0 / WINDOW as f64)) as f32;
        }
    }

    /// R/30 of the windows that close in this step, one value per upper neuron.
    pub fn mean(&self) -> &[f32] {
        &self.mean
    }

    /// R_pre of the window of `neuron` that closes in this step, one value per upper neuron.
    #[inline(always)]
    pub fn before(&self, neuron: u32) -> &[f32] {
        let Held { is_held, before } = &self.held[neuron as usize];
        if *is_held { before } else { &self.past[self.slot()] }
    }

    /// Notes whether the next window of `neuron` opens in the very step in which this one closes. R_pre is only read
    /// outside windows, so the next window keeps this one's R_pre.
    #[inline(always)]
    pub fn hold(&mut self, neuron: u32, reopened: bool) {
        let slot = self.slot();
        let Held { is_held, before } = &mut self.held[neuron as usize];
        if reopened && !*is_held {
            before.clear();
            before.extend_from_slice(&self.past[slot]);
        }
        *is_held = reopened;
    }

    /// Where the oldest step is, which the next one replaces.
    fn slot(&self) -> std::ops::Range<usize> {
        let start = self.step % SPAN * self.size;
        start..start + self.size
    }
}
