//! A sheet of a convolution, to see whether overlapping receptive fields bias the measurement in a single one.
//!
//! The spiking phase measures a convolution in one receptive field, whose neurons drive one position above. In a real
//! convolution a neuron drives up to 25 positions, and neighbouring positions share most of their input. Here nine
//! positions are simulated with all that they see.

use super::{Advance, SpikingPhase};
use crate::Error;
use crate::spiking::EstimatorName;
use crate::spiking::circuit::Circuit;
use crate::spiking::synapse::Synapses;
use ndarray::{Array2, ArrayView2};

/// Rows and columns of positions above.
pub const POSITIONS: usize = 3;

/// 3 × 3 positions above and all places that they see, with the same kernel at each position; every neuron below
/// measures its effect on all neurons it connects to.
pub struct Sheet {
    geometry: Geometry,
    phase: SpikingPhase,
}

/// The connections.
#[derive(Debug, Clone, Copy)]
struct Geometry {
    /// Rows and columns of a receptive field.
    field: usize,
    /// Channels below and above.
    channels: [usize; 2],
}

impl Sheet {
    /// A sheet at rest with the weights of a `kernel`, `[n_out, field² · n_in]` with the channels `n_in` of a place
    /// side by side, to be measured for `seconds` of simulated time. The weights are scaled as in a single receptive
    /// field.
    ///
    /// # Errors
    /// [`Error::Shape`] for a kernel without weights, or whose columns are no multiple of `field`².
    pub fn new(
        kernel: ArrayView2<'_, f32>,
        field: usize,
        seconds: f64,
        estimator: EstimatorName,
        seed: u32,
    ) -> Result<Self, Error> {
        let (outputs, inputs) = kernel.dim();
        let places = field * field;
        if kernel.is_empty() || !inputs.is_multiple_of(places) {
            return Err(Error::Shape {
                what: "the kernel of a sheet",
                found: vec![outputs, inputs],
                expected: vec![outputs.max(1), places * (inputs / places.max(1)).max(1)],
            });
        }
        let geometry = Geometry { field, channels: [inputs / places, outputs] };
        let shape @ [lower, upper] = geometry.shape();
        let mut forward = Array2::zeros((upper, lower));
        geometry.for_each_synapse(|[below, above], [entry, channel]| {
            forward[[above, below]] = kernel[[channel, entry]];
        });
        let synapses = Synapses::scaled(forward.view(), Synapses::scale_of(kernel));
        let mut phase = SpikingPhase::new(&[shape], seconds, estimator, seed)?;
        phase.begin_with(vec![Circuit::of_synapses(lower, vec![synapses])]);
        Ok(Self { geometry, phase })
    }

    /// Simulates at most `steps` steps of 1 ms: see [`SpikingPhase::advance`].
    pub fn advance(&mut self, steps: usize) -> Advance {
        self.phase.advance(steps)
    }

    /// The causal effects `[field² · n_in, n_out]` within the receptive field of the position in the middle.
    pub fn in_the_middle(&self) -> Array2<f32> {
        self.mean(|position| position == POSITIONS * POSITIONS / 2)
    }

    /// The same, averaged over all positions.
    pub fn everywhere(&self) -> Array2<f32> {
        self.mean(|_| true)
    }

    fn mean(&self, counts: impl Fn(usize) -> bool) -> Array2<f32> {
        let Geometry { field, channels: [inputs, outputs] } = self.geometry;
        let effects = self.phase.causal_effects(0);
        let mut mean = Array2::zeros((field * field * inputs, outputs));
        self.geometry.for_each_synapse(|[below, above], [entry, channel]| {
            if counts(above / outputs) {
                mean[[entry, channel]] += effects[[below, above]];
            }
        });
        let positions = (0..POSITIONS * POSITIONS).filter(|&position| counts(position)).count();
        mean / positions as f32
    }
}

impl Geometry {
    /// Rows and columns of all places below.
    fn side(self) -> usize {
        POSITIONS + self.field - 1
    }

    /// Neurons below and above.
    fn shape(self) -> [usize; 2] {
        let [inputs, outputs] = self.channels;
        [self.side().pow(2) * inputs, POSITIONS.pow(2) * outputs]
    }

    /// For each synapse, the neurons below and above, and the row and column of its weight in the kernel's transpose.
    fn for_each_synapse(self, mut visit: impl FnMut([usize; 2], [usize; 2])) {
        let Self { field, channels: [inputs, outputs] } = self;
        for position in 0..POSITIONS * POSITIONS {
            for entry in 0..field * field * inputs {
                let (place, input) = (entry / inputs, entry % inputs);
                let row = position / POSITIONS + place / field;
                let column = position % POSITIONS + place % field;
                let below = (row * self.side() + column) * inputs + input;
                for output in 0..outputs {
                    visit([below, position * outputs + output], [entry, output]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        alignment::LayerAlignment,
        feedback::random_weights,
        random::{Stream, generator},
    };

    #[test]
    fn every_position_has_the_whole_kernel_and_neurons_in_the_middle_drive_all_positions() {
        let geometry = Geometry { field: 5, channels: [2, 3] };
        let [lower, upper] = geometry.shape();
        assert_eq!([lower, upper], [7 * 7 * 2, 9 * 3]);
        let (mut count, mut below_middle) = (0, 0);
        geometry.for_each_synapse(|[below, above], [entry, channel]| {
            assert!(below < lower && above < upper);
            assert_eq!((above % 3, below % 2), (channel, entry % 2));
            count += 1;
            below_middle += usize::from(below == (7 * 7 / 2) * 2);
        });
        assert_eq!(count, 9 * 25 * 2 * 3);
        assert_eq!(below_middle, 9 * 3);
    }

    #[test]
    fn effects_are_those_of_the_synapses_of_a_position_or_their_mean() {
        let (field, inputs, outputs) = (2, 3, 2);
        let kernel = &random_weights(&[[12, 2]], &mut generator(3, Stream::ForwardWeights))[0];
        let mut sheet = Sheet::new(kernel.t(), field, 20.0, EstimatorName::Gradient, 3).unwrap();
        while sheet.advance(1_000).steps > 0 {}
        let effects = sheet.phase.causal_effects(0);
        let at = |row: usize, column: usize| {
            Array2::from_shape_fn((12, outputs), |(entry, output)| {
                let (place, input) = (entry / inputs, entry % inputs);
                let below = [row + place / field, column + place % field];
                let above = row * POSITIONS + column;
                effects[[(below[0] * 4 + below[1]) * inputs + input, above * outputs + output]]
            })
        };
        let mean = (0..9)
            .fold(Array2::<f32>::zeros((12, outputs)), |sum, position| sum + at(position / 3, position % 3));
        assert_ne!(at(0, 0), at(1, 1));
        assert_eq!(sheet.in_the_middle(), at(1, 1));
        assert_eq!(sheet.everywhere(), mean / 9.0);
    }

    #[test]
    fn the_signs_of_the_kernel_are_found() {
        let kernel = &random_weights(&[[50, 4]], &mut generator(3, Stream::ForwardWeights))[0];
        let mut sheet = Sheet::new(kernel.t(), 5, 20.0, EstimatorName::Shrinkage, 3).unwrap();
        while sheet.advance(1_000).steps > 0 {}
        let signs = |effects: Array2<f32>| {
            LayerAlignment::between_entries(kernel.t(), effects.view()).sign_agreement()
        };
        let [one, all] = [signs(sheet.in_the_middle()), signs(sheet.everywhere())];
        assert!(one > 0.65 && all > one, "{one} {all}");
    }

    #[test]
    fn a_kernel_of_another_field_is_refused() {
        let kernel = Array2::zeros((4, 49));
        for field in [0, 5] {
            assert!(Sheet::new(kernel.view(), field, 1.0, EstimatorName::Gradient, 1).is_err());
        }
    }
}
