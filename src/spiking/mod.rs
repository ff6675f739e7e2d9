//! To come.
use ndarray::{ArrayView2, ArrayViewMut2};

/// Writes causal effects into feedback weights (method: "writing back").
pub fn write_back(_causal_effect: ArrayView2<'_, f32>, _deviation: f32, _feedback: ArrayViewMut2<'_, f32>) {}
