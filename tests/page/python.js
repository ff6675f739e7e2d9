// Reads what the page exports with something that is not ours: Python, with numpy and pandas.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const python = `${import.meta.dirname}/../../target/study-python/bin/python`;

/**
 * Runs a program on files, and gives what it prints as JSON.
 *
 * @param {string} program
 * @param {string[]} files
 */
export function in_python(program, ...files) {
  if (!existsSync(python))
    throw new Error('Run `make target/study-python/.installed`, which installs numpy and pandas.');
  return JSON.parse(execFileSync(python, ['-c', program, ...files], { encoding: 'utf8' }));
}
