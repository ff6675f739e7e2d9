// The native program, whose records those of the page must be.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findFashionMnist } from '../../scripts/fashion-mnist.js';

const root = join(import.meta.dirname, '..', '..');
/** That of the native tests. `cargo build` would build another one, with all that it is made of. */
const BUILD = ['test', '--quiet', '--all-features', '--no-run', '--test', 'program'];
const folder = join(root, 'target', 'debug');
let built = false;

/** It has the images that the page has. */
const images = findFashionMnist();
const environment = images ? { ...process.env, FASHION_MNIST_DIR: images } : process.env;

/** The folder of the program, which is built if it has to be. */
function ready() {
  // `make test` has built it.
  if (!built && !process.env.NATIVE_IS_BUILT) {
    execFileSync('cargo', BUILD, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  built = true;
  return folder;
}

/** What it prints. @param {string[]} words */
export const spikealign = (...words) =>
  execFileSync(join(ready(), 'spikealign'), words, {
    cwd: root,
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** What a line of a shell prints, in which it is called `spikealign`. @param {string} line */
export const in_shell = (line) =>
  execFileSync('bash', ['-c', line], {
    cwd: root,
    encoding: 'utf8',
    env: { ...environment, PATH: `${ready()}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** The records among what it prints. @param {string} printed */
export const read_records = (printed) =>
  printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
