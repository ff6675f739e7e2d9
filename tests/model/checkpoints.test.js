// Checkpoints in a storage that a test plays: what is kept of a race is found again, or the reader is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkpoints_of } from '../../www/race/checkpoints.js';
import { configuration_of } from '../../www/settings/configuration.js';
import { default_settings, settings_of } from '../../www/settings/table.js';

/** A request that has its answer. */
const request = (result) => {
  const asked = { result };
  setImmediate(() => asked.onsuccess());
  return asked;
};

/** Plays a storage with these checkpoints, by rule. */
const keep = (kept) => {
  const objectStore = () => ({ get: ([, rule]) => request(kept[rule]) });
  globalThis.indexedDB = { open: () => request({ transaction: () => ({ objectStore }) }) };
};

test('a race with the longest seed goes on from its own checkpoint, and none of other settings is passed over', async () => {
  const settings = { ...default_settings(), seed: 4_294_967_295 };
  const [bp, fa, rdd] = settings.rule.map((rule) => configuration_of(settings, rule));
  keep({
    bp: { configuration: bp, bytes: 'of bp' },
    rdd: { configuration: { ...rdd, seed: 1 }, bytes: 'of another race' },
  });
  const continued = settings_of([bp, fa]);
  assert.equal(continued.seed, settings.seed);
  const checkpoint_of = checkpoints_of('a race');
  assert.equal(await checkpoint_of(configuration_of(continued, 'bp')), 'of bp');
  assert.equal(await checkpoint_of(fa), null, 'nothing was kept of it');
  await assert.rejects(checkpoint_of(rdd), /is of other settings/);
});
