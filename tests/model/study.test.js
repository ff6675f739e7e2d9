// What the page of the study says of runs that are repeated: no more than has been compared.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifiable } from '../../www/study/replay.js';
import { duration, equal, verify_all } from '../../www/study/words.js';

const runs_of = (study) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../study/results/${study}.json`), 'utf8'));

test('of a long run the first epoch is compared, and no more is claimed', () => {
  const short = { is_whole: true, test_accuracy: 0.735, seconds: 1.24 };
  assert.equal(equal({ ...short, records: 2 }), 'Equal: all 2 records, digit for digit (1.2 s).');
  assert.equal(equal({ ...short, records: 1 }), 'Equal: its record, digit for digit (1.2 s).');
  const long = { is_whole: false, test_accuracy: 0.8858, records: 1, seconds: 75.31 };
  assert.equal(equal(long), 'Equal after the first epoch: 88.58%, digit for digit (75.3 s).');
  for (const [study, is_whole] of [
    ['garments', true],
    ['learning', false],
  ]) {
    for (const run of runs_of(study)) assert.equal(verifiable(run)?.is_whole, is_whole, run.key);
  }
});

test('the button for all runs says what it does, and for how long', () => {
  const short = Array(43).fill({ is_whole: true });
  assert.equal(verify_all(short, 100), 'Verify all 43 runs: about 2 min');
  assert.equal(
    verify_all([...short, { is_whole: false }], 11_000),
    'Verify all 44 runs, of long ones the first epoch: about 3 h',
  );
  assert.deepEqual([0.2, 89, 91, 3600, 5400].map(duration), ['1 s', '89 s', '2 min', '60 min', '2 h']);
});
