//! What is timed in a browser. `wasm-pack test --headless --chrome --release benches/browser -- --nocapture` runs it
//! in a dedicated worker, which is where the page works.

#![cfg(all(test, target_arch = "wasm32"))]

#[path = "../products.rs"]
mod products;
#[path = "../rate_network.rs"]
mod rate_network;
#[path = "../rule_costs.rs"]
mod rule_costs;
#[path = "../spiking_phase.rs"]
mod spiking_phase;
#[path = "../whole_epoch.rs"]
mod whole_epoch;

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen]
extern "C" {
    /// Milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

#[wasm_bindgen_test]
fn spiking() {
    for case in spiking_phase::CASES {
        let mut rates: Vec<f64> = (0..5)
            .map(|_| {
                let mut phase = spiking_phase::ready(case);
                let start = now();
                spiking_phase::run(&mut phase);
                f64::from(case.seconds) / ((now() - start) / 1000.0)
            })
            .collect();
        rates.sort_by(f64::total_cmp);
        console_log!(
            "spiking, {}: {:.0} simulated seconds per second (best of five {:.0})",
            case.name,
            rates[2],
            rates[4]
        );
    }
}

#[wasm_bindgen_test]
fn network() {
    rate_network::report(now, |line| console_log!("{line}"));
}

#[wasm_bindgen_test]
fn products_of_matrices() {
    products::report(now, |line| console_log!("{line}"));
}

#[wasm_bindgen_test]
fn whole_epochs() {
    whole_epoch::report("Chromium", now, |line| console_log!("{line}"));
}

#[wasm_bindgen_test]
fn costs_of_rules() {
    rule_costs::report("Chromium", now, |line| console_log!("{line}"));
}
