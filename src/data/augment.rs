//! Training images moved and mirrored by chance, as is usual with photographs. (A mirrored digit is no digit.)

use crate::random::Generator;
use rand::RngExt;

/// How far an image is moved at most, in rows and in columns: it is cropped from one with so many black pixels around it.
const PADDING: u32 = 4;

/// Copies `image` `[rows, columns, channels]` to `augmented`, of the same shape: moved by up to four pixels either way,
/// where black moves in, and mirrored left to right in half of all cases.
pub fn augment(
    [rows, columns, channels]: [usize; 3],
    image: &[u8],
    generator: &mut Generator,
    augmented: &mut [u8],
) {
    let mut first = || generator.random_range(0..=2 * PADDING) as usize;
    let [top, left] = [first(), first()];
    let is_mirrored = generator.random::<bool>();
    let padding = PADDING as usize;
    augmented.fill(0);
    for (row, line) in augmented.chunks_exact_mut(columns * channels).enumerate() {
        let Some(row) = (row + top).checked_sub(padding).filter(|&row| row < rows) else { continue };
        for (column, pixel) in line.chunks_exact_mut(channels).enumerate() {
            let column = if is_mirrored { columns - 1 - column } else { column };
            let Some(column) = (column + left).checked_sub(padding).filter(|&column| column < columns) else {
                continue;
            };
            let from = (row * columns + column) * channels;
            pixel.copy_from_slice(&image[from..from + channels]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, generator};
    use std::collections::BTreeSet;

    #[test]
    fn an_image_is_moved_and_mirrored_in_every_way() {
        let shape = [20, 22, 3];
        let image: Vec<u8> =
            (0..20 * 22).flat_map(|pixel| [1 + (pixel / 22) as u8, 1 + (pixel % 22) as u8, 9]).collect();
        let mut generator = generator(1, Stream::Augmentation);
        let mut seen = BTreeSet::new();
        let mut augmented = vec![7; image.len()];
        for _ in 0..4_000 {
            augment(shape, &image, &mut generator, &mut augmented);
            // The pixel in the middle says where it came from, and its neighbour in which direction.
            let at = |row: usize, column: usize| &augmented[(row * 22 + column) * 3..][..3];
            let &[row, column, 9] = at(10, 10) else { panic!("the middle is never black") };
            let &[_, next, 9] = at(10, 11) else { panic!("the middle is never black") };
            let is_mirrored = next < column;
            let [down, right] = [
                i32::from(row) - 11,
                if is_mirrored { 12 - i32::from(column) } else { i32::from(column) - 11 },
            ];
            seen.insert((down, right, is_mirrored));
            let black = augmented.chunks(3).filter(|pixel| pixel == &[0; 3]).count() as i32;
            assert_eq!(black, 20 * 22 - (20 - down.abs()) * (22 - right.abs()));
        }
        assert_eq!(seen.len(), 9 * 9 * 2);
        assert!(seen.iter().all(|(down, right, _)| down.abs() <= 4 && right.abs() <= 4));
    }
}
