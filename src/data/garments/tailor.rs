//! The tailor: the strokes that every garment is made of, and what is done to a finished one.

use super::{
    SIDE,
    canvas::{Canvas, Placement, Point},
};
use crate::random::Generator;
use rand::{Rng, RngExt};

/// The chance in one image.
pub struct Dice(pub Generator);

impl Dice {
    /// A number from `low` to `high`, all equally likely.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.0.random::<f32>()
    }

    /// Whether something happens that happens with this `probability`.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.0.random::<f32>() < probability
    }
}

/// Draws the parts of one garment.
pub struct Tailor {
    canvas: Canvas,
    placement: Placement,
    /// The grey level of the cloth.
    pub cloth: f32,
    dice: Dice,
}

impl Tailor {
    /// Takes cloth of some grey level, and a place for the garment: its size, tilt and position.
    pub fn new(mut dice: Dice) -> Self {
        let cloth = dice.between(0.3, 0.9);
        let size = dice.between(9.5, 12.5);
        Self {
            canvas: Canvas::new(),
            placement: Placement {
                linear: [
                    [size * dice.between(0.85, 1.1), size * dice.between(-0.12, 0.12)],
                    [size * dice.between(-0.12, 0.12), size * dice.between(0.9, 1.1)],
                ],
                origin: [dice.between(12.5, 15.5), dice.between(12.5, 15.5)],
            },
            cloth,
            dice,
        }
    }

    /// See [`Dice::between`].
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        self.dice.between(low, high)
    }

    /// See [`Dice::chance`].
    pub fn chance(&mut self, probability: f32) -> bool {
        self.dice.chance(probability)
    }

    /// Fills a polygon with this grey level.
    pub fn fill(&mut self, corners: &[Point], level: f32) {
        self.canvas.fill(&self.placement, corners, level, 1.0);
    }

    /// The grey level of a detail: lighter or darker than the cloth, often only a little.
    pub fn accent(&mut self) -> f32 {
        let contrast = self.between(0.08, 0.45);
        let lighter = self.chance(0.5);
        if lighter { (self.cloth + contrast).min(1.0) } else { (self.cloth - contrast).max(0.02) }
    }

    /// A stripe of this `width` from `from` to `to`.
    pub fn stripe(&mut self, from: Point, to: Point, width: f32, level: f32) {
        let (along_x, along_y) = (to[0] - from[0], to[1] - from[1]);
        let half = 0.5 * width / (along_x * along_x + along_y * along_y).sqrt().max(1e-6);
        let (x, y) = (-along_y * half, along_x * half);
        self.fill(
            &[
                [from[0] + x, from[1] + y],
                [to[0] + x, to[1] + y],
                [to[0] - x, to[1] - y],
                [from[0] - x, from[1] - y],
            ],
            level,
        );
    }

    /// Patterned cloth: folds, and perhaps stripes or checks.
    pub fn pattern(&mut self) {
        let mut waves = [[0.0_f32; SIDE]; 2];
        for wave in &mut waves {
            let fold = self.dice.between(0.0, 0.18);
            let fold_pace = self.dice.between(0.15, 0.5);
            let fold_start = self.dice.between(0.0, 6.3);
            let striped = self.dice.chance(0.2);
            let depth = if striped { self.dice.between(0.1, 0.4) } else { 0.0 };
            let pace = self.dice.between(0.8, 2.2);
            for (i, wave) in wave.iter_mut().enumerate() {
                let i = i as f32;
                *wave = fold * libm::sinf(fold_pace * i + fold_start) + depth * libm::sinf(pace * i);
            }
        }
        for (levels, down) in self.canvas.levels.iter_mut().zip(waves[0]) {
            for (level, across) in levels.iter_mut().zip(waves[1]) {
                *level *= 1.0 + down + across;
            }
        }
    }

    /// Things that lie in the way.
    pub fn clutter(&mut self) {
        if self.chance(0.3) {
            let level = self.between(0.0, 1.0);
            let from = [self.between(-1.2, 1.2), self.between(-1.2, 1.2)];
            let to = [self.between(-1.2, 1.2), self.between(-1.2, 1.2)];
            let width = self.between(0.1, 0.4);
            self.stripe(from, to, width, level);
        }
    }

    /// Turns the drawing into grey levels, with the noise of a camera.
    pub fn photograph(&mut self, image: &mut [u8]) {
        let noise = self.between(0.0, 0.12);
        let levels = self.canvas.levels.as_flattened();
        for (pixels, levels) in image.chunks_mut(4).zip(levels.chunks(4)) {
            // Four numbers of two bytes each from one of eight.
            let mut random = self.dice.0.next_u64();
            for (pixel, &level) in pixels.iter_mut().zip(levels) {
                let deviation = (random & 0xffff) as f32 / 32_768.0 - 1.0;
                random >>= 16;
                // A cast from float saturates at 0 and 255.
                *pixel = ((level + noise * deviation) * 255.0) as u8;
            }
        }
    }
}
