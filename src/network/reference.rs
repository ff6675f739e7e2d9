//! An independent, naive network in `f64`, against which the real one is checked: its values, and by
//! finite differences its gradients.

use super::convolution::WINDOW;

pub fn to_f64(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

/// Numbers between −1 and 1 that look random.
pub fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2) + 1;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    })
    .take(count)
    .collect()
}

/// Central differences of `function` at `at`.
pub fn differences(at: &[f64], mut function: impl FnMut(&[f64]) -> f64) -> Vec<f64> {
    const STEP: f64 = 1e-6;
    let mut at = at.to_vec();
    (0..at.len())
        .map(|index| {
            let value = at[index];
            at[index] = value + STEP;
            let above = function(&at);
            at[index] = value - STEP;
            let below = function(&at);
            at[index] = value;
            (above - below) / (2.0 * STEP)
        })
        .collect()
}

/// Fails unless all of `found` is within `tolerance` of the largest of `expected`.
#[track_caller]
pub fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(1e-3_f64, |largest, value| largest.max(value.abs()));
    for (index, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let error = (f64::from(found) - expected).abs() / largest;
        assert!(error < tolerance, "at {index}: {found} instead of {expected}");
    }
}

pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub fn convolution(
    [_, columns, channels]: [usize; 3],
    [rows_out, columns_out, n_out]: [usize; 3],
    image: &[f64],
    weight: &[f64],
) -> Vec<f64> {
    let mut output = Vec::new();
    for row in 0..rows_out {
        for column in 0..columns_out {
            for o in 0..n_out {
                let mut sum = 0.0;
                for dy in 0..WINDOW {
                    for dx in 0..WINDOW {
                        for c in 0..channels {
                            let pixel = (row + dy) * columns + column + dx;
                            let input = (dy * WINDOW + dx) * channels + c;
                            sum += image[pixel * channels + c] * weight[input * n_out + o];
                        }
                    }
                }
                output.push(sum);
            }
        }
    }
    output
}

pub fn dense([n_in, n_out]: [usize; 2], input: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let mut output = Vec::new();
    for input in input.chunks(n_in) {
        for o in 0..n_out {
            output.push(bias[o] + (0..n_in).map(|i| input[i] * weight[i * n_out + o]).sum::<f64>());
        }
    }
    output
}

/// ReLU, then batch norm with the statistics of the batch.
pub fn normalise(values: &[f64], scale: &[f64], shift: &[f64]) -> Vec<f64> {
    let channels = scale.len();
    let mut output: Vec<f64> = values.iter().map(|value| value.max(0.0)).collect();
    for c in 0..channels {
        let of_channel = || (c..values.len()).step_by(channels);
        let count = of_channel().count() as f64;
        let mean = of_channel().map(|i| output[i]).sum::<f64>() / count;
        let variance = of_channel().map(|i| (output[i] - mean).powi(2)).sum::<f64>() / count;
        for i in of_channel() {
            output[i] = scale[c] * (output[i] - mean) / (variance + 1e-5).sqrt() + shift[c];
        }
    }
    output
}

pub fn pool([rows, columns, channels]: [usize; 3], values: &[f64]) -> Vec<f64> {
    let mut output = Vec::new();
    for image in values.chunks(rows * columns * channels) {
        for row in 0..rows / 2 {
            for column in 0..columns / 2 {
                for c in 0..channels {
                    let at = |dy, dx| image[((2 * row + dy) * columns + 2 * column + dx) * channels + c];
                    output.push(at(0, 0).max(at(0, 1)).max(at(1, 0)).max(at(1, 1)));
                }
            }
        }
    }
    output
}

/// Mean cross entropy of the softmax.
pub fn loss(classes: usize, logits: &[f64], labels: &[u8]) -> f64 {
    let rows = logits.chunks(classes).zip(labels);
    let sum: f64 = rows
        .map(|(logits, &label)| {
            logits.iter().map(|logit| logit.exp()).sum::<f64>().ln() - logits[usize::from(label)]
        })
        .sum();
    sum / labels.len() as f64
}
