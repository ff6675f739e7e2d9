//! How certain the end of a fitted line is.

/// Sums over windows of one kind: x is the drive beyond the threshold, r the response.
#[derive(Debug, Clone, Default)]
pub(super) struct Moments {
    count: f64,
    x: f64,
    x_x: f64,
    r: f64,
    x_r: f64,
    r_r: f64,
}

impl Moments {
    /// Adds a window.
    pub(super) fn add(&mut self, x: f64, r: f64) {
        let sums = [&mut self.count, &mut self.x, &mut self.x_x, &mut self.r, &mut self.x_r, &mut self.r_r];
        for (sum, term) in sums.into_iter().zip([1.0, x, x * x, r, x * r, r * r]) {
            *sum += term;
        }
    }

    /// The variance of the value at x = 0 of the line fitted by least squares; not finite without three different windows.
    pub(super) fn variance_at_threshold(&self) -> f64 {
        let Self { count, x, x_x, r, x_r, r_r } = self;
        let determinant = count * x_x - x * x;
        let slope = (count * x_r - x * r) / determinant;
        let intercept = (r - slope * x) / count;
        let residuals = r_r - intercept * r - slope * x_r;
        residuals.max(0.0) / (count - 2.0).max(0.0) * x_x / determinant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variance_is_that_of_the_textbook() {
        let mut moments = Moments::default();
        assert!(!moments.variance_at_threshold().is_finite());
        for (x, r) in [(1.0, 1.0), (2.0, 3.0), (3.0, 2.0), (4.0, 4.0)] {
            moments.add(x, r);
        }
        // The line 0.5 + 0.8 x leaves residuals of -0.3, 0.9, -0.9, 0.3; 0.9 × (1/4 + 2.5²/5).
        approx::assert_abs_diff_eq!(moments.variance_at_threshold(), 1.35, epsilon = 1e-12);
    }
}
