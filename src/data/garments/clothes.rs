//! Clothes: what is worn above the feet.

use super::tailor::Tailor;

/// The cut of a garment for the upper body. Widths are measured from the middle; the picture goes
/// from −1 to 1.
struct Cut {
    neck: f32,
    /// How far the neckline reaches down from the shoulders.
    neck_depth: f32,
    shoulder: f32,
    chest: f32,
    waist: f32,
    hem: f32,
    /// The height of the hem.
    bottom: f32,
    /// The length of the sleeves; 0 for none.
    sleeve: f32,
    sleeve_width: f32,
}

/// The height of the shoulders, or of a waistband.
const TOP: f32 = -0.9;

impl Tailor {
    /// The sleeves and the body of a garment for the upper body.
    fn top(&mut self, cut: &Cut) {
        let seam = self.cloth * self.between(0.72, 1.0);
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

    /// Short sleeves, a wide neck, perhaps a print.
    pub fn t_shirt(&mut self) {
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

    /// Long sleeves, a closed front, perhaps a ribbed hem and neck.
    pub fn pullover(&mut self) {
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

    /// Narrow and long, often flared, often without sleeves.
    pub fn dress(&mut self) {
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

    /// Long sleeves and an open front, usually with lapels, perhaps with a belt.
    pub fn coat(&mut self) {
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

    /// A collar and a narrow placket, either of which may be missing; sleeves short or long.
    pub fn shirt(&mut self) {
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

    /// Two legs, perhaps with a waistband.
    pub fn trouser(&mut self) {
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
}
