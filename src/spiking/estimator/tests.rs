//! Every estimator against its definition, and against a neuron with a known effect.

use super::*;
use crate::random::{Stream, generator};
use proptest::prelude::*;
use rand::RngExt;

/// Events of one neuron below two: the first responds with `effect` to each spike, the second is
/// always silent. With a confounder, a drive shared by both also moves the response.
fn estimate(name: EstimatorName, effect: f32, confounder: f32, events: usize) -> [f32; 2] {
    let mut generator = generator(11, Stream::Drive);
    let mut estimator = AnyEstimator::new(name, 1, 2);
    for _ in 0..events {
        let largest_drive = generator.random_range(0.5..1.5f32);
        let spikes = if largest_drive >= 1.0 { 1 << 20 } else { 0 };
        let before = generator.random_range(0.0..0.2f32);
        let noise = generator.random_range(-0.05..0.05f32);
        let spiked = if spikes != 0 { effect } else { 0.0 };
        let feedback = 0.1 + 0.5 * (before - 0.1) + confounder * (largest_drive - 1.0) + spiked + noise;
        estimator.observe(Event {
            neuron: 0,
            spikes,
            largest_drive,
            feedback: &[feedback, 0.0],
            feedback_before: &[before, 0.0],
        });
    }
    let effects = estimator.causal_effects();
    [effects[[0, 0]], effects[[0, 1]]]
}

#[test]
fn every_estimator_finds_an_effect_and_its_sign_and_nothing_in_silence() {
    let of_windows = |name: &&EstimatorName| name.description().of_windows;
    for &name in EstimatorName::ALL.iter().filter(of_windows) {
        let [positive, silent] = estimate(name, 0.05, 0.0, 20_000);
        let [negative, _] = estimate(name, -0.05, 0.0, 20_000);
        assert!(positive > 0.01 && negative < -0.01, "{name:?}: {positive} and {negative}");
        assert_eq!(silent, 0.0, "{name:?}");
        assert_eq!(estimate(name, 0.05, 0.0, 0), [0.0, 0.0], "{name:?}");
    }
}

#[test]
fn lines_resist_a_confounder_that_fools_a_correlation() {
    // Without any effect, a response that rises with the drive looks like one.
    let [fooled, _] = estimate(EstimatorName::Observed, 0.0, 0.1, 20_000);
    let [fair, _] = estimate(EstimatorName::LeastSquares, 0.0, 0.1, 20_000);
    assert!(fooled > 0.03, "{fooled}");
    assert!(fair.abs() < 0.01, "{fair}");
}

#[test]
fn lines_are_those_that_the_windows_lie_on() {
    let mut least_squares = AnyEstimator::new(EstimatorName::LeastSquares, 1, 1);
    let mut gradient = Gradient::new(1, 1);
    for step in 0..4_000i16 {
        // From 0.97 to 1.03: a response that falls without a spike, and rises with one.
        let largest_drive = 0.97 + 0.015 * f32::from(step % 5);
        let (spikes, feedback) = match step % 2 {
            0 => (0, 0.25 - 0.5 * (largest_drive - 1.0)),
            _ => (1, 0.75 + 1.5 * (largest_drive - 1.0)),
        };
        let (feedback, feedback_before) = (&[feedback], &[0.0]);
        for observe in [&mut |event| least_squares.observe(event), &mut |event| gradient.observe(event)]
            as [&mut dyn FnMut(Event<'_>); 2]
        {
            observe(Event { neuron: 0, spikes, largest_drive, feedback, feedback_before });
        }
    }
    let [silent, spiked] = least_squares.lines(0, 0).unwrap();
    for (line, at_threshold, slope) in [(silent, 0.25, -0.5), (spiked, 0.75, 1.5)] {
        approx::assert_abs_diff_eq!(line.at_threshold, at_threshold, epsilon = 1e-4);
        approx::assert_abs_diff_eq!(line.slope, slope, epsilon = 1e-2);
    }
    // The lines by gradient are as far as these windows took them: their numbers are told apart.
    let lines = gradient.lines();
    for (kind, line) in gradient.lines_of(0, 0).into_iter().enumerate() {
        let (intercept, slope) = (lines[[0, 2 * kind, 0]], lines[[0, 2 * kind + 1, 0]]);
        assert_eq!((line.at_threshold, line.slope), (f64::from(intercept + slope), f64::from(slope)));
        assert!((line.at_threshold - [0.25, 0.75][kind]).abs() < 0.02, "{kind}: {line:?}");
    }
}

#[test]
fn means_are_level_lines_once_there_were_windows_of_both_kinds() {
    let observe = |estimator: &mut AnyEstimator, spikes, feedback: f32| {
        let (feedback, feedback_before) = (&[feedback], &[0.25]);
        estimator.observe(Event { neuron: 0, spikes, largest_drive: 1.0, feedback, feedback_before });
    };
    for spikes in [0, 1] {
        let mut estimator = AnyEstimator::new(EstimatorName::Means, 1, 1);
        observe(&mut estimator, spikes, 0.5);
        assert_eq!(estimator.lines(0, 0), None);
        observe(&mut estimator, 1 - spikes, 0.5);
        observe(&mut estimator, 1, 1.0);
        observe(&mut estimator, 0, 0.5);
        // Of 0.25, twice, and, with a spike, of 0.25 and 0.75.
        let levels = [0.25, 0.5].map(|at_threshold| Line { at_threshold, slope: 0.0 });
        assert_eq!(estimator.lines(0, 0), Some(levels));
    }
}

#[test]
fn estimators_are_chosen_by_their_names() {
    let names: Vec<_> = choices().iter().filter_map(|choice| EstimatorName::read(choice.value)).collect();
    assert_eq!(names, EstimatorName::ALL);
}

/// The rule of the paper: only where |u_max − θ| is at most 10, which a drive seldom leaves.
#[test]
fn a_drive_far_from_the_threshold_counts_for_nothing() {
    for (largest_drive, counts) in [(10.5, true), (11.0, true), (11.5, false), (0.0, true)] {
        let mut gradient = Gradient::new(1, 1);
        let (feedback, feedback_before) = (&[0.5], &[0.25]);
        gradient.observe(Event { neuron: 0, spikes: 1, largest_drive, feedback, feedback_before });
        assert_eq!(gradient.lines().iter().any(|&number| number != 0.0), counts, "{largest_drive}");
    }
}

#[test]
fn lines_are_fitted_on_any_scale_of_the_drive_and_around_any_mean() {
    for scale in [1.0f32, 1e-3] {
        let mut estimator = AnyEstimator::new(EstimatorName::LeastSquares, 1, 1);
        for (spikes, x) in [(0, -3.0), (0, -2.0), (0, -0.5), (1, 0.5), (1, 1.5), (1, 4.0)] {
            let (slope, at_threshold) = if spikes == 0 { (-0.5, 0.25) } else { (2.0, 0.75) };
            let (feedback, feedback_before) = (&[at_threshold + slope * x], &[0.0]);
            let largest_drive = 1.0 + scale * x;
            estimator.observe(Event { neuron: 0, spikes, largest_drive, feedback, feedback_before });
        }
        let [silent, spiked] = estimator.lines(0, 0).unwrap();
        for (line, at_threshold, slope) in [(silent, 0.25, -0.5), (spiked, 0.75, 2.0)] {
            approx::assert_abs_diff_eq!(line.at_threshold, at_threshold, epsilon = 1e-3);
            approx::assert_relative_eq!(line.slope * f64::from(scale), slope, max_relative = 1e-3);
        }
    }
}

#[test]
fn a_covariance_of_counts_takes_two_bins() {
    // Counts of 1 and 0 below and above, bin by bin: a covariance of 1/2.
    for (steps, expected) in [(30, 0.0), (59, 0.0), (60, 0.5)] {
        let mut estimator = AnyEstimator::new(EstimatorName::SpikeCounts, 1, 1);
        for at in 0..steps {
            let spikes: &[u32] = if at == 10 { &[0] } else { &[] };
            step(&mut estimator, spikes, spikes);
        }
        assert_eq!(estimator.causal_effects()[[0, 0]], expected, "{steps} steps");
    }
}

#[test]
fn fuzzy_counts_the_line_with_a_spike_twice() {
    let mut generator = generator(3, Stream::Drive);
    let [mut gradient, mut fuzzy] =
        [EstimatorName::Gradient, EstimatorName::Fuzzy].map(|name| AnyEstimator::new(name, 1, 1));
    for step in 0..500u32 {
        let (feedback, before) = (&[generator.random::<f32>()], &[0.25]);
        for estimator in [&mut gradient, &mut fuzzy] {
            let (largest_drive, spikes) = (1.0, step % 2);
            estimator.observe(Event { neuron: 0, spikes, largest_drive, feedback, feedback_before: before });
        }
    }
    assert_eq!(fuzzy.lines(0, 0), gradient.lines(0, 0));
    let [_, spiked] = gradient.lines(0, 0).unwrap();
    let expected = f64::from(gradient.causal_effects()[[0, 0]]) + spiked.at_threshold;
    approx::assert_abs_diff_eq!(f64::from(fuzzy.causal_effects()[[0, 0]]), expected, epsilon = 1e-6);
}

/// A step of which only the spikes matter.
fn step(estimator: &mut AnyEstimator, lower: &[u32], upper: &[u32]) {
    estimator.step(Moment { lower, upper, feedback: &[], population: &Population::new(0) });
}

/// Random spikes of one neuron below and two above, of which the first follows the one below by a step, or avoids to,
/// and the second is independent. The rate below is given.
fn spikes_of_a_pair(name: EstimatorName, follows: f64, rate: f64, steps: usize) -> [f32; 2] {
    let mut generator = generator(5, Stream::Drive);
    let mut estimator = AnyEstimator::new(name, 1, 2);
    let mut spiked = false;
    for _ in 0..steps {
        let follows = if spiked { 0.2 + follows } else { 0.2 };
        let upper = [follows, 0.2].map(|rate| generator.random::<f64>() < rate);
        let upper: Vec<u32> = (0..2).filter(|&neuron| upper[neuron as usize]).collect();
        step(&mut estimator, if spiked { &[0] } else { &[] }, &upper);
        spiked = generator.random::<f64>() < rate;
    }
    let effects = estimator.causal_effects();
    [effects[[0, 0]], effects[[0, 1]]]
}

#[test]
fn spikes_that_follow_have_an_effect_and_independent_ones_none_at_any_rate() {
    for (name, steps) in [(EstimatorName::Stdwi, 2_000_000), (EstimatorName::SpikeCounts, 300_000)] {
        let [excites, nothing] = spikes_of_a_pair(name, 0.6, 0.02, steps);
        let [inhibits, _] = spikes_of_a_pair(name, -0.2, 0.02, steps);
        let [_, at_twice_the_rate] = spikes_of_a_pair(name, 0.6, 0.04, steps);
        assert!(excites > 0.25 && inhibits < -0.05, "{name:?}: {excites} and {inhibits}");
        let none = [nothing, at_twice_the_rate];
        assert!(none.iter().all(|effect| effect.abs() < 0.13), "{name:?}: {none:?}");
    }
}

#[test]
fn spike_counts_have_the_covariance_of_the_textbook() {
    let mut estimator = AnyEstimator::new(EstimatorName::SpikeCounts, 1, 1);
    // Five bins of 30 steps, and a part of one that does not count.
    let bins = [(3, 1), (0, 0), (1, 2), (2, 2), (4, 5)];
    for (lower, upper) in bins.into_iter().chain([(9, 9)]) {
        for time in 0..if lower == 9 { 29 } else { 30 } {
            let [lower, upper] = [lower, upper].map(|count| if time < count { &[0][..] } else { &[] });
            step(&mut estimator, lower, upper);
        }
    }
    // numpy.cov of these counts.
    approx::assert_abs_diff_eq!(estimator.causal_effects()[[0, 0]], 2.25, epsilon = 1e-6);
}

/// What a window of one neuron below one other leaves, in full precision.
#[derive(Debug, Clone)]
struct Window {
    spikes: u32,
    largest_drive: f64,
    feedback: f64,
    before: f64,
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    // Half of the windows are silent.
    let spikes = prop_oneof![Just(0), (1u32..1 << 28).prop_map(|bits| bits << 1)];
    let window = (spikes, 0f32..2.0, 0f32..0.5, 0f32..0.5).prop_map(|(spikes, drive, feedback, before)| {
        Window { spikes, largest_drive: drive.into(), feedback: feedback.into(), before: before.into() }
    });
    prop::collection::vec(window, 1..60)
}

fn effect(name: EstimatorName, windows: &[Window]) -> f64 {
    let mut estimator = AnyEstimator::new(name, 1, 1);
    for window in windows {
        estimator.observe(Event {
            neuron: 0,
            spikes: window.spikes,
            largest_drive: window.largest_drive as f32,
            feedback: &[window.feedback as f32],
            feedback_before: &[window.before as f32],
        });
    }
    estimator.causal_effects()[[0, 0]].into()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

/// Slope and intercept of y on x, by the textbook.
fn line(points: &[(f64, f64)]) -> (f64, f64) {
    let (mean_x, mean_y) = (mean(points.iter().map(|p| p.0)), mean(points.iter().map(|p| p.1)));
    let covariance = mean(points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)));
    let variance = mean(points.iter().map(|p| (p.0 - mean_x) * (p.0 - mean_x)));
    let slope = if variance > 0.0 { covariance / variance } else { 0.0 };
    (slope, mean_y - slope * mean_x)
}

proptest! {
    #[test]
    fn closed_forms_are_their_definitions(windows in windows()) {
        let (silent, spiked): (Vec<_>, Vec<_>) = windows.iter().cloned().partition(|window| window.spikes == 0);
        let both = !silent.is_empty() && !spiked.is_empty();

        let response = |window: &Window| window.feedback - window.before;
        let expected = if both { mean(spiked.iter().map(response)) - mean(silent.iter().map(response)) } else { 0.0 };
        let found = effect(EstimatorName::Means, &windows);
        prop_assert!((found - expected).abs() < 1e-4, "means: {found} for {expected}");

        // Lines through nearly one point are not worth comparing.
        if silent.len() > 4 && spiked.len() > 4 {
            let at_threshold = |windows: &[Window]| {
                line(&windows.iter().map(|window| (window.largest_drive - 1.0, response(window))).collect::<Vec<_>>()).1
            };
            let expected = at_threshold(&spiked) - at_threshold(&silent);
            let found = effect(EstimatorName::LeastSquares, &windows);
            prop_assert!((found - expected).abs() < 1e-3, "least squares: {found} for {expected}");
        }

        let counts: Vec<_> = windows.iter().map(|window| (f64::from(window.spikes.count_ones()), window.feedback)).collect();
        let expected = line(&counts).0;
        let found = effect(EstimatorName::Observed, &windows);
        prop_assert!((found - expected).abs() < 1e-3, "observed: {found} for {expected}");

        let (slope, intercept) = line(&windows.iter().map(|w| (w.before, w.feedback)).collect::<Vec<_>>());
        let surprise = |window: &Window| window.feedback - intercept - slope * window.before;
        let weight = |window: &Window| (0..30).filter(|x| window.spikes >> x & 1 != 0).sum::<u32>() as f64 / 30.0;
        let total: f64 = spiked.iter().map(weight).sum();
        let weighted: f64 = spiked.iter().map(|window| weight(window) * surprise(window)).sum();
        let shrunken = silent.iter().map(surprise).sum::<f64>() / (silent.len() as f64 + 300.0);
        let expected = if total > 0.0 { weighted / total - shrunken } else { 0.0 };
        let found = effect(EstimatorName::Shrinkage, &windows);
        prop_assert!((found - expected).abs() < 1e-3, "shrinkage: {found} for {expected}");
    }
}
