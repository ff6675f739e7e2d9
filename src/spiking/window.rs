//! Discontinuity windows: when a neuron comes close to its threshold, what follows is integrated.
//!
//! A window opens when the drive u is within [`ENTRY_BAND`] of the threshold and closes after
//! [`WINDOW`] steps. The drive is the potential as it would be without the spikes since the window
//! opened; its largest value says how far above or below the threshold the neuron was driven.

use super::neuron::{Neurons, THRESHOLD, integrate};

/// Steps in a window.
pub const WINDOW: usize = 30;
/// A window opens when |θ − u| is at most this.
const ENTRY_BAND: f64 = 0.1;

/// Of a neuron's history at the end of its window: the steps in which a spike counts. The step that
/// closes the window does not count, nor can there be a spike in the one that opened it.
const COUNTED: u32 = (1 << WINDOW) - 2;

/// A window that has closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closed {
    /// Whose window it was.
    pub neuron: u32,
    /// Spikes of the neuron in its window.
    pub spikes: u32,
    /// The largest drive u in the window, at least 0.
    pub largest_drive: f64,
    /// Whether the next window opened in the very step in which this one closed.
    pub reopened: bool,
}

/// The windows of a population.
#[derive(Debug, Clone)]
pub struct Windows {
    /// u: inside a window the potential without its resets, outside the potential itself.
    drive: Vec<f64>,
    /// Largest u since the window opened; meaningless outside.
    largest: Vec<f64>,
    open: Vec<bool>,
    /// The neurons whose windows close, one list a step of the next [`WINDOW`] ones.
    closing: Vec<Vec<u32>>,
    closed: Vec<Closed>,
    step: usize,
}

impl Windows {
    /// No window open, for the neurons as they are.
    pub fn new(neurons: &Neurons) -> Self {
        let size = neurons.potential.len();
        Self {
            drive: neurons.potential.clone(),
            largest: vec![0.0; size],
            open: vec![false; size],
            closing: vec![Vec::new(); WINDOW],
            closed: Vec::with_capacity(size),
            step: 0,
        }
    }

    /// The drive u of each neuron.
    pub fn drive(&self) -> &[f64] {
        &self.drive
    }

    /// Whether each neuron is in a window.
    pub fn open(&self) -> &[bool] {
        &self.open
    }

    /// The windows that closed in the last step.
    pub fn closed(&self) -> &[Closed] {
        &self.closed
    }

    /// One step, after the `neurons` made theirs with the same `input`.
    pub fn step(&mut self, input: &[f64], neurons: &Neurons) {
        // u follows the equation of v, so outside a window the two stay equal without any help,
        // until a spike resets v.
        for ((largest, drive), &input) in self.largest.iter_mut().zip(&mut self.drive).zip(input) {
            *largest = largest.max(*drive);
            *drive = integrate(*drive, input);
        }
        for &neuron in &neurons.spikes {
            let neuron = neuron as usize;
            if !self.open[neuron] {
                self.drive[neuron] = neurons.potential[neuron];
            }
        }

        let closing = &mut self.closing[self.step % WINDOW];
        self.closed.clear();
        for &neuron in closing.iter() {
            let index = neuron as usize;
            self.closed.push(Closed {
                neuron,
                spikes: (neurons.history[index] & COUNTED).count_ones(),
                largest_drive: self.largest[index],
                reopened: near_threshold(neurons.potential[index]),
            });
            self.open[index] = false;
            self.drive[index] = neurons.potential[index];
        }
        closing.clear();
        for (neuron, (drive, open)) in self.drive.iter().zip(&mut self.open).enumerate() {
            if near_threshold(*drive) && !*open {
                *open = true;
                self.largest[neuron] = 0.0;
                closing.push(neuron as u32);
            }
        }
        self.step += 1;
    }
}

/// Whether a window opens at this drive.
#[inline(always)]
fn near_threshold(drive: f64) -> bool {
    (THRESHOLD - drive).abs() <= ENTRY_BAND
}
