// CITATION.cff can be read, cites the paper, and is of this version.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

const read = (/** @type {string} */ file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test('the paper is cited', () => {
  const citation = parse(read('CITATION.cff'), { strict: true });
  for (const field of ['cff-version', 'message', 'title', 'authors']) assert.ok(citation[field], field);
  assert.equal(citation.version, read('Cargo.toml').match(/^version = "(.*)"$/m)?.[1]);
  const paper = citation['preferred-citation'];
  assert.equal(paper.title, 'Spike-based causal inference for weight alignment');
  assert.deepEqual(
    paper.authors.map((/** @type {{ 'family-names': string }} */ author) => author['family-names']),
    ['Guerguiev', 'Kording', 'Richards'],
  );
  assert.equal(paper.year, 2020);
  assert.match(paper.url, /1910\.01689$/);
});
