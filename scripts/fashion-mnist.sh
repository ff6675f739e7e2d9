#!/usr/bin/env bash
# Says where the page's Fashion-MNIST comes from, and downloads it where it is missing and can be had.
# Without it the page learns from its generated images, and nothing here fails.

set -uo pipefail

here=$(dirname "$0")
publisher=http://fashion-mnist.s3-website.eu-central-1.amazonaws.com

if folder=$(node "$here/fashion-mnist.js"); then
  printf '\n== Fashion-MNIST is in %s\n' "$folder"
# A closed network is found out in seconds, before the program that downloads is built.
elif curl --silent --fail --head --output /dev/null --max-time 5 "$publisher/train-labels-idx1-ubyte.gz" &&
  printf '\n== Fashion-MNIST: downloading it into data/\n' &&
  cargo run --quiet --features cli -- data --dataset fashion-mnist; then
  :
else
  printf '\n== Fashion-MNIST cannot be had here: the page uses generated images.\n'
  printf 'To use it, put its four official files into data/fashion-mnist/, or name their folder in FASHION_MNIST_DIR.\n'
fi
