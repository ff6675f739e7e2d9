//! The response of the population above, as the neurons below see it through their feedback.
//!
//! The feedback q is κ * the spikes of the upper neurons, up to the step before. The response to a
//! window is r = R/30 − R_pre: the mean of q within it, less q when it opened. With Q the running
//! sum of q, R is a difference of two Q; and since all windows are equally long, all that close in
//! one step share one response.

use super::neuron::Neurons;
use super::synapse::SpikeTrace;
use super::window::WINDOW;

/// Steps for which the feedback must be remembered: a window and the step that opened it.
const SPAN: usize = WINDOW + 1;

/// The feedback from one population, now and over the last window.
#[derive(Debug, Clone)]
pub struct Feedback {
    trace: SpikeTrace,
    size: usize,
    /// Sum of all feedback so far. A silent neuron adds exactly 0, so differences of sums are
    /// exactly 0 too.
    sum: Vec<f64>,
    /// The feedback of the last [`SPAN`] steps, `[SPAN][size]`.
    past: Vec<f64>,
    /// The sums of the last [`SPAN`] steps, `[SPAN][size]`.
    past_sum: Vec<f64>,
    step: usize,
    response: Vec<f32>,
    /// R_pre of the neurons below whose window opened when another closed: theirs is older.
    held: Vec<Option<Vec<f64>>>,
}

impl Feedback {
    /// The feedback from `size` neurons to `lower` neurons below.
    pub fn new(lower: usize, size: usize) -> Self {
        Self {
            trace: SpikeTrace::new(size),
            size,
            sum: vec![0.0; size],
            past: vec![0.0; SPAN * size],
            past_sum: vec![0.0; SPAN * size],
            step: 0,
            response: vec![0.0; size],
            held: vec![None; lower],
        }
    }

    /// One step later, after the `upper` neurons made theirs.
    #[inline(always)]
    pub fn step(&mut self, upper: &Neurons) {
        let slot = self.slot();
        let past = &mut self.past[slot.clone()];
        self.trace.step(upper.history(), past);
        for ((sum, past_sum), feedback) in self.sum.iter_mut().zip(&mut self.past_sum[slot]).zip(past) {
            *sum += *feedback;
            *past_sum = *sum;
        }
        self.step += 1;
    }

    /// The response to the window of `neuron` that closes in this step, before the upper neurons
    /// make theirs; one value per upper neuron.
    #[inline(always)]
    pub fn response(&mut self, neuron: u32) -> &[f32] {
        let slot = self.slot();
        let before = match &self.held[neuron as usize] {
            Some(held) => held,
            None => &self.past[slot.clone()],
        };
        for (((response, sum), past_sum), before) in
            self.response.iter_mut().zip(&self.sum).zip(&self.past_sum[slot]).zip(before)
        {
            *response = ((sum - past_sum) * (1.0 / WINDOW as f64) - before) as f32;
        }
        &self.response
    }

    /// Notes whether the next window of `neuron` opens in the very step in which this one closes.
    /// R_pre is only taken outside windows, so the next one keeps that of this one.
    #[inline(always)]
    pub fn hold(&mut self, neuron: u32, reopened: bool) {
        let slot = self.slot();
        let held = &mut self.held[neuron as usize];
        if !reopened {
            *held = None;
        } else if held.is_none() {
            *held = Some(self.past[slot].to_vec());
        }
    }

    /// Where the oldest step is, which the next one replaces.
    fn slot(&self) -> std::ops::Range<usize> {
        let start = self.step % SPAN * self.size;
        start..start + self.size
    }
}
