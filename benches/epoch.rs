//! The whole of an epoch, natively: see `whole_epoch.rs` and `rule_costs.rs`.

mod rule_costs;
mod spiking_phase;
mod whole_epoch;

use std::time::Instant;

fn main() {
    let start = Instant::now();
    let now = || start.elapsed().as_secs_f64() * 1000.0;
    whole_epoch::report("native", now, |line| println!("{line}"));
    rule_costs::report("native", now, |line| println!("{line}"));
}
