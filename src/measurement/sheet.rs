//! A sheet of a convolution, to see whether overlapping receptive fields bias what is measured in one of them alone.
//!
//! The spiking phase measures a convolution in one receptive field, whose neurons drive one position above. In a real
//! convolution a neuron drives up to 25 positions, and neighbouring positions share most of their input. Here nine
//! positions are simulated with all that they see.

use crate::Error;
use crate::random::{Generator, Stream, generator};
use crate::spiking::circuit::Circuit;
use crate::spiking::drive::Drive;
use crate::spiking::estimator::{AnyEstimator, Estimator, EstimatorName};
use crate::spiking::synapse::Synapses;
use ndarray::{Array2, ArrayView2};

/// Rows and columns of a receptive field.
pub const FIELD: usize = 5;
/// Rows and columns of positions above.
pub const POSITIONS: usize = 3;
/// Rows and columns of what these see.
pub const SIDE: usize = POSITIONS + FIELD - 1;

/// 7 × 7 places below, 3 × 3 positions above, the same kernel at each position, and every neuron below measures its
/// effect on all that it is connected with.
pub struct Sheet {
    channels: [usize; 2],
    circuit: Circuit,
    drive: Drive,
    estimator: AnyEstimator,
    generator: Generator,
    spikes: [Vec<u32>; 2],
}

impl Sheet {
    /// A sheet at rest with the weights of a `kernel`, `[n_out, 25 · n_in]` with the channels `n_in` of a place side by
    /// side. They count as much as in one receptive field alone.
    ///
    /// # Errors
    /// [`Error::Shape`] for a kernel without weights, or whose columns are no multiple of 25.
    pub fn new(kernel: ArrayView2<'_, f32>, estimator: EstimatorName, seed: u32) -> Result<Self, Error> {
        let (outputs, inputs) = kernel.dim();
        let channels = [inputs / (FIELD * FIELD), outputs];
        if kernel.is_empty() || !inputs.is_multiple_of(FIELD * FIELD) {
            return Err(Error::Shape {
                what: "the kernel of a sheet",
                found: vec![outputs, inputs],
                expected: vec![outputs.max(1), FIELD * FIELD * channels[0].max(1)],
            });
        }
        let [lower, upper] = [SIDE * SIDE * channels[0], POSITIONS * POSITIONS * channels[1]];
        let mut forward = Array2::zeros((upper, lower));
        for_each_synapse(channels, |[below, above], [entry, channel]| {
            forward[[above, below]] = kernel[[channel, entry]];
        });
        let synapses = Synapses::scaled(forward.view(), Synapses::scale_of(kernel));
        Ok(Self {
            channels,
            circuit: Circuit::of_synapses(lower, vec![synapses]),
            drive: Drive::new(lower),
            estimator: AnyEstimator::new(estimator, lower, upper),
            generator: generator(seed, Stream::Drive),
            spikes: Default::default(),
        })
    }

    /// Simulates `steps` of 1 ms.
    pub fn advance(&mut self, steps: usize) {
        let Self { circuit, drive, estimator, generator, spikes, .. } = self;
        for _ in 0..steps {
            circuit.step(drive.step(generator), |event| estimator.observe(event));
            if estimator.reads_spikes() {
                let [lower, upper] = spikes;
                circuit.list_spikes(0, lower);
                circuit.list_spikes(1, upper);
                estimator.step(lower, upper);
            }
        }
    }

    /// The causal effects `[25 · n_in, n_out]` within the receptive field of the position in the middle.
    pub fn in_the_middle(&self) -> Array2<f32> {
        self.mean(|position| position == POSITIONS * POSITIONS / 2)
    }

    /// The same, averaged over all positions.
    pub fn everywhere(&self) -> Array2<f32> {
        self.mean(|_| true)
    }

    fn mean(&self, counts: impl Fn(usize) -> bool) -> Array2<f32> {
        let effects = self.estimator.causal_effects();
        let mut mean = Array2::zeros((FIELD * FIELD * self.channels[0], self.channels[1]));
        for_each_synapse(self.channels, |[below, above], [entry, channel]| {
            if counts(above / self.channels[1]) {
                mean[[entry, channel]] += effects[[below, above]];
            }
        });
        let positions = (0..POSITIONS * POSITIONS).filter(|&position| counts(position)).count();
        mean / positions as f32
    }
}

/// For each synapse, the neurons below and above, and the row and column of its weight in the kernel's transpose.
fn for_each_synapse([inputs, outputs]: [usize; 2], mut visit: impl FnMut([usize; 2], [usize; 2])) {
    for position in 0..POSITIONS * POSITIONS {
        for entry in 0..FIELD * FIELD * inputs {
            let (place, input) = (entry / inputs, entry % inputs);
            let row = position / POSITIONS + place / FIELD;
            let column = position % POSITIONS + place % FIELD;
            let below = (row * SIDE + column) * inputs + input;
            for output in 0..outputs {
                visit([below, position * outputs + output], [entry, output]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{alignment::LayerAlignment, feedback::random_weights};

    #[test]
    fn every_position_has_the_whole_kernel_and_neurons_in_the_middle_drive_all_positions() {
        let mut below_middle = 0;
        let mut count = 0;
        for_each_synapse([2, 3], |[below, above], [entry, channel]| {
            assert!(below < SIDE * SIDE * 2 && above < POSITIONS * POSITIONS * 3);
            assert_eq!((above % 3, below % 2), (channel, entry % 2));
            count += 1;
            below_middle += usize::from(below == (SIDE * SIDE / 2) * 2);
        });
        assert_eq!(count, 9 * 25 * 2 * 3);
        assert_eq!(below_middle, 9 * 3);
    }

    #[test]
    fn the_signs_of_the_kernel_are_found() {
        let kernel = &random_weights(&[[50, 4]], &mut generator(3, Stream::ForwardWeights))[0];
        let mut sheet = Sheet::new(kernel.t(), EstimatorName::Shrinkage, 3).unwrap();
        sheet.advance(20_000);
        let signs = |effects: Array2<f32>| {
            LayerAlignment::between_entries(kernel.t(), effects.view()).sign_agreement()
        };
        let [one, all] = [signs(sheet.in_the_middle()), signs(sheet.everywhere())];
        assert!(one > 0.65 && all > one, "{one} {all}");
    }

    #[test]
    fn a_kernel_of_another_field_is_refused() {
        let kernel = Array2::zeros((4, 49));
        assert!(Sheet::new(kernel.view(), EstimatorName::Gradient, 1).is_err());
    }
}
