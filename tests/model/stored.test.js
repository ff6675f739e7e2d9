// The stored run, which the panels show before the reader's own, and what a saved picture says of either.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { caption } from '../../www/export/caption.js';
import { run_of } from '../../www/panels/frame.js';
import { stored_run } from '../../www/race/stored.js';
import { command_lines } from '../../www/settings/address.js';
import { default_settings } from '../../www/settings/table.js';

Object.assign(globalThis, {
  document: { querySelector: () => null },
  fetch: async (address) => new Response(readFileSync(address)),
  location: { href: 'https://example.org/' },
});

/** A panel, as far as a caption reads it. */
const panel = (is_stored) => ({
  classList: { contains: (name) => is_stored && name === 'stored' },
  closest: () => null,
  dataset: {},
  querySelector: () => null,
  querySelectorAll: () => [],
});

const settings = { ...default_settings(), dataset: 'svhn', seed: 99 };
const words = (shown, root) => caption({ root, name: 'learning', run: () => run_of(shown, root) });

test('while the stored run is shown, pictures say its settings, which are those of its command', async () => {
  const stored = await stored_run();
  const { command } = JSON.parse(readFileSync('study/page_run.json', 'utf8'));
  for (const [index, rule] of stored.settings.rule.entries()) {
    const [program, train, ...flags] = command_lines(stored.settings)[index].split(' ');
    assert.deepEqual([program, train], ['spikealign', 'train']);
    const told = command.replace('RULE', rule).replace(/,.*/, '').split(' ').slice(2);
    const pairs = (all) => new Map(all.flatMap((flag, at) => (at % 2 === 0 ? [[flag, all[at + 1]]] : [])));
    // Flags with the native default are left out of the page's command.
    for (const [flag, value] of pairs(flags)) assert.equal(pairs(told).get(flag), value, flag);
    assert.equal(stored.settings.seed, Number(pairs(told).get('--seed')));
    assert.equal(pairs(told).size, 8);
  }
  const shown = { race: { state: 'idle', runners: new Map() }, settings: () => settings, stored };
  const text = words(shown, panel(true));
  for (const part of ['After 20,000 training images. ', 'images: generated garments', 'seed: 1;']) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  assert.match(words(shown, panel(false)), /^Figure\. Settings: .*seed: 99;/, 'what does not show it');
});

test('a caption says how many images the rules have seen, from the least to the most', () => {
  const runner = (...examples) => ({ records: examples.map((seen) => ({ examples: seen })) });
  const of = (...runners) =>
    words(
      { race: { state: 'running', runners: new Map(runners.entries()) }, settings: () => settings },
      panel(false),
    );
  assert.match(of(runner(320, 640), runner(320)), /After 320 to 640 training images\./);
  assert.match(of(runner(1000), runner(1000)), /After 1,000 training images\./);
  assert.match(of(runner(320), runner()), /After 0 to 320 training images\./);
  assert.doesNotMatch(of(runner(), runner()), /After/);
});
