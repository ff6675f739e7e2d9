//! Pictures made smaller or larger, by a triangle filter: each new pixel is a mean of those around it, whose weights fall
//! to zero over the width of one new pixel, or of one old pixel where that is wider. (Pillow calls it `BILINEAR`.)

/// Resizes `pixels` `[rows, columns, channels]` to `size` rows and columns. What was not square is stretched.
pub fn resize(pixels: &[u8], [rows, columns, channels]: [usize; 3], size: usize) -> Vec<u8> {
    // First along the rows, then along the columns; rounded once, at the end.
    let across = weights(columns, size);
    let mut narrow = Vec::with_capacity(rows * size * channels);
    for row in pixels.chunks_exact(columns * channels) {
        for (first, weights) in &across {
            narrow.extend((0..channels).map(|channel| {
                let values = row[first * channels + channel..].iter().step_by(channels);
                values.zip(weights).map(|(&value, weight)| f64::from(value) * weight).sum::<f64>()
            }));
        }
    }
    let stride = size * channels;
    let mut resized = Vec::with_capacity(size * stride);
    for (first, weights) in weights(rows, size) {
        resized.extend((0..stride).map(|at| {
            let values = narrow[first * stride + at..].iter().step_by(stride);
            let sum: f64 = values.zip(&weights).map(|(value, weight)| value * weight).sum();
            (sum + 0.5).clamp(0.0, 255.0) as u8
        }));
    }
    resized
}

/// For each of `size` new pixels, the first of `count` old ones that it is made of, and the weights of those from there.
fn weights(count: usize, size: usize) -> Vec<(usize, Vec<f64>)> {
    let scale = count as f64 / size as f64;
    let reach = scale.max(1.0);
    let of_one = |index: usize| {
        let middle = (index as f64 + 0.5) * scale;
        let first = (middle - reach).floor().max(0.0) as usize;
        let last = ((middle + reach).ceil() as usize).min(count);
        let weight = |old: usize| (1.0 - ((old as f64 + 0.5 - middle) / reach).abs()).max(0.0);
        let sum: f64 = (first..last).map(weight).sum();
        (first, (first..last).map(|old| weight(old) / sum).collect())
    };
    (0..size).map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_those_of_the_filter() {
        // A step of one row, in grey: from Pillow 13, `Image.resize(…, Resampling.BILINEAR)`.
        let row = [0, 0, 0, 0, 255, 255, 255, 255];
        let resized = resize(&row.repeat(8), [8, 8, 1], 4);
        assert_eq!(resized[..4], [0, 32, 223, 255]);
        let resized = resize(&[0, 255, 0, 255], [2, 2, 1], 4);
        assert_eq!(resized[..4], [0, 64, 191, 255]);
    }

    proptest! {
        #[test]
        fn sizes_are_right_and_what_is_even_stays_so(
            rows in 1..60usize, columns in 1..60usize, size in 1..50usize, colour: [u8; 3],
        ) {
            let resized = resize(&colour.repeat(rows * columns), [rows, columns, 3], size);
            prop_assert_eq!(resized, colour.repeat(size * size));
        }

        #[test]
        fn a_picture_of_that_size_is_left_as_it_is(size in 1..20usize, seed: u8) {
            let pixels: Vec<u8> = (0..size * size * 3).map(|at| (at as u8).wrapping_mul(37) ^ seed).collect();
            prop_assert_eq!(resize(&pixels, [size, size, 3], size), pixels);
        }
    }
}
