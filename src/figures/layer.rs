//! A network of fixed random weights, and the causal effects that find them.

use crate::Error;
use crate::alignment::LayerAlignment;
use crate::feedback::random_weights;
use crate::measurement::SpikingPhase;
use crate::random::{Stream, generator};
use crate::spiking::EstimatorName;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The fully connected part of the network of the page.
const SIZES: [usize; 4] = [512, 128, 64, 10];
/// Simulated seconds for each layer pair.
const SECONDS: f64 = 30.0;
/// Steps between two measurements.
const MEASURE_EVERY: usize = 500;
/// Steps for which spikes are remembered.
pub const RASTER: usize = 400;

/// What a person sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayerScene {
    /// How a neuron estimates its causal effects.
    pub estimator: EstimatorName,
    /// Seed of the weights and of the drive.
    pub seed: u32,
}

/// One measurement of one layer pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerMeasurement {
    /// Which pair, from the bottom.
    pub pair: usize,
    /// Simulated seconds that it has been driven for.
    pub seconds: f64,
    /// How far its causal effects agree with its weights.
    pub alignment: LayerAlignment,
}

/// The spikes of one population in the last [`RASTER`] steps.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Raster {
    /// When: the step, counted from the start.
    pub steps: Vec<usize>,
    /// Who: the neuron.
    pub neurons: Vec<u32>,
}

/// The state of the figure, for a person to see.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerView {
    /// Steps so far.
    pub steps: usize,
    /// Steps in all.
    pub total: usize,
    /// The pair that is driven, from the bottom.
    pub pair: usize,
    /// Neurons of its lower and upper population.
    pub sizes: [usize; 2],
    /// The spikes of its lower and upper population.
    pub rasters: [Raster; 2],
    /// What has been measured since the last view.
    pub measurements: Vec<LayerMeasurement>,
}

/// The figure.
#[derive(Debug, Clone)]
pub struct LayerFigure {
    /// Forward weights of each pair, `[n_out, n_in]`.
    forward: Vec<Array2<f32>>,
    phase: SpikingPhase,
    /// Step and neuron of each spike, of the lower and the upper population.
    rasters: [VecDeque<(usize, u32)>; 2],
    measurements: Vec<LayerMeasurement>,
    spikes: Vec<u32>,
}

impl LayerFigure {
    /// Draws the weights, and starts from rest.
    ///
    /// # Errors
    /// None in practice.
    pub fn new(scene: &LayerScene) -> Result<Self, Error> {
        let shapes: Vec<_> = SIZES.windows(2).map(|pair| [pair[0], pair[1]]).collect();
        let weights = random_weights(&shapes, &mut generator(scene.seed, Stream::ForwardWeights));
        let forward: Vec<Array2<f32>> = weights.into_iter().map(Array2::reversed_axes).collect();
        let seconds = SECONDS * forward.len() as f64;
        let mut phase = SpikingPhase::new(&shapes, seconds, scene.estimator, scene.seed)?;
        let views: Vec<_> = forward.iter().map(|weights| weights.view()).collect();
        phase.begin(&views)?;
        Ok(Self { forward, phase, rasters: Default::default(), measurements: Vec::new(), spikes: Vec::new() })
    }

    /// At most `steps` steps of 1 ms; none when all pairs have had their time.
    pub fn advance(&mut self, steps: usize) {
        let end = self.phase.steps_total().min(self.phase.steps_done() + steps);
        while self.phase.steps_done() < end {
            let pair = self.phase.layer();
            self.phase.advance(1);
            let done = self.phase.steps_done();
            // The raster is only listed where it will still be seen.
            if end - done < RASTER {
                self.list_spikes(pair, done);
            }
            if done.is_multiple_of(MEASURE_EVERY) {
                self.measure(pair, done);
            }
        }
    }

    /// Steps so far.
    pub fn steps(&self) -> usize {
        self.phase.steps_done()
    }

    /// What there is to see now. The measurements since the last view go with it.
    pub fn view(&mut self) -> LayerView {
        let pair = self.phase.layer();
        LayerView {
            steps: self.phase.steps_done(),
            total: self.phase.steps_total(),
            pair,
            sizes: [SIZES[pair], SIZES[pair + 1]],
            rasters: self.rasters.each_ref().map(|spikes| {
                let (steps, neurons) = spikes.iter().copied().unzip();
                Raster { steps, neurons }
            }),
            measurements: std::mem::take(&mut self.measurements),
        }
    }

    /// Forward weight and causal effect in turn, for an evenly spread sample of at most `most` pairs of
    /// neurons of a layer pair; empty if there is no such pair.
    pub fn weights(&self, pair: usize, most: usize) -> Vec<f32> {
        let Some(forward) = self.forward.get(pair) else { return Vec::new() };
        if most == 0 {
            return Vec::new();
        }
        let effects = self.phase.causal_effects(pair);
        let stride = forward.len().div_ceil(most);
        let both = forward.iter().zip(effects.t().into_iter().copied().collect::<Vec<f32>>());
        both.step_by(stride).flat_map(|(&forward, effect)| [forward, effect]).collect()
    }

    fn list_spikes(&mut self, pair: usize, step: usize) {
        let shown_from = step.saturating_sub(RASTER);
        for (population, raster) in self.rasters.iter_mut().enumerate() {
            while raster.front().is_some_and(|&(step, _)| step <= shown_from) {
                raster.pop_front();
            }
            self.phase.list_spikes(pair, population, &mut self.spikes);
            raster.extend(self.spikes.iter().map(|&neuron| (step, neuron)));
        }
        // The next pair begins with an empty raster.
        if self.phase.layer() != pair {
            self.rasters.iter_mut().for_each(VecDeque::clear);
        }
    }

    fn measure(&mut self, pair: usize, step: usize) {
        let per_pair = self.phase.steps_total() / self.forward.len();
        self.measurements.push(LayerMeasurement {
            pair,
            seconds: (step - pair * per_pair) as f64 / 1000.0,
            alignment: LayerAlignment::between_entries(
                self.forward[pair].view(),
                self.phase.causal_effects(pair).view(),
            ),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> LayerScene {
        LayerScene { estimator: EstimatorName::Gradient, seed: 1 }
    }

    #[test]
    fn one_scene_gives_one_course_however_it_is_cut() {
        let [mut once, mut often] = [(); 2].map(|()| LayerFigure::new(&scene()).unwrap());
        once.advance(1_900);
        (0..19).for_each(|_| often.advance(100));
        assert_eq!(once.view(), often.view());
        assert_eq!(once.weights(0, 300), often.weights(0, 300));
        assert_eq!(once.weights(0, 300).len(), 2 * 65_536usize.div_ceil(219));
        assert!(once.weights(3, 300).is_empty() && once.weights(0, 0).is_empty());
    }

    #[test]
    fn a_raster_holds_the_last_steps_of_the_pair_that_is_driven() {
        let mut figure = LayerFigure::new(&scene()).unwrap();
        figure.advance(29_900);
        let view = figure.view();
        assert_eq!((view.pair, view.sizes), (0, [512, 128]));
        let steps = &view.rasters[0].steps;
        assert!(steps.iter().all(|&step| (29_501..=29_900).contains(&step)) && steps.len() > 100);
        assert!(view.rasters[1].neurons.iter().all(|&neuron| neuron < 128));
        figure.advance(200);
        let view = figure.view();
        assert_eq!((view.pair, view.sizes), (1, [128, 64]));
        assert!(view.rasters[0].steps.iter().all(|&step| step > 30_000));
        figure.advance(usize::MAX / 2);
        let view = figure.view();
        assert_eq!((view.steps, view.pair), (90_000, 2));
        let last: Vec<f64> = view
            .measurements
            .iter()
            .filter(|measurement| measurement.seconds == SECONDS)
            .map(|measurement| measurement.alignment.sign_agreement())
            .collect();
        assert!(last.len() == 2 && last.iter().all(|&agreement| agreement > 0.75), "{last:?}");
    }
}
