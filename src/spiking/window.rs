//! Discontinuity windows: when a neuron comes close to its threshold, its feedback is integrated.
//!
//! A window opens when the drive u is within [`ENTRY_BAND`] of the threshold and closes after [`WINDOW`] steps. The
//! drive is the potential without the spikes since the window opened; its largest value is how far above or below the
//! threshold the neuron was driven.

use super::list_rare;
use super::neuron::{Neurons, THRESHOLD, integrate};
use super::roster::Roster;
use serde::{Deserialize, Serialize};

/// Steps in a window.
pub const WINDOW: usize = 30;
/// A window opens when |θ − u| is at most this.
pub const ENTRY_BAND: f64 = 0.1;

/// In a neuron's history at the end of its window, the steps in which a spike counts. The step that closes the window
/// does not count, nor can there be a spike in the one that opened it.
const COUNTED: u32 = (1 << WINDOW) - 2;

/// A window that has closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closed {
    /// Whose window it was.
    pub neuron: u32,
    /// The spikes of the neuron that count: bit `x` is set for a spike `x` steps before the last.
    pub spikes: u32,
    /// The largest drive u in the window, at least 0.
    pub largest_drive: f64,
    /// Whether the next window opened in the very step in which this one closed.
    pub reopened: bool,
}

/// The windows of a population. Drives are kept by place, see [`Roster`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Windows {
    /// u: inside a window the potential without its resets, outside the potential itself.
    pub(crate) drive: Vec<f64>,
    /// Largest u since the window opened; meaningless outside.
    pub(crate) largest: Vec<f64>,
    pub(crate) open: Vec<bool>,
    /// The neurons whose windows close, one list a step of the next [`WINDOW`] ones.
    pub(crate) closing: Vec<Vec<u32>>,
    #[serde(skip)]
    pub(crate) closed: Vec<Closed>,
    /// The places of neurons whose u came near the threshold in this step, in a window or not.
    #[serde(skip)]
    pub(crate) near: Vec<u32>,
    pub(crate) step: usize,
}

impl Windows {
    /// No window open, for the neurons as they are.
    pub fn new(neurons: &Neurons) -> Self {
        let size = neurons.potential().len();
        Self {
            drive: neurons.potential().to_vec(),
            largest: vec![0.0; size],
            open: vec![false; size],
            closing: vec![Vec::new(); WINDOW],
            closed: Vec::with_capacity(size),
            near: Vec::with_capacity(size),
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

    /// Adds a neuron that has long been without input, in the last place.
    pub fn wake(&mut self) {
        self.drive.push(0.0);
        self.largest.push(0.0);
        self.open.push(false);
    }

    /// Removes the neuron in a place; the last one moves there. It must not be in a window.
    pub fn sleep(&mut self, place: usize) {
        self.drive.swap_remove(place);
        self.largest.swap_remove(place);
        self.open.swap_remove(place);
    }

    /// One step, after the `neurons` made theirs with the same `input`. `spikes` are the places of
    /// those that spiked in this step.
    #[inline(always)]
    pub fn step(&mut self, input: &[f64], neurons: &Neurons, roster: &Roster, spikes: &[u32]) {
        self.integrate(input);

        let potential = neurons.potential();
        for &place in spikes {
            let place = place as usize;
            if !self.open[place] {
                self.drive[place] = potential[place];
            }
        }

        let closing = &mut self.closing[self.step % WINDOW];
        self.closed.clear();
        closing.retain(|&neuron| {
            let Some(place) = roster.place(neuron) else { return false };
            let place = place as usize;
            let reopened = near_threshold(potential[place]);
            self.closed.push(Closed {
                neuron,
                spikes: neurons.history()[place] & COUNTED,
                largest_drive: self.largest[place],
                reopened,
            });
            self.open[place] = reopened;
            self.largest[place] = 0.0;
            self.drive[place] = potential[place];
            reopened
        });
        // The windows that open now close when this list comes round again.
        for &place in &self.near {
            let index = place as usize;
            if !self.open[index] && near_threshold(potential[index]) {
                self.open[index] = true;
                self.largest[index] = 0.0;
                closing.push(roster.neuron(place));
            }
        }
        self.step += 1;
    }

    /// Moves u, keeps its largest value, and lists the neurons with u near the threshold.
    ///
    /// u follows the equation of v, so outside a window the two stay equal without any help, until
    /// a spike resets v.
    #[inline(always)]
    fn integrate(&mut self, input: &[f64]) {
        for ((drive, largest), &input) in self.drive.iter_mut().zip(&mut self.largest).zip(input) {
            // A comparison, not `max`, which would also handle NaN.
            let most = if *drive > *largest { *drive } else { *largest };
            *drive = integrate(*drive, input);
            *largest = most;
        }
        list_rare(&self.drive, |&drive| near_threshold(drive), &mut self.near);
    }
}

/// Whether a window opens at this drive.
#[inline(always)]
fn near_threshold(drive: f64) -> bool {
    (THRESHOLD - drive).abs() <= ENTRY_BAND
}
