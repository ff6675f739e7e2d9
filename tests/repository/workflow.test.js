// What is published is built from pinned actions and without a cache, and every system that we name is tried.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

const { jobs } = parse(
  readFileSync(new URL('../../.github/workflows/test-and-publish.yml', import.meta.url), 'utf8'),
);
/** @type {{ uses?: string, with?: Record<string, unknown> }[]} */
const steps = Object.values(jobs).flatMap((job) => job.steps);

test('actions are pinned by commit', () => {
  for (const { uses } of steps.filter(({ uses }) => uses)) assert.match(String(uses), /@[0-9a-f]{40}$/);
});

test('what is published comes from no cache, and no cache has a loose key', () => {
  /** @type {{ uses?: string, with?: Record<string, unknown> }[]} */
  const building = jobs.dist.steps;
  assert.ok(building.some(({ uses }) => uses?.startsWith('actions/upload-pages-artifact@')));
  assert.ok(building.every((step) => !step.uses?.startsWith('actions/cache@') && !step.with?.cache));
  assert.ok(steps.every((step) => !step.with?.['restore-keys']));
  assert.deepEqual(jobs.publish.needs, ['test', 'dist']);
});

test('the packages of Python that the tests install have hashes', () => {
  const read = (/** @type {string} */ file) =>
    readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  assert.match(
    read('Makefile'),
    /READERS\): tests\/page\/readers\.txt[^]*?pip install [^]*?--require-hashes/,
  );
  const packages = read('tests/page/readers.txt')
    .split(/^(?=\w)/m)
    .slice(1);
  assert.ok(packages.length >= 2);
  for (const one of packages) assert.match(one, /^[\w-]+==[\w.]+ \\\n +--hash=sha256:[0-9a-f]{64}/);
});

test('macOS and Windows are tried', () => {
  assert.equal(jobs.macos['runs-on'], 'macos-latest');
  assert.equal(jobs.windows['runs-on'], 'windows-latest');
});
