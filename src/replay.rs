//! Replays a recorded spiking phase and compares every number with the recording.
//!
//! A recording (`.npz`) holds the weights and the drive of one phase of the authors' program, and
//! what came of them: spikes, potentials, causal effects, regression lines, feedback weights.

use crate::Error;
use crate::spiking::estimator::{Estimator, Gradient};
use crate::spiking::{Circuit, write_back};
use ndarray::{Array, Array2, Array3, Array4, ArrayD, ArrayView3, Axis, Ix2, Ix3, Ix4};
use ndarray_npy::{NpzReader, ReadableElement};
use std::fmt;
use std::fs::File;
use std::path::Path;

/// Steps between two recorded states of the estimates.
const RECORDED_EVERY: usize = 1000;

/// One quantity, compared with the recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What is compared.
    pub quantity: &'static str,
    /// The population it belongs to, or the lower one of its pair.
    pub population: usize,
    /// How many numbers were compared.
    pub compared: usize,
    /// How far off: the number of differing spikes, or the largest difference.
    pub difference: f64,
    /// The largest difference that passes.
    pub allowed: f64,
}

impl Row {
    /// Whether the difference is small enough. (One that is not a number is not.)
    pub fn passes(&self) -> bool {
        self.difference <= self.allowed
    }
}

/// The comparison of a whole recording; displays as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// All quantities, population by population.
    pub rows: Vec<Row>,
}

impl Comparison {
    /// Whether every quantity passes.
    pub fn passes(&self) -> bool {
        self.rows.iter().all(Row::passes)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<32}{:>12}{:>14}{:>12}  result", "quantity", "compared", "difference", "allowed")?;
        for row in &self.rows {
            let quantity = format!("{} {}", row.quantity, row.population);
            let result = if row.passes() { "pass" } else { "FAIL" };
            writeln!(
                f,
                "{quantity:<32}{:>12}{:>14.3e}{:>12.0e}  {result}",
                row.compared, row.difference, row.allowed
            )?;
        }
        Ok(())
    }
}

/// What a recording says about one population, or about the pair of it and the next.
struct Recorded {
    spikes: Array2<u8>,
    potential: Array2<f64>,
}

struct RecordedPair {
    forward_weight: Array2<f32>,
    initial_feedback_weight: Array2<f32>,
    drive: Array2<u8>,
    causal_effect: Array3<f64>,
    regression: Array4<f64>,
    feedback_weight: Array2<f32>,
}

/// A recorded spiking phase.
pub struct Recording {
    populations: Vec<Recorded>,
    pairs: Vec<RecordedPair>,
}

/// Reads arrays by name, and says which one is wrong.
struct Reader {
    archive: NpzReader<File>,
    name: String,
}

impl Reader {
    fn error(&self, problem: String) -> Error {
        Error::Data { name: self.name.clone(), problem }
    }

    fn array<T: ReadableElement>(&mut self, what: &str, index: usize) -> Result<ArrayD<T>, Error> {
        let name = format!("{what}_{index}");
        self.archive
            .by_name(&name)
            .map_err(|error| self.error(format!("cannot read the array `{name}`: {error}")))
    }

    /// The array, if it has the expected `shape`.
    fn shaped<T: ReadableElement>(
        &mut self,
        what: &str,
        index: usize,
        shape: &[usize],
    ) -> Result<ArrayD<T>, Error> {
        let array = self.array(what, index)?;
        if array.shape() == shape {
            return Ok(array);
        }
        Err(self.error(format!("`{what}_{index}` has shape {:?}, but {shape:?} is needed", array.shape())))
    }
}

/// An array whose number of dimensions was checked with its shape.
fn fixed<T, D: ndarray::Dimension>(array: ArrayD<T>) -> Array<T, D> {
    array.into_dimensionality().expect("the shape was checked")
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// A file that cannot be read, or arrays that are missing or do not fit together.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let fail = |problem: String| Error::Data { name: name.clone(), problem };
        let file = File::open(path).map_err(|error| fail(format!("cannot open it: {error}")))?;
        let mut archive =
            NpzReader::new(file).map_err(|error| fail(format!("not a NumPy archive (.npz): {error}")))?;
        let names = archive.names().map_err(|error| fail(error.to_string()))?;
        let count = names.iter().filter(|name| name.starts_with("forward_weight_")).count();
        if count == 0 {
            return Err(fail("it has no array `forward_weight_0`".to_string()));
        }
        let mut reader = Reader { archive, name };

        let mut pairs = Vec::new();
        let mut sizes = Vec::new();
        let mut steps = 0;
        for pair in 0..count {
            let forward = reader.array::<f32>("forward_weight", pair)?;
            let drive = reader.array::<u8>("drive", pair)?;
            let (&[n_out, n_in], &[own_steps, _]) = (forward.shape(), drive.shape()) else {
                return Err(
                    reader.error(format!("`forward_weight_{pair}` and `drive_{pair}` must be matrices"))
                );
            };
            if sizes.is_empty() {
                sizes.push(n_in);
            }
            reader.shaped::<f32>("forward_weight", pair, &[n_out, sizes[pair]])?;
            reader.shaped::<u8>("drive", pair, &[own_steps, n_in])?;
            sizes.push(n_out);
            steps += own_steps;
            pairs.push((forward, drive));
        }
        let seconds = steps / RECORDED_EVERY;
        let pairs = pairs.into_iter().enumerate().map(|(pair, (forward, drive))| {
            let (n_in, n_out) = (sizes[pair], sizes[pair + 1]);
            Ok(RecordedPair {
                forward_weight: fixed::<_, Ix2>(forward),
                drive: fixed::<_, Ix2>(drive),
                initial_feedback_weight: fixed::<_, Ix2>(reader.shaped(
                    "initial_feedback_weight",
                    pair,
                    &[n_out, n_in],
                )?),
                causal_effect: fixed::<_, Ix3>(reader.shaped(
                    "causal_effect",
                    pair,
                    &[seconds, n_in, n_out],
                )?),
                regression: fixed::<_, Ix4>(reader.shaped("regression", pair, &[seconds, n_in, 4, n_out])?),
                feedback_weight: fixed::<_, Ix2>(reader.shaped("feedback_weight", pair, &[n_in, n_out])?),
            })
        });
        let pairs = pairs.collect::<Result<_, Error>>()?;
        let populations = sizes.iter().enumerate().map(|(population, &size)| {
            let potential = reader.array::<f64>("potential", population)?;
            let first = potential.shape().first().copied().unwrap_or(0).min(steps);
            Ok(Recorded {
                spikes: fixed::<_, Ix2>(reader.shaped("spikes", population, &[steps, size.div_ceil(8)])?),
                potential: fixed::<_, Ix2>(reader.shaped("potential", population, &[first, size])?),
            })
        });
        Ok(Self { populations: populations.collect::<Result<_, Error>>()?, pairs })
    }

    /// Simulates the recorded phase, with the recorded drive, and compares.
    pub fn compare(&self) -> Comparison {
        let views: Vec<_> = self.pairs.iter().map(|pair| pair.forward_weight.view()).collect();
        let mut circuit = Circuit::new(&views);
        let mut estimators: Vec<Gradient> =
            views.iter().map(|weights| Gradient::new(weights.ncols(), weights.nrows())).collect();
        let count = self.pairs.len();
        let mut differing_spikes = vec![0usize; count + 1];
        let mut potential = vec![0.0f64; count + 1];
        let mut causal_effect = vec![Difference::default(); count];
        let mut regression = vec![Difference::default(); count];
        let mut step = 0;
        let (mut drive, mut spikes) = (Vec::new(), Vec::new());
        for driven in 0..count {
            if driven > 0 {
                circuit.drive_next();
            }
            for counts in self.pairs[driven].drive.outer_iter() {
                drive.clear();
                for (neuron, &count) in counts.iter().enumerate() {
                    drive.extend(std::iter::repeat_n(neuron as u32, usize::from(count)));
                }
                circuit.step(&drive, |event| estimators[driven].observe(event));
                for (population, recorded) in self.populations.iter().enumerate() {
                    circuit.list_spikes(population, &mut spikes);
                    differing_spikes[population] +=
                        differing(&spikes, recorded.spikes.row(step).iter().copied());
                    if step < recorded.potential.nrows() {
                        for (neuron, expected) in recorded.potential.row(step).iter().enumerate() {
                            let found = circuit.potential(population, neuron as u32);
                            potential[population] = largest(potential[population], (found - expected).abs());
                        }
                    }
                }
                step += 1;
                if step.is_multiple_of(RECORDED_EVERY) {
                    let second = step / RECORDED_EVERY - 1;
                    for (pair, recorded) in self.pairs.iter().enumerate() {
                        causal_effect[pair].add(
                            estimators[pair].causal_effects().insert_axis(Axis(0)).view(),
                            recorded.causal_effect.index_axis(Axis(0), second).insert_axis(Axis(0)),
                        );
                        // The recording has c₁, c₀, m₁, m₀.
                        let lines = estimators[pair].lines();
                        let lines = lines.select(Axis(1), &[2, 0, 3, 1]);
                        regression[pair].add(lines.view(), recorded.regression.index_axis(Axis(0), second));
                    }
                }
            }
        }

        let mut rows = Vec::new();
        for (population, recorded) in self.populations.iter().enumerate() {
            rows.push(Row {
                quantity: "spikes of population",
                population,
                compared: step * recorded.potential.ncols(),
                difference: differing_spikes[population] as f64,
                allowed: 0.0,
            });
            rows.push(Row {
                quantity: "potential of population",
                population,
                compared: recorded.potential.len(),
                difference: potential[population],
                allowed: 1e-5,
            });
        }
        for (pair, recorded) in self.pairs.iter().enumerate() {
            let mut feedback = recorded.initial_feedback_weight.t().to_owned();
            let deviation = recorded.initial_feedback_weight.std(0.0);
            write_back(estimators[pair].causal_effects().view(), deviation, feedback.view_mut());
            let mut written = Difference::default();
            written.add(
                feedback.insert_axis(Axis(0)).view(),
                recorded.feedback_weight.mapv(f64::from).insert_axis(Axis(0)).view(),
            );
            for (quantity, difference) in [
                ("causal effects of pair", &causal_effect[pair]),
                ("regression lines of pair", &regression[pair]),
                ("feedback weights of pair", &written),
            ] {
                rows.push(Row {
                    quantity,
                    population: pair,
                    compared: difference.compared,
                    difference: difference.relative(),
                    allowed: 1e-4,
                });
            }
        }
        Comparison { rows }
    }
}

/// The largest difference between two arrays, and the largest number it is relative to.
#[derive(Debug, Clone, Default)]
struct Difference {
    compared: usize,
    difference: f64,
    largest: f64,
}

impl Difference {
    fn add(&mut self, found: ArrayView3<'_, f32>, expected: ArrayView3<'_, f64>) {
        self.compared += expected.len();
        for (&found, &expected) in found.iter().zip(&expected) {
            self.difference = largest(self.difference, (f64::from(found) - expected).abs());
            self.largest = largest(self.largest, expected.abs());
        }
    }

    fn relative(&self) -> f64 {
        if self.difference == 0.0 { 0.0 } else { self.difference / self.largest }
    }
}

/// The larger of two numbers, or NaN if either is: a comparison must not lose one.
fn largest(a: f64, b: f64) -> f64 {
    if a >= b { a } else { b + 0.0 * a }
}

/// How many neurons spiked in one of two records of a step but not in the other. The `packed` one
/// has the first neuron in the highest bit.
fn differing(spikes: &[u32], packed: impl Iterator<Item = u8>) -> usize {
    let mut spikes = spikes.iter().copied().peekable();
    let mut count = 0;
    for (byte, mut bits) in packed.enumerate() {
        while let Some(neuron) = spikes.next_if(|&neuron| neuron as usize / 8 == byte) {
            bits ^= 0x80 >> (neuron % 8);
        }
        count += bits.count_ones() as usize;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differing_spikes_are_counted_in_both_directions() {
        let packed = [0b1000_0001, 0b0100_0000];
        assert_eq!(differing(&[0, 7, 9], packed.into_iter()), 0);
        assert_eq!(differing(&[0, 9], packed.into_iter()), 1);
        assert_eq!(differing(&[0, 7, 8, 9], packed.into_iter()), 1);
        assert_eq!(differing(&[1, 2], packed.into_iter()), 5);
    }

    #[test]
    fn nan_is_never_lost() {
        for (a, b) in [(f64::NAN, 1.0), (1.0, f64::NAN)] {
            assert!(largest(a, b).is_nan());
        }
        assert_eq!(largest(2.0, 1.0), 2.0);
        let row = Row { quantity: "", population: 0, compared: 1, difference: f64::NAN, allowed: 1.0 };
        assert!(!row.passes());
    }
}
