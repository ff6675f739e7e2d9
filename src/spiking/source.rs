//! Common sources: Poisson spikes that reach the neurons below and above at once. They confound: the spikes of a neuron
//! and what comes back then go together, although neither causes the other.
//!
//! Each source adds to the input of a neuron below `g₀ · a · (κ * its spikes)`, and of a neuron above
//! `g₁ · b · (κ * its spikes)`, with gains `a` and `b` of the single neuron. g₀ is the weight of the drive, 4, and g₁ is
//! set.

use super::drive::Poisson;
use super::roster::Roster;
use super::synapse::DriveSynapses;
use crate::random::{Generator, Stream, batch_generator};
use crate::setting::{Choice, Value};
use ndarray::{Array1, Array2};
use rand::RngExt;
use serde::{Deserialize, Serialize};

/// Spikes per step of a source (50 Hz).
const RATE: f64 = 0.05;

/// Which neurons share a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shared {
    /// There is no source.
    #[default]
    None,
    /// One for all, with the same gain.
    Equal,
    /// One for all, with gains drawn from 0 to 2.
    Heterogeneous,
    /// One for all neurons above and every second one below, with the same gain.
    Half,
    /// Three for all, with gains drawn from 0 to 2 below, and from −2 to 2 above.
    Rank3,
}

impl Shared {
    const ALL: [(Self, Choice); 5] = [
        (Self::None, Choice { value: "none", label: "none (the paper)" }),
        (Self::Equal, Choice { value: "equal", label: "all, equally" }),
        (Self::Heterogeneous, Choice { value: "heterogeneous", label: "all, unequally" }),
        (Self::Half, Choice { value: "half", label: "half of the neurons below" }),
        (Self::Rank3, Choice { value: "rank3", label: "three sources, some inhibit above" }),
    ];

    /// All of them, to choose one.
    pub fn choices() -> Vec<Choice> {
        Self::ALL.map(|(_, choice)| choice).to_vec()
    }
}

impl Value for Shared {
    fn read(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, choice)| choice.value == text).map(|(shared, _)| *shared)
    }

    fn write(&self) -> String {
        Self::ALL.iter().find(|(shared, _)| shared == self).map_or("", |(_, choice)| choice.value).to_string()
    }
}

/// What confounds a spiking phase.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Confounding {
    /// Who shares a source.
    pub shared: Shared,
    /// g₁, its weight to the neurons above.
    pub gain: f64,
}

/// The common sources of a pair of populations.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sources {
    /// 4 κ * the spikes of each source.
    pub(crate) synapses: DriveSynapses,
    #[serde(skip)]
    pub(crate) roster: Roster,
    #[serde(skip)]
    rate: Poisson,
    /// What a neuron below, and one above, gets of each source: `[neuron, source]`.
    #[serde(skip)]
    gains: [Array2<f64>; 2],
    #[serde(skip)]
    spikes: Vec<u32>,
}

impl Sources {
    /// The sources of a layer of this `shape` `[n_in, n_out]`, if there are any. Their gains are drawn.
    pub fn new(
        Confounding { shared, gain }: Confounding,
        shape: [usize; 2],
        seed: u32,
        layer: usize,
    ) -> Option<Self> {
        let count = match shared {
            Shared::None => return None,
            Shared::Equal | Shared::Heterogeneous | Shared::Half => 1,
            Shared::Rank3 => 3,
        };
        let mut generator = batch_generator(seed, Stream::Gains, layer, 0);
        let mut draw = |low: f64| generator.random_range(low..2.0);
        let [below, above] = shape.map(|size| [size, count]);
        let mut gains = match shared {
            Shared::Half => {
                [Array2::from_shape_fn(below, |(neuron, _)| (neuron % 2) as f64), Array2::ones(above)]
            }
            Shared::Heterogeneous => {
                [below, above].map(|shape| Array2::from_shape_simple_fn(shape, || draw(0.0)))
            }
            Shared::Rank3 => [(below, 0.0), (above, -2.0)]
                .map(|(shape, low)| Array2::from_shape_simple_fn(shape, || draw(low))),
            Shared::None | Shared::Equal => [Array2::ones(below), Array2::ones(above)],
        };
        gains[1] *= gain / DriveSynapses::WEIGHT;
        Some(Self {
            synapses: DriveSynapses::new(count),
            roster: Roster::new(count),
            rate: Poisson::new(RATE),
            gains,
            spikes: Vec::new(),
        })
    }

    /// The gains of one source to the neurons above.
    pub fn gains_above(&self, source: usize) -> Array1<f64> {
        self.gains[1].column(source).to_owned()
    }

    /// Draws the spikes of the next step.
    pub fn step(&mut self, generator: &mut Generator) {
        self.spikes.clear();
        for source in 0..self.roster.awake() as u32 {
            let count = self.rate.sample(generator) as usize;
            self.spikes.extend(std::iter::repeat_n(source, count));
        }
        self.synapses.step(&self.roster, &self.spikes);
    }

    /// Adds what the lower (0) or the upper (1) population gets to its input. All of its neurons are awake.
    pub fn add(&self, population: usize, input: &mut [f64]) {
        for (input, gains) in input.iter_mut().zip(self.gains[population].rows()) {
            *input +=
                gains.iter().zip(self.synapses.current()).map(|(gain, current)| gain * current).sum::<f64>();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::generator;

    fn sources(shared: Shared) -> Sources {
        Sources::new(Confounding { shared, gain: 1_000.0 }, [400, 300], 3, 0).unwrap()
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for (shared, choice) in Shared::ALL {
            assert_eq!(
                (shared.write(), Shared::read(choice.value)),
                (choice.value.to_string(), Some(shared))
            );
        }
        assert_eq!(Shared::choices().len(), Shared::ALL.len());
        assert!(Sources::new(Confounding::default(), [2, 2], 1, 0).is_none());
        assert_eq!(Shared::read("all"), None);
    }

    #[test]
    fn a_source_reaches_whom_it_should_and_as_strongly_as_it_should() {
        let least_most = |gains: &Array2<f64>| {
            gains.iter().fold([f64::MAX, f64::MIN], |[low, high], &gain| [low.min(gain), high.max(gain)])
        };
        for (shared, below, above) in [
            (Shared::Equal, [1.0, 1.0], [1.0, 1.0]),
            (Shared::Half, [0.0, 1.0], [1.0, 1.0]),
            (Shared::Heterogeneous, [0.0, 2.0], [0.0, 2.0]),
            (Shared::Rank3, [0.0, 2.0], [-2.0, 2.0]),
        ] {
            let Sources { gains: [lower, upper], .. } = sources(shared);
            assert_eq!([lower.nrows(), upper.nrows()], [400, 300]);
            for (gains, expected) in [(lower, below), (upper / 250.0, above)] {
                let found = least_most(&gains);
                assert!(
                    (found[0] - expected[0]).abs() < 0.05 && (found[1] - expected[1]).abs() < 0.05,
                    "{found:?}"
                );
                let [mean, middle] = [gains.mean().unwrap(), (expected[0] + expected[1]) / 2.0];
                assert!((mean - middle).abs() < 0.2, "{shared:?}: {mean}");
            }
        }
        // Gains are drawn, and drawn again for another layer.
        let of_layer = |layer| {
            let confounding = Confounding { shared: Shared::Heterogeneous, gain: 1.0 };
            Sources::new(confounding, [3, 3], 3, layer).unwrap().gains
        };
        assert_eq!(of_layer(0), of_layer(0));
        assert_ne!(of_layer(0), of_layer(1));
    }

    #[test]
    fn both_populations_get_the_same_spikes_at_50_hz() {
        let mut sources = sources(Shared::Half);
        let mut generator = generator(3, Stream::Drive);
        let mut sums = [0.0; 3];
        for _ in 0..20_000 {
            sources.step(&mut generator);
            let (mut lower, mut upper) = ([0.0; 2], [1.0]);
            sources.add(0, &mut lower);
            sources.add(1, &mut upper);
            sums.iter_mut().zip([lower[0], lower[1], upper[0] - 1.0]).for_each(|(sum, input)| *sum += input);
            approx::assert_abs_diff_eq!(250.0 * lower[1], upper[0] - 1.0, epsilon = 1e-9);
        }
        // The kernel has an area of 0.93.
        approx::assert_abs_diff_eq!(sums[1] / 20_000.0, 4.0 * RATE * 0.93, epsilon = 0.02);
        assert_eq!(sums[0], 0.0);
    }
}
