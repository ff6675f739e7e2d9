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

test('the packages of Python that we install have hashes', () => {
  const read = (/** @type {string} */ file) =>
    readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const makefile = read('Makefile');
  for (const [install] of makefile.matchAll(/pip install(\\\n|.)*/g))
    assert.match(install, /--require-hashes/);
  for (const list of ['study/requirements.txt', 'benches/peers/requirements.txt']) {
    assert.ok(makefile.includes(`: ${list}`));
    const packages = read(list)
      .split(/^(?=\w)/m)
      .slice(1);
    assert.ok(packages.length >= 2);
    for (const one of packages) {
      assert.match(one, /^[\w-]+==[\w.]+( ; [^\n]+)? \\\n +--hash=sha256:[0-9a-f]{64}/);
    }
  }
});

test('macOS and Windows are tried', () => {
  assert.equal(jobs.macos['runs-on'], 'macos-latest');
  assert.equal(jobs.windows['runs-on'], 'windows-latest');
});
