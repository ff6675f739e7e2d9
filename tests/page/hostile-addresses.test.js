// Whatever the address of the page says, what is read from it can be used: no program of an address
// runs, no setting leaves its range, and nothing is noted at length. RUNS=... tries another number of addresses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { read_address, share_address } from '../../www/settings/address.js';
import { description } from '../../pkg/description.js';
import {
  assign,
  concerns,
  default_settings,
  fields,
  parse,
  setting_of,
  value_of,
  write,
} from '../../www/settings/table.js';
import { dials, views } from '../../www/settings/views.js';

const PAGE = 'https://example.org/spikealign/';
// The page that is to be shared.
Object.assign(globalThis, { location: { href: `${PAGE}?seed=old#race` } });

const own = fc.constantFrom(...fields, ...Object.keys({ ...views, ...dials }), 'autostart');
const inherited = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty');
const word = fc.constantFrom(
  ...Object.values(views).flat(),
  ...[
    'bp',
    'fa',
    'rdd',
    'bp,bp',
    'rdd,fa,',
    ',',
    'garments',
    'fashion-mnist',
    'means',
    'shrinkage',
    'scaled',
    'paper',
  ],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
    '1e400',
    '1e-400',
    '-0',
    '+1',
    ' 7 ',
    '1_0',
    '٣',
    'null',
    'true',
  ],
  ...[
    '<img src=x onerror=alert(1)>',
    '"];*[',
    "'",
    '%',
    '%00',
    '%E0%A4%A',
    '\0',
    '\ud800',
    '\u202e',
    '9'.repeat(400),
  ],
);
const number = fc.oneof(fc.double(), fc.integer({ min: -2, max: 70_000 }), fc.bigInt()).map(String);
const widths = fc.array(fc.integer({ min: -1, max: 10_001 }), { minLength: 3, maxLength: 5 }).map(String);
const text = fc.string({ unit: 'binary', maxLength: 12 });
const name = fc.oneof({ arbitrary: own, weight: 6 }, inherited, text);
const value = fc.oneof(word, number, widths, inherited, text);
const escaped = fc.oneof(value, value.filter((value) => value.isWellFormed()).map(encodeURIComponent));
const parameter = fc
  .tuple(name, fc.constantFrom('=', '=', '=', '', '==', '%3D'), escaped)
  .map((parts) => parts.join(''));
const address = fc.oneof(
  { arbitrary: fc.array(parameter, { maxLength: 8 }).map((parts) => `?${parts.join('&')}`), weight: 9 },
  text,
);

/** What is wrong with a setting, by the description of the core. */
function complaint(field, value) {
  if (field === 'rule') {
    const rules = description.rules.map(({ name }) => name).filter((name) => value.includes(name));
    return rules.length > 0 && rules.join() === value.join() ? null : 'not rules, each once';
  }
  const setting = setting_of(field);
  if (setting.kind === 'number') {
    if (typeof value !== 'number' || !(value >= setting.low && value <= setting.high)) return 'out of range';
    return !setting.whole || Number.isSafeInteger(value) ? null : 'not whole';
  }
  if (setting.kind === 'text')
    return new RegExp(`^(?:${setting.pattern})$`).test(value) ? null : 'not in the form';
  const names = setting.choices.map((choice) => choice.value);
  // What is on or off is so in a configuration, and `true` or `false` in text.
  if (names.every((name) => name === 'true' || name === 'false') !== (typeof value === 'boolean'))
    return 'of the wrong type';
  return names.includes(String(value)) ? null : 'no choice';
}

/** Whether a choice of the panels or figures is one that they have. */
function is_choice(name, value) {
  if (Object.hasOwn(views, name)) return views[name].includes(value);
  const { min, max } = dials[name];
  return Number(value) >= min && Number(value) <= max;
}

test('what is read from any address can be used, and shared', () => {
  const defaults = default_settings();
  const numRuns = Number(process.env.RUNS ?? 20_000);
  const holds = fc.property(address, (search) => {
    const { settings, given, view, autostart, notes } = read_address(search);
    const own = Object.keys(settings.rule_settings);
    assert.deepEqual([...Object.keys(settings), ...own].sort(), [...fields, 'rule_settings'].sort());
    for (const field of fields) {
      const value = value_of(settings, field);
      assert.equal(complaint(field, value), null, field);
      assert.deepEqual(parse(field, write(value)), { value });
      if (!given.has(field)) assert.deepEqual(value, value_of(defaults, field));
    }
    for (const [name, value] of Object.entries(view)) assert.ok(is_choice(name, value), `${name}: ${value}`);
    assert.equal(typeof autostart, 'boolean');
    assert.ok(notes.length <= 5 && notes.every((note) => note.length < 200), notes.join('\n'));
    assert.equal(Object.keys(Object.prototype).length, 0);
    // The link to what was read opens the same, but for settings that do not matter to it.
    const linked = structuredClone(settings);
    for (const field of fields)
      if (!concerns(settings, field)) assign(linked, field, value_of(defaults, field));
    const shared = new URL(share_address(settings, view));
    assert.equal(shared.origin + shared.pathname, PAGE);
    const again = read_address(shared.search);
    assert.deepEqual([again.settings, again.view, again.notes], [linked, view, []]);
  });
  fc.assert(holds, { numRuns, seed: 1 });
});
