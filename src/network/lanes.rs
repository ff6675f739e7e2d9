//! Channels side by side, as many as the compiler needs to fill its vectors.

/// Runs a block for every 16 channels side by side, for the rest by 4, and then one by one. Each
/// channel keeps its own order; a result therefore depends on no vector width.
macro_rules! for_lanes {
    ($channels:expr, $lanes:ident, $first:ident => $block:block) => {
        let (whole, most) = ($channels / 16 * 16, $channels / 4 * 4);
        for $first in (0..whole).step_by(16) {
            const $lanes: usize = 16;
            $block
        }
        for $first in (whole..most).step_by(4) {
            const $lanes: usize = 4;
            $block
        }
        for $first in most..$channels {
            const $lanes: usize = 1;
            $block
        }
    };
}
pub(super) use for_lanes;
