//! Shoes and bags.

use super::tailor::Tailor;

impl Tailor {
    /// A closed shoe that points left: its shaft reaches up to `height`, on a `sole` of this
    /// thickness and a `heel` that lifts it this much.
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

    /// A low shoe with a thick sole, perhaps with laces.
    pub fn sneaker(&mut self) {
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

    /// A shoe with a high shaft, perhaps with a heel.
    pub fn ankle_boot(&mut self) {
        let height = self.between(0.85, 1.5);
        let sole = self.between(0.05, 0.16);
        let heel = if self.chance(0.6) { self.between(0.05, 0.3) } else { 0.0 };
        self.shoe(height, sole, heel);
        if self.chance(0.4) {
            let level = self.accent();
            self.stripe([0.35, 0.6 - height], [0.4, 0.45 - height * 0.4], 0.08, level);
        }
    }

    /// A sole, flat or on a heel, and straps with air between them.
    pub fn sandal(&mut self) {
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

    /// A box, usually with a handle, perhaps with a flap.
    pub fn bag(&mut self) {
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
}
