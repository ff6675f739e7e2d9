//! Native speed of the rate network, on one thread.

mod products;
mod rate_network;

use std::time::Instant;

fn main() {
    let start = Instant::now();
    let now = || start.elapsed().as_secs_f64() * 1000.0;
    rate_network::report(now, |line| println!("{line}"));
    products::report(now, |line| println!("{line}"));
}
