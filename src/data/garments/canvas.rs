//! A small picture on which polygons are filled with smooth edges.

use super::SIDE;

/// A point of the plane: x to the right, y down.
pub type Point = [f32; 2];

/// Where and how a drawing stands on the canvas: a linear map, then a shift.
#[derive(Debug, Clone, Copy)]
pub struct Placement {
    /// Maps a point of the drawing, by rows, to pixels.
    pub linear: [Point; 2],
    /// The pixel position of the drawing's origin.
    pub origin: Point,
}

/// Grey levels from 0 (black) to 1, `[SIDE, SIDE]`.
#[derive(Debug, Clone)]
pub struct Canvas {
    /// The grey levels, row by row.
    pub levels: [[f32; SIDE]; SIDE],
}

/// The most corners that a polygon may have.
const MOST_CORNERS: usize = 32;
/// Lines per row of pixels along which a polygon is measured.
const LINES: usize = 4;

impl Canvas {
    /// A black canvas.
    pub fn new() -> Self {
        Self { levels: [[0.0; SIDE]; SIDE] }
    }

    /// Fills the polygon with these `corners`, closed, of at most 32, with the grey `level`. A pixel
    /// that is covered in part is mixed in proportion; `opacity` scales that proportion.
    pub fn fill(&mut self, placement: &Placement, corners: &[Point], level: f32, opacity: f32) {
        debug_assert!(corners.len() <= MOST_CORNERS);
        let mut placed = [[0.0; 2]; MOST_CORNERS];
        let (mut top, mut bottom) = (SIDE as f32, 0.0_f32);
        for (to, &[x, y]) in placed.iter_mut().zip(corners) {
            let [[xx, xy], [yx, yy]] = placement.linear;
            *to = [xx * x + xy * y + placement.origin[0], yx * x + yy * y + placement.origin[1]];
            top = top.min(to[1]);
            bottom = bottom.max(to[1]);
        }
        let placed = &placed[..corners.len().min(MOST_CORNERS)];
        // Casts from float saturate, so rows above the canvas begin at 0.
        for row in top as usize..SIDE.min(bottom as usize + 1) {
            let mut cover = [0.0; SIDE];
            for line in 0..LINES {
                let y = row as f32 + (line as f32 + 0.5) / LINES as f32;
                cover_line(&mut cover, placed, y);
            }
            for (level_here, cover) in self.levels[row].iter_mut().zip(cover) {
                *level_here += (level - *level_here) * cover * (opacity / LINES as f32);
            }
        }
    }
}

/// Adds to `cover` how much of each pixel's width the polygon covers along the line at height `y`.
fn cover_line(cover: &mut [f32; SIDE], corners: &[Point], y: f32) {
    // Where the outline crosses the line, in ascending order: inside is between odd and even ones.
    let mut crossings = [0.0; MOST_CORNERS];
    let mut count = 0;
    let mut from = corners[corners.len() - 1];
    for &to in corners {
        if (from[1] <= y) != (to[1] <= y) {
            let x = from[0] + (y - from[1]) * (to[0] - from[0]) / (to[1] - from[1]);
            let x = x.clamp(0.0, SIDE as f32);
            let mut place = count;
            while place > 0 && crossings[place - 1] > x {
                crossings[place] = crossings[place - 1];
                place -= 1;
            }
            crossings[place] = x;
            count += 1;
        }
        from = to;
    }
    for pair in crossings[..count].chunks_exact(2) {
        let (left, right) = (pair[0], pair[1]);
        for (column, cover) in
            cover.iter_mut().enumerate().take(SIDE.min(right as usize + 1)).skip(left as usize)
        {
            *cover += right.min(column as f32 + 1.0) - left.max(column as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_abs_diff_eq;

    const PIXELS: Placement = Placement { linear: [[1.0, 0.0], [0.0, 1.0]], origin: [0.0, 0.0] };

    #[test]
    fn a_pixel_takes_the_share_of_it_that_is_covered() {
        let mut canvas = Canvas::new();
        canvas.fill(&PIXELS, &[[2.5, 3.0], [5.25, 3.0], [5.25, 4.5], [2.5, 4.5]], 1.0, 1.0);
        assert_eq!(canvas.levels[3][1..7], [0.0, 0.5, 1.0, 1.0, 0.25, 0.0]);
        assert_eq!(canvas.levels[4][1..7], [0.0, 0.25, 0.5, 0.5, 0.125, 0.0]);
        assert_eq!(canvas.levels[5], [0.0; SIDE]);
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let mut canvas = Canvas::new();
        canvas.fill(&PIXELS, &[[-50.0, -50.0], [100.0, -50.0], [100.0, 90.0], [-50.0, 90.0]], 0.5, 0.5);
        canvas.fill(&PIXELS, &[[40.0, -9.0], [50.0, -9.0], [50.0, -5.0]], 1.0, 1.0);
        for level in canvas.levels.as_flattened() {
            assert_abs_diff_eq!(*level, 0.25, epsilon = 1e-6);
        }
    }

    #[test]
    fn a_placed_triangle_keeps_its_area() {
        let mut canvas = Canvas::new();
        let placement = Placement { linear: [[2.0, 0.5], [-1.0, 3.0]], origin: [10.0, 9.0] };
        canvas.fill(&placement, &[[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]], 1.0, 1.0);
        // The area 8 times the determinant 6.5.
        assert_abs_diff_eq!(canvas.levels.as_flattened().iter().sum::<f32>(), 52.0, epsilon = 0.5);
    }
}
