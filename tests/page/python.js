// Reads what the page exports with something that is not ours: Python, with numpy and pandas.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from './fixtures.js';

const python = `${import.meta.dirname}/../../target/python/bin/python`;

/**
 * Runs a program on files, and gives what it prints as JSON.
 *
 * @param {string} program
 * @param {string[]} files
 */
export function in_python(program, ...files) {
  test.skip(!existsSync(python), 'numpy and pandas are not installed: `make test` does it, given a network');
  return JSON.parse(execFileSync(python, ['-c', program, ...files], { encoding: 'utf8' }));
}
