//! The fast simulation against the method, written down literally: dense, slow, one step after the
//! other, on random small networks and drives.

use ndarray::Array2;
use proptest::prelude::*;
use spikealign::spiking::Circuit;
use spikealign::spiking::estimator::{Estimator, Gradient};

/// κ(x), for x in 1 … 30 steps.
fn kernel(x: usize) -> f64 {
    let x = x as f64;
    ((-x / 10.0).exp() - (-x / 3.0).exp()) / (10.0 - 3.0)
}

/// κ * counts up to the newest, which has x = 1.
fn convolve(counts: &[Vec<f64>], neuron: usize) -> f64 {
    counts.iter().rev().take(30).enumerate().map(|(age, counts)| kernel(age + 1) * counts[neuron]).sum()
}

/// One neuron of the method, with everything it keeps.
#[derive(Clone, Default)]
struct Neuron {
    v: f64,
    u: f64,
    u_max: f64,
    refractory: u32,
    window: u32,
    n_spikes: u32,
    r: Vec<f64>,
    r_pre: Vec<f64>,
    /// Slopes and intercepts of the lines [without, with] a spike, for each upper neuron.
    slope: [Vec<f64>; 2],
    intercept: [Vec<f64>; 2],
}

struct Literal {
    weights: Vec<Array2<f64>>,
    populations: Vec<Vec<Neuron>>,
    /// Spikes of every step so far, by population.
    spikes: Vec<Vec<Vec<f64>>>,
    drive: Vec<Vec<f64>>,
    driven: usize,
}

impl Literal {
    fn new(forward: &[Array2<f32>]) -> Self {
        let mut sizes = vec![forward[0].ncols()];
        sizes.extend(forward.iter().map(|weights| weights.nrows()));
        let populations = sizes.iter().enumerate().map(|(population, &size)| {
            let above = sizes.get(population + 1).copied().unwrap_or(0);
            let zeros = vec![0.0; above];
            let neuron = Neuron {
                v: -1.0,
                u: -1.0,
                r: zeros.clone(),
                r_pre: zeros.clone(),
                slope: [zeros.clone(), zeros.clone()],
                intercept: [zeros.clone(), zeros],
                ..Default::default()
            };
            vec![neuron; size]
        });
        let weights = forward.iter().map(|weights| {
            let weights = weights.mapv(f64::from);
            let deviation = weights.std(0.0);
            let inputs = weights.ncols() as f64;
            weights * (0.2 * inputs / deviation)
        });
        Self {
            weights: weights.collect(),
            populations: populations.collect(),
            spikes: vec![Vec::new(); sizes.len()],
            drive: Vec::new(),
            driven: 0,
        }
    }

    fn drive(&mut self, population: usize) {
        self.driven = population;
        self.drive.clear();
    }

    /// The eleven stages of a step, for every population from the bottom.
    fn step(&mut self, drive: &[u32]) {
        let mut counts = vec![0.0; self.populations[self.driven].len()];
        drive.iter().for_each(|&neuron| counts[neuron as usize] += 1.0);
        self.drive.push(counts);
        for population in 0..self.populations.len() {
            let b: Vec<f64> = (0..self.populations[population].len())
                .map(|i| {
                    if population == self.driven {
                        4.0 * convolve(&self.drive, i)
                    } else if population > self.driven {
                        let below = &self.spikes[population - 1];
                        let weights = self.weights[population - 1].row(i);
                        weights.iter().enumerate().map(|(j, weight)| weight * convolve(below, j)).sum()
                    } else {
                        0.0
                    }
                })
                .collect();
            // Spikes above up to the step before: the population above is still to come.
            let q: Vec<f64> = self.populations.get(population + 1).map_or(Vec::new(), |above| {
                (0..above.len()).map(|k| convolve(&self.spikes[population + 1], k)).collect()
            });
            let mut spikes = Vec::new();
            for (neuron, b) in self.populations[population].iter_mut().zip(b) {
                let ending = neuron.window == 1;
                let inside = neuron.window > 0;
                if inside {
                    neuron.u_max = neuron.u_max.max(neuron.u);
                }
                neuron.refractory = neuron.refractory.saturating_sub(1);
                neuron.v += -0.1 * neuron.v + 0.6 * (b - neuron.v);
                neuron.u += -0.1 * neuron.u + 0.6 * (b - neuron.u);
                if inside {
                    neuron.r.iter_mut().zip(&q).for_each(|(r, q)| *r += q);
                } else {
                    neuron.r_pre.copy_from_slice(&q);
                }
                let spike = neuron.v >= 1.0 && neuron.refractory == 0;
                if spike {
                    neuron.v = -1.0;
                    neuron.refractory = 3;
                }
                if ending && population == self.driven && (neuron.u_max - 1.0).abs() <= 10.0 {
                    let line = usize::from(neuron.n_spikes >= 1);
                    for k in 0..q.len() {
                        let r = neuron.r[k] / 30.0 - neuron.r_pre[k];
                        let (m, c) = (&mut neuron.slope[line][k], &mut neuron.intercept[line][k]);
                        let e = *m * neuron.u_max + *c - r;
                        *m -= 0.001 * e * neuron.u_max;
                        *c -= 0.001 * e;
                    }
                }
                neuron.window = neuron.window.saturating_sub(1);
                if neuron.window == 0 {
                    neuron.u = neuron.v;
                    if (1.0 - neuron.u).abs() <= 0.1 {
                        neuron.window = 30;
                    }
                }
                if neuron.window > 0 && spike {
                    neuron.n_spikes += 1;
                }
                if ending {
                    neuron.n_spikes = 0;
                    neuron.r.fill(0.0);
                    neuron.u_max = 0.0;
                }
                spikes.push(f64::from(u8::from(spike)));
            }
            self.spikes[population].push(spikes);
        }
    }
}

/// A small network, the populations that are driven in turn, and their drive.
#[derive(Debug, Clone)]
struct Case {
    forward: Vec<Array2<f32>>,
    drive: Vec<Vec<Vec<u32>>>,
}

fn case(populations: usize) -> impl Strategy<Value = Case> {
    prop::collection::vec(1usize..6, populations).prop_flat_map(|sizes| {
        let forward: Vec<_> = sizes
            .windows(2)
            .map(|pair| {
                let (n_in, n_out) = (pair[0], pair[1]);
                prop::collection::vec(-1.0f32..1.0, n_in * n_out)
                    .prop_map(move |weights| Array2::from_shape_vec((n_out, n_in), weights).unwrap())
            })
            .collect();
        let drive: Vec<_> = sizes[..sizes.len() - 1]
            .iter()
            .map(|&size| {
                // Stretches of drive, and of silence: long ones, in which neurons come to rest.
                let step = prop_oneof![
                    2 => Just(Vec::new()),
                    1 => prop::collection::vec(0..size as u32, 0..2 * size),
                ];
                let stretch = prop_oneof![
                    3 => prop::collection::vec(step, 20..120),
                    1 => prop::collection::vec(Just(Vec::new()), 80..160),
                ];
                prop::collection::vec(stretch, 1..5).prop_map(|stretches| stretches.concat())
            })
            .collect();
        (forward, drive).prop_map(|(forward, drive)| Case { forward, drive })
    })
}

fn views(forward: &[Array2<f32>]) -> Vec<ndarray::ArrayView2<'_, f32>> {
    forward.iter().map(|weights| weights.view()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_simulation_is_the_method(case in (2usize..5).prop_flat_map(case)) {
        // A network of equal weights has no spread to rescale.
        prop_assume!(case.forward.iter().all(|weights| weights.std(0.0) > 1e-3));
        let mut literal = Literal::new(&case.forward);
        let mut circuit = Circuit::new(&views(&case.forward));
        let mut spikes = Vec::new();
        for (driven, drive) in case.drive.iter().enumerate() {
            let mut estimator = Gradient::new(case.forward[driven].ncols(), case.forward[driven].nrows());
            if driven > 0 {
                circuit.drive_next();
            }
            literal.drive(driven);
            for (step, drive) in drive.iter().enumerate() {
                circuit.step(drive, |event| estimator.observe(event));
                literal.step(drive);
                for (population, neurons) in literal.populations.iter().enumerate() {
                    let expected = literal.spikes[population].last().unwrap();
                    let expected: Vec<u32> =
                        (0..neurons.len() as u32).filter(|&i| expected[i as usize] > 0.0).collect();
                    circuit.list_spikes(population, &mut spikes);
                    prop_assert_eq!(&spikes, &expected, "step {} population {}", step, population);
                    for (i, neuron) in neurons.iter().enumerate() {
                        let potential = circuit.potential(population, i as u32);
                        prop_assert!((potential - neuron.v).abs() < 1e-9);
                        if population + 1 < literal.populations.len() {
                            let window = circuit.window(population, i as u32);
                            prop_assert_eq!(window.is_some(), neuron.window > 0);
                            prop_assert!(window.is_none_or(|u| (u - neuron.u).abs() < 1e-9));
                        }
                    }
                }
            }
            for ((i, line, k), &found) in estimator.lines().indexed_iter() {
                let neuron = &literal.populations[driven][i];
                let expected = [&neuron.intercept, &neuron.slope][line % 2][line / 2][k];
                prop_assert!((f64::from(found) - expected).abs() < 1e-8, "{} for {}", found, expected);
                prop_assert_eq!(found == 0.0, expected == 0.0);
            }
        }
    }

    /// What lies above the pair being measured does not matter, not in the last bit.
    #[test]
    fn populations_above_a_pair_do_not_change_its_estimates(case in case(4)) {
        let mut whole = Circuit::new(&views(&case.forward));
        let mut pair = Circuit::new(&views(&case.forward[..1]));
        let size = (case.forward[0].ncols(), case.forward[0].nrows());
        let mut of_whole = Gradient::new(size.0, size.1);
        let mut of_pair = Gradient::new(size.0, size.1);
        for drive in &case.drive[0] {
            whole.step(drive, |event| of_whole.observe(event));
            pair.step(drive, |event| of_pair.observe(event));
        }
        prop_assert_eq!(of_whole.lines(), of_pair.lines());
    }
}
