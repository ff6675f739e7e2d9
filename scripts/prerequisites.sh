#!/usr/bin/env bash
# Makes sure that this machine has what the Makefile calls, installs what it can, and says what a person
# must install where it cannot.
#
#   prerequisites.sh build       what builds the page
#   prerequisites.sh check       the same, and what formats and lints
#   prerequisites.sh test        the same, and the browsers
#   prerequisites.sh processors  what emulates other processors
#   prerequisites.sh browser     prints the path of Chromium, without windows if it is there
#   prerequisites.sh program     prints the path of Chromium as people have it
#   prerequisites.sh firefox     prints the path of Firefox, or nothing
#   prerequisites.sh webkit      prints the path of WebKit's MiniBrowser if its driver and a screen are there, or nothing

set -euo pipefail

programs=("${CHROMIUM:-chromium}" chromium-browser google-chrome-stable google-chrome
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome')
# Chromium without windows, menus and address bar: nobody sees them in a test, and they are a third of what a page costs there.
browsers=("${CHROMIUM:-chromium-headless-shell}" "${programs[@]}")

fail() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Debian's packages, where we may install them.
install_packages() {
  local as_root=env
  has apt-get || fail "Please install $* with this system's package manager."
  if [ "$(id -u)" != 0 ]; then
    has sudo && sudo -n true 2>/dev/null || fail "Please install $*, for example: sudo apt-get install $*"
    as_root=sudo
  fi
  printf '\n== Installing %s\n' "$*"
  $as_root apt-get update -qq
  $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# The same, where the tests can do without.
try_packages() {
  (install_packages "$@") || printf 'The tests that need %s are skipped.\n' "$*" >&2
}

add_to_rust() { # kind (target or component), name
  has rustup || fail "Rust lacks the $1 $2, and there is no rustup to add it. See https://rustup.rs"
  printf '\n== Adding to Rust: %s %s\n' "$1" "$2"
  rustup --quiet "$1" add "$2"
}

# The first of some programs that is there.
find_first() {
  local program
  for program in "$@"; do
    command -v "$program" && return
  done
  return 1
}

find_browser() { find_first "${browsers[@]}"; }
find_program() { find_first "${programs[@]}"; }

find_firefox() {
  command -v "${FIREFOX:-firefox-esr}" || command -v firefox ||
    command -v /Applications/Firefox.app/Contents/MacOS/firefox
}

find_webkit() {
  has WebKitWebDriver && has xvfb-run && compgen -G '/usr/lib/*/webkit2gtk-4.*/MiniBrowser' | tail -n 1
}

check_build() {
  has cargo || fail "Rust is missing. Install it from https://rustup.rs, then try again."
  # The first call of the compiler has rustup fetch the version in rust-toolchain.toml, unless it is told not to.
  rustc --version >/dev/null || { has rustup && rustup toolchain install; } ||
    fail "rustup could not fetch the version of Rust in rust-toolchain.toml: connect to the internet, then try again."
  local versions="version 20.19 or a newer one of 20, or 22.12 or newer"
  has node && has npm || fail "Node.js is missing. Install $versions, with npm, then try again."
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
           process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)' ||
    fail "Node.js $(node --version) does not run the tools of the page: they need $versions (not 21)."
  case $PWD in
    *[#?]*) fail "Vite cannot build in $PWD: move it to a folder without # and ? in its path." ;;
  esac
  has cc || install_packages gcc libc6-dev
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] || add_to_rust target wasm32-unknown-unknown
}

check_check() {
  check_build
  cargo fmt --version >/dev/null 2>&1 || add_to_rust component rustfmt
  cargo clippy --version >/dev/null 2>&1 || add_to_rust component clippy
}

check_test() {
  check_check
  # The fuzzer is of C++.
  has c++ || install_packages g++
  python3 -c 'import ensurepip' 2>/dev/null || install_packages python3 python3-venv
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$(python3 --version) does not run the packages of the study: they need 3.11 or newer."
  find_program >/dev/null || (install_packages chromium chromium-headless-shell fonts-liberation) ||
    install_packages chromium fonts-liberation
  # The other engines are tested where this system has them, or its package manager does.
  find_firefox >/dev/null || try_packages firefox-esr
  find_webkit >/dev/null || try_packages webkit2gtk-driver xvfb xauth
  # The study is tried on a cluster of one node.
  has slurmctld || try_packages slurm-wlm munge
}

check_processors() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || fail "Linux on x86-64 is needed."
  has qemu-aarch64 && has qemu-x86_64 && has aarch64-linux-gnu-gcc ||
    install_packages qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross
  [ -d "$(rustc --print target-libdir --target aarch64-unknown-linux-gnu)" ] ||
    add_to_rust target aarch64-unknown-linux-gnu
}

case "${1:-}" in
  build) check_build ;;
  check) check_check ;;
  test) check_test ;;
  processors) check_processors ;;
  browser) find_browser ;;
  program) find_program ;;
  firefox) find_firefox || true ;;
  webkit) find_webkit || true ;;
  *) fail "usage: $0 build|check|test|processors|browser|program|firefox|webkit" ;;
esac
