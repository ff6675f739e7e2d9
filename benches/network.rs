//! Native speed of the rate network, on one thread.

mod rate_network;

use std::time::Instant;

fn main() {
    let start = Instant::now();
    rate_network::report(|| start.elapsed().as_secs_f64() * 1000.0, |line| println!("{line}"));
}
