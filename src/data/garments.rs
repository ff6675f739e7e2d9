//! `garments`: ten classes of clothing, drawn by the program from a seed.
//!
//! The classes are those of Fashion-MNIST. What tells two garments apart is what tells them apart on
//! a shelf: the length of the sleeves, a collar, an opening down the front, how high a shoe reaches.
//! These overlap between classes, details may be faint, cloth may be patterned, and things lie in
//! the way; so the set is hard for honest reasons. No label is ever wrong.
//!
//! An image depends on the seed, its split and its number only: the first images of a split are the
//! same however many are drawn. Only arithmetic that every platform does alike is used.

use super::{SIDE, canvas::Canvas, canvas::Placement, canvas::Point};
use crate::random::{Generator, Stream, generator};
use rand::{Rng, RngExt, SeedableRng};

/// Which split an image is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Images to learn from.
    Train = 0,
    /// Images to test with.
    Test = 1,
}

/// Draws the first `count` images of a split: grey levels `[count, 28, 28]` and labels `[count]`.
pub fn draw(seed: u32, part: Part, count: usize) -> (Vec<u8>, Vec<u8>) {
    let base = generator(seed, Stream::Images).next_u64();
    let mut pixels = vec![0; count * SIDE * SIDE];
    let labels = pixels
        .chunks_exact_mut(SIDE * SIDE)
        .enumerate()
        .map(|(i, image)| {
            let mut dice = Dice(Generator::seed_from_u64(base ^ (part as u64) << 32 ^ i as u64));
            let label = dice.0.random_range(0..10);
            draw_one(label, dice, image);
            label
        })
        .collect();
    (pixels, labels)
}

/// The chance in one image.
struct Dice(Generator);

impl Dice {
    /// A number from `low` to `high`, all equally likely.
    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.0.random::<f32>()
    }

    /// Whether something happens that happens with this `probability`.
    fn chance(&mut self, probability: f32) -> bool {
        self.0.random::<f32>() < probability
    }
}

/// Draws one garment, of the class `label`, into `image`.
fn draw_one(label: u8, mut dice: Dice, image: &mut [u8]) {
    let cloth = dice.between(0.3, 0.9);
    let size = dice.between(9.5, 12.5);
    let mut tailor = Tailor {
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
    };
    match label {
        0 => tailor.t_shirt(),
        1 => tailor.trouser(),
        2 => tailor.pullover(),
        3 => tailor.dress(),
        4 => tailor.coat(),
        5 => tailor.sandal(),
        6 => tailor.shirt(),
        7 => tailor.sneaker(),
        8 => tailor.bag(),
        _ => tailor.ankle_boot(),
    }
    tailor.pattern();
    tailor.clutter();
    tailor.photograph(image);
}

/// The cut of a garment for the upper body: half widths, heights (−1 is the top of the picture, 1
/// its bottom) and lengths.
struct Cut {
    neck: f32,
    neck_depth: f32,
    shoulder: f32,
    chest: f32,
    waist: f32,
    hem: f32,
    bottom: f32,
    sleeve: f32,
    sleeve_width: f32,
}

const TOP: f32 = -0.9;

/// Draws the parts of one garment.
struct Tailor {
    canvas: Canvas,
    placement: Placement,
    /// The grey level of the cloth.
    cloth: f32,
    dice: Dice,
}

impl Tailor {
    fn between(&mut self, low: f32, high: f32) -> f32 {
        self.dice.between(low, high)
    }

    fn chance(&mut self, probability: f32) -> bool {
        self.dice.chance(probability)
    }

    fn fill(&mut self, corners: &[Point], level: f32) {
        self.canvas.fill(&self.placement, corners, level, 1.0);
    }

    /// The grey level of a detail: lighter or darker than the cloth, often only a little.
    fn accent(&mut self) -> f32 {
        let contrast = self.between(0.08, 0.45);
        let lighter = self.chance(0.5);
        if lighter { (self.cloth + contrast).min(1.0) } else { (self.cloth - contrast).max(0.02) }
    }

    /// A stripe of this `width` from `from` to `to`.
    fn stripe(&mut self, from: Point, to: Point, width: f32, level: f32) {
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

    /// The sleeves and the body of a garment for the upper body.
    fn top(&mut self, cut: &Cut) {
        let seam = self.cloth * self.dice.between(0.72, 1.0);
        if cut.sleeve > 0.0 {
            let spread = self.between(0.12, 0.6);
            for side in [-1.0, 1.0] {
                let spread = spread + self.between(-0.08, 0.08);
                let length = (spread * spread + 1.0).sqrt();
                let (x, y) = (spread / length, 1.0 / length);
                let start = [cut.shoulder - 0.05, TOP + 0.1];
                let outer = [start[0] + x * cut.sleeve, start[1] + y * cut.sleeve];
                let cuff = cut.sleeve_width * 0.75;
                let corners = [
                    start,
                    outer,
                    [outer[0] - y * cuff, outer[1] + x * cuff],
                    [start[0] - y * cut.sleeve_width, start[1] + x * cut.sleeve_width],
                ];
                self.fill(&corners.map(|[x, y]| [side * x, y]), seam);
            }
        }
        let right = [
            [cut.neck * 0.6, TOP + cut.neck_depth * 0.75],
            [cut.neck, TOP],
            [cut.shoulder, TOP + 0.12],
            [cut.chest, TOP + 0.55],
            [cut.waist, TOP + 1.0],
            [cut.hem, cut.bottom],
        ];
        let mut outline = [[0.0, TOP + cut.neck_depth]; 13];
        for (i, &[x, y]) in right.iter().enumerate() {
            outline[i + 1] = [x, y];
            outline[12 - i] = [-x, y];
        }
        let cloth = self.cloth;
        self.fill(&outline, cloth);
    }

    /// A front that opens: a line from the neck to the hem, perhaps with buttons.
    fn opening(&mut self, cut: &Cut, width: f32) {
        let level = self.accent();
        let lean = self.between(-0.04, 0.04);
        self.stripe([lean, TOP + cut.neck_depth], [lean, cut.bottom], width, level);
    }

    /// Two flaps at the neck, of this length: a collar, or lapels.
    fn collar(&mut self, cut: &Cut, length: f32) {
        let level = self.accent();
        for side in [-1.0, 1.0] {
            self.fill(
                &[
                    [side * cut.neck * 0.7, TOP - 0.06],
                    [side * (cut.neck + 0.12), TOP + 0.08],
                    [side * 0.03, TOP + cut.neck_depth + length],
                    [side * 0.02, TOP + cut.neck_depth],
                ],
                level,
            );
        }
    }

    fn t_shirt(&mut self) {
        let chest = self.between(0.44, 0.6);
        let cut = Cut {
            neck: self.between(0.14, 0.3),
            neck_depth: self.between(0.08, 0.4),
            shoulder: chest + self.between(-0.02, 0.06),
            chest,
            waist: chest * self.between(0.85, 1.0),
            hem: chest * self.between(0.9, 1.1),
            bottom: self.between(0.6, 1.0),
            sleeve: self.between(0.15, 0.75),
            sleeve_width: self.between(0.28, 0.42),
        };
        self.top(&cut);
        if self.chance(0.35) {
            let level = self.accent();
            let (x, y) = (self.between(0.1, 0.3), self.between(0.1, 0.25));
            let middle = self.between(-0.35, 0.1);
            self.fill(&[[-x, middle - y], [x, middle - y], [x, middle + y], [-x, middle + y]], level);
        }
    }

    fn pullover(&mut self) {
        let chest = self.between(0.46, 0.64);
        let cut = Cut {
            neck: self.between(0.1, 0.26),
            neck_depth: self.between(0.02, 0.25),
            shoulder: chest + self.between(-0.04, 0.06),
            chest,
            waist: chest * self.between(0.88, 1.02),
            hem: chest * self.between(0.85, 1.02),
            bottom: self.between(0.55, 0.95),
            sleeve: self.between(0.95, 1.6),
            sleeve_width: self.between(0.26, 0.42),
        };
        self.top(&cut);
        if self.chance(0.6) {
            let level = self.accent();
            self.stripe([-cut.hem, cut.bottom - 0.06], [cut.hem, cut.bottom - 0.06], 0.13, level);
        }
        if self.chance(0.4) {
            let level = self.accent();
            let y = TOP + cut.neck_depth * 0.5;
            self.stripe([-cut.neck, y], [cut.neck, y], 0.12, level);
        }
    }

    fn dress(&mut self) {
        let chest = self.between(0.26, 0.46);
        let sleeved = self.chance(0.45);
        let cut = Cut {
            neck: self.between(0.1, 0.26),
            neck_depth: self.between(0.05, 0.45),
            shoulder: chest * self.between(0.75, 1.05),
            chest,
            waist: chest * self.between(0.7, 0.98),
            hem: chest * self.between(0.95, 1.9),
            bottom: self.between(0.8, 1.1),
            sleeve: if sleeved { self.between(0.15, 1.3) } else { 0.0 },
            sleeve_width: self.between(0.2, 0.32),
        };
        self.top(&cut);
        if self.chance(0.4) {
            let level = self.accent();
            self.stripe([-cut.waist, TOP + 1.0], [cut.waist, TOP + 1.0], 0.1, level);
        }
    }

    fn coat(&mut self) {
        let chest = self.between(0.46, 0.62);
        let cut = Cut {
            neck: self.between(0.1, 0.26),
            neck_depth: self.between(0.1, 0.4),
            shoulder: chest + self.between(-0.04, 0.06),
            chest,
            waist: chest * self.between(0.82, 1.0),
            hem: chest * self.between(0.9, 1.2),
            bottom: self.between(0.65, 1.05),
            sleeve: self.between(1.0, 1.6),
            sleeve_width: self.between(0.28, 0.42),
        };
        self.top(&cut);
        let width = self.between(0.05, 0.16);
        self.opening(&cut, width);
        if self.chance(0.75) {
            let length = self.between(0.2, 0.6);
            self.collar(&cut, length);
        }
        if self.chance(0.3) {
            let level = self.accent();
            self.stripe([-cut.waist, TOP + 1.05], [cut.waist, TOP + 1.05], 0.12, level);
        }
    }

    fn shirt(&mut self) {
        let chest = self.between(0.44, 0.6);
        let short = self.chance(0.3);
        let cut = Cut {
            neck: self.between(0.1, 0.26),
            neck_depth: self.between(0.08, 0.35),
            shoulder: chest + self.between(-0.03, 0.06),
            chest,
            waist: chest * self.between(0.84, 1.0),
            hem: chest * self.between(0.88, 1.1),
            bottom: self.between(0.55, 1.0),
            sleeve: if short { self.between(0.25, 0.8) } else { self.between(0.9, 1.55) },
            sleeve_width: self.between(0.24, 0.4),
        };
        self.top(&cut);
        if self.chance(0.8) {
            let width = self.between(0.03, 0.09);
            self.opening(&cut, width);
        }
        if self.chance(0.8) {
            let length = self.between(0.0, 0.25);
            self.collar(&cut, length);
        }
    }

    fn trouser(&mut self) {
        let waist = self.between(0.26, 0.4);
        let hip = waist + self.between(0.02, 0.12);
        let crotch = self.between(-0.4, -0.1);
        let bottom = self.between(0.7, 1.1);
        let spread = self.between(0.0, 0.2);
        let cuff = self.between(0.14, 0.3);
        let gap = self.between(0.01, 0.08);
        let cloth = self.cloth;
        for side in [-1.0, 1.0] {
            let corners = [
                [-0.01, TOP],
                [waist, TOP],
                [hip, TOP + 0.4],
                [gap + spread + cuff, bottom],
                [gap + spread, bottom],
                [gap * 0.3, crotch],
            ];
            self.fill(&corners.map(|[x, y]| [side * x, y]), cloth);
        }
        if self.chance(0.5) {
            let level = self.accent();
            self.stripe([-waist, TOP + 0.06], [waist, TOP + 0.06], 0.12, level);
        }
    }

    /// The outline of a closed shoe that points left, whose shaft reaches up to `height`.
    fn shoe(&mut self, height: f32, sole: f32, heel: f32) {
        let toe = self.between(0.12, 0.3);
        let tongue = self.between(-0.2, 0.15);
        let back = self.between(0.72, 0.88);
        let floor = 0.62;
        let top = floor - height;
        let instep = floor - (height * 0.75).min(0.5 + toe);
        let cloth = self.cloth;
        let underfoot = floor - sole;
        self.fill(
            &[
                [-0.95, underfoot],
                [-0.97, underfoot - toe * 0.6],
                [-0.8, underfoot - toe],
                [-0.5, underfoot - toe * 1.15],
                [tongue - 0.15, instep],
                [tongue, top],
                [back - 0.05, top + 0.03],
                [back, top + height * 0.4],
                [back + 0.07, underfoot],
            ],
            cloth,
        );
        let level = self.accent();
        self.fill(
            &[
                [-0.97, underfoot],
                [back + 0.08, underfoot - heel * 0.3],
                [back + 0.06, floor + heel],
                [0.35, floor + heel],
                [0.25, floor],
                [-0.93, floor],
            ],
            level,
        );
    }

    fn sneaker(&mut self) {
        let height = self.between(0.5, 1.0);
        let sole = self.between(0.1, 0.22);
        self.shoe(height, sole, 0.0);
        if self.chance(0.7) {
            let level = self.accent();
            for i in 0..3 {
                let x = -0.5 + 0.17 * i as f32;
                let y = 0.36 - 0.12 * i as f32;
                self.stripe([x, y], [x + 0.14, y + 0.12], 0.06, level);
            }
        }
    }

    fn ankle_boot(&mut self) {
        let height = self.between(0.85, 1.5);
        let sole = self.between(0.05, 0.16);
        let heel = if self.chance(0.6) { self.between(0.05, 0.3) } else { 0.0 };
        self.shoe(height, sole, heel);
        if self.chance(0.4) {
            let level = self.accent();
            self.stripe([0.35, 0.6 - height], [0.4, 0.45 - height * 0.4], 0.08, level);
        }
    }

    fn sandal(&mut self) {
        let heel = if self.chance(0.5) { self.between(0.1, 0.6) } else { 0.0 };
        let sole = self.between(0.08, 0.2);
        let cloth = self.cloth;
        let floor = 0.6;
        self.fill(
            &[
                [-0.95, floor - sole],
                [-0.3, floor - sole],
                [0.3, floor - sole - heel * 0.7],
                [0.9, floor - sole - heel],
                [0.92, floor - heel],
                [0.3, floor - heel * 0.6],
                [-0.3, floor],
                [-0.92, floor],
            ],
            cloth,
        );
        if heel > 0.0 {
            let width = self.between(0.08, 0.3);
            self.stripe([0.84, floor - heel], [0.84, floor], width, cloth);
        }
        let straps = 2 + (self.between(0.0, 4.0) as usize);
        for i in 0..straps {
            let x = -0.75 + 1.5 * (i as f32 + self.between(0.0, 0.8)) / straps as f32;
            let low = floor - sole - heel * ((x + 0.3) / 1.2).clamp(0.0, 1.0);
            let lean = self.between(-0.3, 0.4);
            let rise = self.between(0.25, 0.7);
            let width = self.between(0.08, 0.2);
            let level = self.accent();
            self.stripe([x, low], [x + lean, low - rise], width, level);
        }
        if self.chance(0.5) {
            let rise = self.between(0.3, 0.7) + heel;
            let width = self.between(0.07, 0.14);
            self.stripe([0.2, floor - rise], [0.88, floor - rise - 0.05], width, cloth);
        }
    }

    fn bag(&mut self) {
        let half = self.between(0.55, 0.95);
        let top = self.between(-0.45, 0.05);
        let bottom = self.between(0.45, 0.95);
        let taper = self.between(0.75, 1.1);
        let cloth = self.cloth;
        if self.chance(0.8) {
            let wide = half * self.between(0.35, 0.85);
            let high = top - self.between(0.15, 0.65);
            let width = self.between(0.06, 0.14);
            let level = self.accent();
            self.stripe([-wide, top + 0.05], [-wide * 0.7, high], width, level);
            self.stripe([wide, top + 0.05], [wide * 0.7, high], width, level);
            self.stripe([-wide * 0.75, high], [wide * 0.75, high], width, level);
        }
        self.fill(
            &[
                [-half * taper + 0.06, top],
                [half * taper - 0.06, top],
                [half * taper, top + 0.08],
                [half, bottom - 0.08],
                [half - 0.08, bottom],
                [-half + 0.08, bottom],
                [-half, bottom - 0.08],
                [-half * taper, top + 0.08],
            ],
            cloth,
        );
        if self.chance(0.6) {
            let level = self.accent();
            let y = top + (bottom - top) * self.between(0.2, 0.6);
            self.stripe([-half * 0.95, y], [half * 0.95, y], 0.07, level);
        }
    }

    /// Patterned cloth: folds, and perhaps stripes or checks.
    fn pattern(&mut self) {
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
    fn clutter(&mut self) {
        if self.chance(0.3) {
            let level = self.between(0.0, 1.0);
            let from = [self.between(-1.2, 1.2), self.between(-1.2, 1.2)];
            let to = [self.between(-1.2, 1.2), self.between(-1.2, 1.2)];
            let width = self.between(0.1, 0.4);
            self.stripe(from, to, width, level);
        }
    }

    /// Turns the drawing into grey levels, with the noise of a camera.
    fn photograph(&mut self, image: &mut [u8]) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_image_does_not_depend_on_how_many_are_drawn() {
        let (few, few_labels) = draw(3, Part::Train, 10);
        let (many, many_labels) = draw(3, Part::Train, 50);
        assert_eq!(few, many[..few.len()]);
        assert_eq!(few_labels, many_labels[..10]);
        assert_ne!(draw(4, Part::Train, 10).0, few);
    }

    #[test]
    fn no_image_is_drawn_twice() {
        let (train, labels) = draw(1, Part::Train, 6_000);
        let (test, _) = draw(1, Part::Test, 1_000);
        let distinct: HashSet<&[u8]> = train.chunks(784).chain(test.chunks(784)).collect();
        assert_eq!(distinct.len(), 7_000);
        for class in 0..10 {
            let count = labels.iter().filter(|&&label| label == class).count();
            assert!((480..720).contains(&count), "{count} images of class {class}");
        }
    }
}
