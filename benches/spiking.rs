//! Simulated seconds per second of the spiking phase, natively.

#[path = "spiking_phase.rs"]
mod spiking_phase;

use divan::{Bencher, counter::ItemsCount};
use spiking_phase::CASES;

fn main() {
    println!("The spiking phase; an item is a simulated second.");
    divan::main();
}

#[divan::bench(args = CASES.map(|case| case.name), sample_count = 5, sample_size = 1)]
fn spiking(bencher: Bencher, name: &str) {
    let case = CASES.into_iter().find(|case| case.name == name).expect("the arguments are their names");
    bencher
        .counter(ItemsCount::new(case.seconds))
        .with_inputs(|| spiking_phase::ready(case))
        .bench_local_refs(spiking_phase::run);
}
