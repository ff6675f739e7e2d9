#!/usr/bin/env bash
# Compares the digests of tests/digest.rs on other processors, which are emulated, and under other options of the compiler.
# What this machine lacks for it is installed if possible; otherwise that part is skipped, and says so.

set -euo pipefail
cd "$(dirname "$0")/.."

digests() { # title, NAME=value …, -- options of cargo
  local environment=()
  printf '\n== %s\n' "$1"
  shift
  while [ "$1" != -- ]; do
    environment[${#environment[@]}]=$1
    shift
  done
  shift
  env "${environment[@]}" cargo test --quiet --target-dir target/processors --test digest "$@"
}

# The profile of release has one level for all that is compiled.
digests 'This processor, at opt-level 1' CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off -- --release
digests 'This processor, with all of its instructions, at opt-level 3' \
  RUSTFLAGS='-C target-cpu=native' CARGO_PROFILE_RELEASE_LTO=off -- --release

if scripts/prerequisites.sh processors; then
  digests 'aarch64, emulated by qemu' \
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER='qemu-aarch64 -L /usr/aarch64-linux-gnu' \
    -- --target aarch64-unknown-linux-gnu
  digests 'x86-64 without AVX2 (Nehalem), emulated by qemu' \
    CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER='qemu-x86_64 -cpu Nehalem' \
    -- --target x86_64-unknown-linux-gnu
else
  printf '\nSkipped: other processors are emulated only on Linux on x86-64, by qemu.\n'
fi
