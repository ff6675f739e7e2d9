# The few commands that a person needs. Each sets up what it misses, says what it does, and is quick
# the second time: files are built when something that they come from has changed.

# With its options here: GNU make 3.81, which is macOS's, has no `.SHELLFLAGS`.
SHELL := bash -euo pipefail
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# Where `make demo` serves the page: to this machine alone, unless HOST is an address such as 0.0.0.0. (A shell may
# export its own HOST.)
PORT ?= 8080
HOST :=

# The WebAssembly tools are built once for a user, in a folder for each version. wasm-bindgen's program
# must be of exactly the version that the crate links. (To make, a name with a space is two, and one with % a pattern.)
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)
TOOLS ?= $(if $(word 2,$(CACHE))$(findstring %,$(CACHE)),target,$(CACHE)/spikealign)/tools
WASM_BINDGEN_VERSION := $(shell awk -F'"' '$$1 == "name = " && $$2 == "wasm-bindgen" { getline; print $$2 }' Cargo.lock)
WASM_BINDGEN := $(TOOLS)/wasm-bindgen-cli-$(WASM_BINDGEN_VERSION)

# The tests that simulate or train for long. `make check` runs all others, and `make test` these as well.
LONG := the_jump_has_the_sign_of_the_weight the_neuron_is_mostly_right a_raster_holds_the_last_steps \
	values_and_gradients_are_those_of_the_naive_convolution \
	flipped_bits_with_a_right_checksum overwritten_bytes_with_a_right_checksum \
	a_run_survives_interruptions a_run_goes_on_from_between_any_two_chunks \
	it_learns train::it_runs new_rule::it_runs every_recording_is_reproduced
TEST_NATIVE := cargo test --quiet --all-features --lib --bins --tests
# Whatever is tested of the page without a browser.
MODEL_TESTS = $(shell find tests -name '*.test.js')

# What wasm-pack would call; without it a new machine has one tool less to build. wasm-opt has to know what rustc emits,
# and that the lowest kilobyte is the end of the stack. Of the core, which every reader gets, size counts: the compiler has
# inlined what is hot, and more of it only repeats itself less well when packed.
BUILD_WASM := cargo build --quiet --locked --release --target wasm32-unknown-unknown --target-dir target --lib --package
BIND := wasm-bindgen --target web --out-dir
WASM_OPT := wasm-opt -O3 --enable-bulk-memory --enable-nontrapping-float-to-int --enable-reference-types \
	--enable-multivalue --enable-sign-ext --enable-simd --enable-mutable-globals
WASM_OPT_SMALL := --converge --low-memory-unused --strip-producers --strip-target-features \
	--one-caller-inline-max-function-size=0 --flexible-inline-max-function-size=5

# In a worker of a headless browser.
TEST_WASM := cargo test --release --lib --target wasm32-unknown-unknown
IN_CHROMIUM = CHROMIUM="$$(scripts/prerequisites.sh browser)" FIREFOX=
# With relaxed SIMD, which the page does without, only the network differs.
BENCH_IN_BROWSER = $(IN_CHROMIUM) $(TEST_WASM) --package spikealign-browser-benches -- --nocapture

# What checks the crates that we build with, what feeds the parsers, and what checks the tests.
CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := $(TOOLS)/cargo-deny-$(CARGO_DENY_VERSION)
CARGO_LLVM_COV_VERSION := 0.9.1
CARGO_LLVM_COV := $(TOOLS)/cargo-llvm-cov-$(CARGO_LLVM_COV_VERSION)
CARGO_MUTANTS_VERSION := 27.1.0
CARGO_MUTANTS := $(TOOLS)/cargo-mutants-$(CARGO_MUTANTS_VERSION)
# What LLVM adds for libFuzzer: which branches an input takes, and what it is compared with. Libraries that know fuzzers
# forgo checksums. (For the host by name, since what runs while it is built needs none of it.)
FUZZ_HOST = $(shell rustc --print host-tuple)
FUZZ_FLAGS := --cfg fuzzing -Cpasses=sancov-module $(addprefix -Cllvm-args=-sanitizer-coverage-,level=4 inline-8bit-counters pc-table trace-compares)
# How many inputs `make fuzz` tries on each.
RUNS ?= 100000
# For many inputs it should run quickly; for the few of `make test`, be built quickly.
FUZZ_OPT_LEVEL ?= 3
# From which seed they are drawn: 0 for a new one each time. `make test` has its own, so that what passes passes again.
FUZZ_SEED ?= 0
# What `make mutants` changes, and which tests it asks, the quickest first: only what survives one comes to the next.
MUTANTS ?= --file 'src/feedback/**' --file 'src/spiking/**' --file 'src/measurement/**' --file 'src/alignment/**' --file 'src/data/**'
MUTANT_TESTS = '-C=--test=digest -- -- causal' '-C=--lib -- -- $(LONG:%=--skip %)' '-C=--test=method -C=--test=rules' \
	'-C=--test=digest -C=--test=checkpoint -C=--test=experiment -C=--test=program'

# What the speed of the network is compared with. Nothing else needs it.
PEERS := target/peers
TENSORFLOW_VERSION := 4.22.0

# What runs the study, and reads the files that the page exports in its tests.
STUDY := target/study-python
SNAKEMAKE := $(STUDY)/bin/snakemake --snakefile study/Snakefile
# Where and what the study runs: a folder of study/profiles.
PROFILE ?= local
CORES ?= all

CARGO_BIN := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin
export PATH := $(CURDIR)/node_modules/.bin$(subst :target/,:$(CURDIR)/target/,:$(WASM_BINDGEN)/bin:$(CARGO_DENY)/bin:$(CARGO_LLVM_COV)/bin:$(CARGO_MUTANTS)/bin):$(PATH):$(CARGO_BIN)

# The tools run for a second or so: the time to optimise them would never come back.
INSTALL := CARGO_TARGET_DIR="$(TOOLS)/build" CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_STRIP=true \
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	cargo install --quiet --locked --no-default-features

RUST_SOURCES := Cargo.toml Cargo.lock rust-toolchain.toml .cargo/config.toml $(shell find src -type f)
PAGE_SOURCES := vite.config.js $(wildcard scripts/*.js) $(shell find www -type f 2>/dev/null) study/README.md study/runs.yaml $(wildcard study/*.json study/results/* study/figures/*)

say = @printf '\n== %s\n'

.PHONY: help demo check test study supply-chain fuzz coverage mutants soak check-native check-page test-native test-wasm test-study test-all-native test-all-wasm test-both test-page test-processors tools dist bench bench-peers clean ready ready-to-check ready-to-test

help: ## List the targets
	@awk -F':.* ## ' '/^[a-z-]+:.* ## / { printf "make %-16s%s\n", $$1, $$2 }' Makefile

demo: dist ## Build the page and serve it at http://localhost:8080 (PORT=..., HOST=0.0.0.0 for other machines)
	@scripts/fashion-mnist.sh
	$(say) 'Spikealign is at http://$(or $(HOST),localhost):$(PORT) (Ctrl-C stops it, PORT=... moves it)'
	@vite preview $(HOST:%=--host %) --port $(PORT) --strictPort

check: check-native check-page ## Run the quick checks: formatting, lints, types, import cycles, unit and model tests

test: export RUNS := 20000
test: export FUZZ_OPT_LEVEL := 1
test: export FUZZ_SEED := 1
test: ready-to-test test-both check-page test-page ## Run every check and every test
	$(say) 'Everything passed: native, WebAssembly in a browser, and the page from end to end.'
	@echo 'Screenshots of the page: tests/page/screenshots/'

dist: dist/index.html ## Build the static page into dist/, for any path on any host, and the npm package into pkg/

bench: ready-to-test $(WASM_BINDGEN)/bin/wasm-bindgen node_modules/.package-lock.json ## Run the benchmarks, natively and in a browser
	cargo bench
	$(BENCH_IN_BROWSER)
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS='-C target-feature=+relaxed-simd' $(BENCH_IN_BROWSER) network

bench-peers: $(PEERS)/python/.torch $(PEERS)/node_modules/.tensorflow ## The same, with PyTorch and TensorFlow.js
	@cp benches/peers/tensorflow.mjs $(PEERS)/
	@{ $(MAKE) --no-print-directory bench && $(PEERS)/python/bin/python benches/peers/pytorch.py && node $(PEERS)/tensorflow.mjs; } | \
		tee $(PEERS)/figures.txt
	@node benches/peers/ratios.js $(PEERS)/figures.txt

study: ready $(STUDY)/.installed ## Run what study/runs.yaml describes and study/results lacks (CORES=... PROFILE=quick or slurm)
	cargo build --quiet --release --features cli
	$(SNAKEMAKE) --workflow-profile study/profiles/$(PROFILE) --cores $(CORES)

soak: ready-to-test dist/index.html ## Train for an hour under random disturbances (MINUTES=... SEED=...)
	CHROMIUM="$$(scripts/prerequisites.sh browser)" node tests/soak/soak.js

supply-chain: $(CARGO_DENY)/bin/cargo-deny node_modules/.package-lock.json ## Check the dependencies against the policy in deny.toml
	$(say) 'Licences, sources and advisories of what we build with'
	scripts/supply-chain.sh

# The core has no unsafe code for a sanitizer to watch. The corpus is left as it is: what is found new stays in target/.
fuzz: ready-to-test node_modules/.package-lock.json ## Feed each parser RUNS hostile inputs (RUNS=... for another number)
	$(say) 'Hostile input: $(RUNS) addresses of the page, and as many files of each kind'
	RUNS=$(RUNS) node --test tests/page/hostile-addresses.test.js
	RUSTFLAGS='$(FUZZ_FLAGS)' CARGO_PROFILE_RELEASE_OPT_LEVEL=$(FUZZ_OPT_LEVEL) \
		cargo build --quiet --locked --release --manifest-path fuzz/Cargo.toml --target $(FUZZ_HOST) --target-dir target/fuzz
	@printf '%s\n' $(notdir $(wildcard fuzz/corpus/*)) | xargs -n 1 -P 2 sh -c ' \
		mkdir -p target/fuzz/found/$$0; \
		PARSER=$$0 target/fuzz/$(FUZZ_HOST)/release/fuzz target/fuzz/found/$$0 fuzz/corpus/$$0 -artifact_prefix=target/fuzz/$$0- \
			-seed=$(FUZZ_SEED) -runs=$(RUNS) -max_len=8192 -rss_limit_mb=1024 -malloc_limit_mb=320 -timeout=10 \
			-print_final_stats=1 -print_funcs=0 -verbosity=0 >target/fuzz/$$0.log 2>&1 && \
			grep -E "executed_units|peak_rss" target/fuzz/$$0.log | sed "s/^stat::/$$0: /" || \
			{ cat target/fuzz/$$0.log; exit 1; }'

coverage: ready-to-test $(CARGO_LLVM_COV)/bin/cargo-llvm-cov ## Report which lines of the core the native tests run
	rustup --quiet component add llvm-tools
	cargo llvm-cov --all-features --ignore-filename-regex '/(src/bin|fuzz|tests)/' --fail-under-lines 95

# cargo-mutants goes where lines of `mod` lead, and reads no macro. In a copy it is told of the modules that `registry!`
# declares by such lines, which the compiler leaves out.
mutants: ready-to-test $(CARGO_MUTANTS)/bin/cargo-mutants ## Change the core in small ways, and report what no test notices (MUTANTS='--file ...')
	@mkdir -p target/mutants
	@rm -rf target/mutants/src target/mutants/tests target/mutants/mutants.out
	@git ls-files | tar -cf - -T - | tar -xf - -C target/mutants
	@for modules in $$(find target/mutants/src -name mod.rs); do \
		for module in $$(dirname $$modules)/*.rs; do \
			name=$$(basename $$module .rs); \
			[ $$name = mod ] || grep -q "mod $$name;" $$modules || printf '#[cfg(any())]\nmod %s;\n' $$name >> $$modules; \
		done; \
	done
	@cd target/mutants && for tests in $(MUTANT_TESTS); do \
		cargo mutants --in-place --all-features --iterate --timeout 150 $(MUTANTS) $$tests || case $$? in 2|3) ;; *) exit 1;; esac; \
	done
	$(say) 'No test noticed:'
	@cat target/mutants/mutants.out/missed.txt

test-processors: ready-to-check ## Compare the digests on other processors, emulated, and under other compiler options
	scripts/test-processors.sh

clean: ## Remove everything that was built (the tools in $(TOOLS) stay)
	rm -rf target pkg readers/pkg dist node_modules test-results tests/page/screenshots

# The parts of `make check` and `make test`.

check-native: ready-to-check
	$(say) 'Formatting, lints and documentation of the core'
	cargo fmt --all --check
	@# Modules that a list declares are not seen by cargo.
	rustfmt --edition 2024 --check $(wildcard src/*/*.rs src/*/*/*.rs)
	cargo clippy --quiet --all-targets --all-features -- -D warnings
	cargo clippy --quiet --target wasm32-unknown-unknown --package spikealign-browser-tests --package spikealign-readers --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --quiet --no-deps --all-features
	$(say) 'Tests of the core'
	$(TEST_NATIVE) -- $(LONG:%=--skip %)
	cargo test --quiet --all-features --doc

check-page: ready-to-check pkg/package.json readers/pkg/readers_bg.wasm node_modules/.package-lock.json
	$(say) 'Formatting, types, circles and model tests of the page'
	prettier --check www scripts 'tests/**/*.js' 'benches/**/*.{js,mjs}' docs/npm.md vite.config.js .dependency-cruiser.js
	tsc --project tsconfig.json
	depcruise --config .dependency-cruiser.js www scripts
	RUNS=2000 node --test $(MODEL_TESTS)

test-native: ready-to-check
	$(say) 'Native tests that take longer'
	$(TEST_NATIVE) -- $(LONG)
	$(say) 'The crate as it would be published'
	@# Nothing of it runs here. In the folder of the tests, cargo would take what it builds for theirs, and build theirs again.
	CARGO_PROFILE_DEV_OPT_LEVEL=0 cargo package --quiet --offline --allow-dirty --target-dir target/published

test-wasm: ready-to-test $(WASM_BINDGEN)/bin/wasm-bindgen node_modules/.package-lock.json
	$(say) 'WebAssembly tests, in a worker of headless Chromium'
	$(IN_CHROMIUM) $(TEST_WASM) --package spikealign-browser-tests
	$(say) 'The same in headless Firefox'
	@FIREFOX="$$(scripts/prerequisites.sh firefox)"; export FIREFOX; if [ -n "$$FIREFOX" ]; then \
		$(TEST_WASM) --package spikealign-browser-tests; \
	else echo 'Skipped: there is no Firefox here.'; fi

# Compilers and browsers wait for long, and for one thing at a time: what is native and what needs tools go on side by
# side. The second has a process group, by which it ends with the first.
test-both: ready-to-test
	$(say) 'Beside what follows, the tools are built if they are missing, and WebAssembly: target/test-all-wasm.log'
	@mkdir -p target; set -m; $(MAKE) --no-print-directory test-all-wasm >target/test-all-wasm.log 2>&1 & wasm=$$!; set +m; \
	trap 'kill -INT -- -$$wasm; wait $$wasm; exit 130' INT TERM; \
	native=0; $(MAKE) --no-print-directory test-all-native || native=$$?; \
	wait $$wasm && wasm=0 || wasm=$$?; \
	cat target/test-all-wasm.log; exit $$((native + wasm))

test-all-native: check-native test-native test-study

test-all-wasm: tools pkg/package.json readers/pkg/readers_bg.wasm fuzz test-wasm supply-chain

# The native program is that of the native tests, here as well.
test-study: ready-to-test $(STUDY)/.installed
	$(say) 'The study: a few short runs give the results that are stored'
	cargo test --quiet --all-features --no-run --test program
	SPIKEALIGN=target/debug/spikealign $(STUDY)/bin/python -m unittest discover --start-directory tests/study

# The native program is that of the native tests: `cargo build` would compile it, and what it is made of, once more.
test-page: ready-to-test dist/index.html $(STUDY)/.installed
	$(say) 'The page and the npm package: end-to-end tests, and records against the native program'
	cargo test --quiet --all-features --no-run --test program
	export NATIVE_IS_BUILT=1; CHROMIUM="$$(scripts/prerequisites.sh browser)" PROGRAM="$$(scripts/prerequisites.sh program)" FIREFOX="$$(scripts/prerequisites.sh firefox)" playwright test --config tests/page/playwright.config.js
	$(say) 'The page in WebKit: a smoke test'
	WEBKIT="$$(scripts/prerequisites.sh webkit)" node --test --test-reporter spec tests/webkit/smoke.js

# What is built, and what it is built with.

ready:
	@scripts/prerequisites.sh build

ready-to-check:
	@scripts/prerequisites.sh check

ready-to-test:
	@scripts/prerequisites.sh test

# All tools of `make test` in one go: what several of them are made of is built once.
test tools: export TOGETHER := 1
tools: $(WASM_BINDGEN)/bin/wasm-bindgen $(CARGO_DENY)/bin/cargo-deny
	@rm -rf "$(TOOLS)/build"

dist/index.html: pkg/package.json readers/pkg/readers_bg.wasm node_modules/.package-lock.json $(PAGE_SOURCES)
	$(say) 'Building the page into dist/'
	@vite build

pkg/package.json: pkg/spikealign_bg.wasm scripts/package.js scripts/licences.js docs/npm.md LICENSE
	$(say) 'Making pkg/ an npm package'
	@node scripts/package.js
	@touch $@

pkg/spikealign_bg.wasm: $(RUST_SOURCES) node_modules/.package-lock.json | ready $(WASM_BINDGEN)/bin/wasm-bindgen
	$(say) 'Compiling the core to WebAssembly, into pkg/'
	@$(BUILD_WASM) spikealign
	@$(BIND) pkg target/wasm32-unknown-unknown/release/spikealign.wasm
	@$(WASM_OPT) $(WASM_OPT_SMALL) $@ --output $@

readers/pkg/readers_bg.wasm: $(RUST_SOURCES) readers/Cargo.toml readers/lib.rs node_modules/.package-lock.json | ready $(WASM_BINDGEN)/bin/wasm-bindgen
	$(say) 'Compiling the readers of dropped files to WebAssembly, into readers/pkg/'
	@$(BUILD_WASM) spikealign-readers
	@$(BIND) readers/pkg --out-name readers target/wasm32-unknown-unknown/release/spikealign_readers.wasm
	@$(WASM_OPT) $@ --output $@

$(STUDY)/.installed: study/requirements.txt
	$(say) 'Installing Snakemake, pandas, SciPy and matplotlib into $(STUDY)'
	@python3 -m venv $(STUDY) && $(STUDY)/bin/pip install --quiet --no-compile --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json | ready
	$(say) 'Installing the page'"'"'s libraries and tools into node_modules/'
	@PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-progress
	@touch $@

$(WASM_BINDGEN)/bin/wasm-bindgen: | ready
	$(say) 'Building wasm-bindgen $(WASM_BINDGEN_VERSION), once: a minute or two'
	@$(INSTALL) --root "$(WASM_BINDGEN)" --version '=$(WASM_BINDGEN_VERSION)' wasm-bindgen-cli --bin wasm-bindgen --bin wasm-bindgen-test-runner
	@[ -n "$(TOGETHER)" ] || rm -rf "$(TOOLS)/build"

$(CARGO_DENY)/bin/cargo-deny $(CARGO_LLVM_COV)/bin/cargo-llvm-cov $(CARGO_MUTANTS)/bin/cargo-mutants: | ready
	$(say) 'Building $(notdir $(@D:/bin=)), once: a minute or a few'
	@$(INSTALL) --root "$(@D:/bin=)" --version '=$(patsubst $(@F)-%,%,$(notdir $(@D:/bin=)))' $(@F)
	@[ -n "$(TOGETHER)" ] || rm -rf "$(TOOLS)/build"

$(PEERS)/python/.torch: benches/peers/requirements.txt | ready
	$(say) 'Installing PyTorch into $(PEERS)/python: some gigabytes, some minutes'
	@python3 -m venv $(PEERS)/python
	@$(PEERS)/python/bin/pip install --quiet --no-cache-dir --require-hashes --requirement $<
	@touch $@

$(PEERS)/node_modules/.tensorflow: | ready
	$(say) 'Installing TensorFlow.js $(TENSORFLOW_VERSION) into $(PEERS)/node_modules'
	@npm install --no-progress --no-audit --prefix $(PEERS) @tensorflow/tfjs@$(TENSORFLOW_VERSION)
	@touch $@
