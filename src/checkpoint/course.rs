//! The possible progress of an experiment: checks a checkpoint's claims against its settings and images.

use crate::alignment::LayerAlignment;
use crate::experiment::{Course, Experiment, Stage, TESTING_CHUNK};
use crate::network::{LAYERS, Measured};
use crate::random::{is_alive, is_permutation};

impl Experiment {
    /// Whether an experiment with these settings can be at this point.
    pub(super) fn is_on_course(&self) -> bool {
        let Self { course, records, .. } = self;
        let names = self.layer_names();
        let are_layers = |layers: &[LayerAlignment]| layers.iter().map(|layer| &layer.name).eq(&names);
        let may_be_layers = |layers: &[LayerAlignment]| layers.is_empty() || are_layers(layers);

        self.stage_is_valid()
            && self.steps_are_valid()
            && self.counts_are_valid()
            && is_permutation(&course.order)
            && is_alive(&course.order_generator)
            && is_alive(&course.noise_generator)
            && may_be_layers(&course.layers_after_spiking)
            && course.layers_after_spiking.iter().all(LayerAlignment::is_finite)
            && [0, LAYERS].contains(&course.gradient_angles.len())
            && course.gradient_angles.iter().all(|angle| angle.is_finite())
            && records.iter().all(|record| {
                are_layers(&record.layers)
                    && may_be_layers(&record.layers_after_spiking)
                    && record.gradient_angles.len() == LAYERS
            })
    }

    fn stage_is_valid(&self) -> bool {
        let Course { stage, epoch, trained, tested, since_record, test, .. } = self.course;
        let (examples, batch) = (self.course.order.len(), self.configuration.batch_size);
        let between_batches = trained.is_multiple_of(batch) && examples - trained > 1;
        match stage {
            Stage::Spiking => self.measurement.is_some() && trained == 0,
            Stage::Training => between_batches,
            Stage::Testing => {
                (between_batches || trained == examples)
                    && since_record.examples > 0
                    && tested < self.test_total()
                    && tested.is_multiple_of(TESTING_CHUNK)
                    && tested == test.examples
            }
            Stage::Done => epoch == self.configuration.epochs && trained == examples,
        }
    }

    /// Whether the simulated steps match the finished phases and the running one.
    fn steps_are_valid(&self) -> bool {
        let Course { stage, epoch, simulated_steps, .. } = self.course;
        let Some(measurement) = &self.measurement else { return simulated_steps == 0 };
        let steps = measurement.steps();
        let is_running = stage == Stage::Spiking;
        let phases_over = if is_running { epoch - 1 } else { epoch };
        steps.total == if is_running { steps.phase } else { 0 }
            && simulated_steps == phases_over as u64 * steps.phase as u64 + steps.done as u64
    }

    fn counts_are_valid(&self) -> bool {
        let Course { trained, since_record, test, .. } = self.course;
        let is_measured = |measured: Measured, most: usize| {
            measured.correct <= measured.examples
                && measured.examples <= most
                && measured.loss_sum.is_finite()
        };
        let confusion = &self.course.confusion;
        let answers: u64 = confusion.iter().map(|&count| u64::from(count)).sum();
        is_measured(since_record, trained)
            && is_measured(test, self.test_total())
            && confusion.len() == self.network.classes() * self.network.classes()
            && answers == test.examples as u64
    }
}
