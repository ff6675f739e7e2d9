// Settings as table, address, commands and configurations, with a setting that belongs to one rule.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { description } from '../../pkg/description.js';

const rule = description.rules.find(({ name }) => name === 'rdd');
const FIELD = `${rule.name}.decay`;
rule.settings.push({
  name: FIELD,
  label: 'Decay',
  help: 'How fast feedback weights decay.',
  unit: '',
  advanced: true,
  default: '0.01',
  kind: 'number',
  low: 0,
  high: 1,
  whole: false,
});
const { assign, concerns, default_settings, fields, parse, setting_of, settings_of, value_of } =
  await import('../../www/settings/table.js');
const { command_lines, read_address, share_address } = await import('../../www/settings/address.js');
const { configuration_of, is_of_one_run, is_same } = await import('../../www/settings/configuration.js');

Object.assign(globalThis, { location: { href: 'https://example.org/?old' } });

test('the defaults of the page are its own, and everything else is as in the native program', () => {
  const settings = default_settings();
  const small = [
    settings.dataset,
    settings.epochs,
    settings.examples,
    settings.test_examples,
    settings.record_every,
  ];
  assert.deepEqual(small, ['fashion-mnist', 8, 10_000, 2_000, 2_500]);
  assert.deepEqual(settings.rule, ['bp', 'fa', 'rdd']);
  assert.equal(settings.batch_size, 32);
  assert.equal(value_of(settings, FIELD), 0.01);
  assert.ok(fields.includes(FIELD));
  settings.rule.pop();
  assert.equal(default_settings().rule.length, 3, 'each has its own');
});

test('what is said of a setting, and of text that it cannot be, has no marks of code', () => {
  for (const field of fields) {
    const read = parse(field, '\u0000');
    assert.ok('problem' in read, field);
    assert.doesNotMatch(`${setting_of(field).help} ${read.problem.message}`, /`/, field);
  }
});

test('a setting of a rule is read from an address, shared, and a flag of its rule alone', () => {
  const { settings, given, notes } = read_address(`?${FIELD}=0.03&seed=7`);
  assert.deepEqual(notes, []);
  assert.ok(given.has(FIELD));
  assert.equal(settings.rule_settings[FIELD], 0.03);
  assert.equal(share_address(settings, {}), `https://example.org/?seed=7&${FIELD}=0.03`);
  const commands = command_lines(settings);
  assert.equal(commands.length, 3);
  for (const command of commands) assert.match(command, / --seed 7$| --seed 7 /, 'seed');
  const with_setting = commands.filter((command) => command.includes(` --rule-setting ${FIELD}=0.03`));
  assert.deepEqual(with_setting, [commands[2]]);
  // Without its rule it says nothing.
  assign(settings, 'rule', ['bp']);
  assert.equal(concerns(settings, FIELD), false);
  assert.equal(share_address(settings, {}), 'https://example.org/?rule=bp&seed=7');
});

test('what cannot be used is a sentence, and says whom it concerns', () => {
  for (const [field, text] of [
    [FIELD, '2'],
    [FIELD, ''],
    ['seed', '1.5'],
    ['seed', '-1'],
    ['rule', 'nobody'],
    ['rule', ','],
    ['net', '1,2,3'],
    ['dataset', 'cats'],
  ]) {
    const { problem } = parse(field, text);
    assert.equal(problem.field, field);
    assert.match(problem.message, field === 'rule' ? /^Choose .+\.$/ : /^“.+” must .+\.$/);
  }
  assert.match(
    parse('seed', 'x').problem.message,
    /^“Seed” must be a whole number from 0 to 4,294,967,295\.$/,
  );
  assert.deepEqual(parse('rule', 'rdd,bp,rdd'), { value: ['bp', 'rdd'] });
  assert.deepEqual(parse('learning_rate', '-0'), { value: 0 });
});

test('a switch is true or false in a configuration, and a word in an address and a command', () => {
  const { settings, notes } = read_address('?validation=true&double_softmax=false');
  assert.deepEqual(notes, []);
  assert.equal(settings.validation, true);
  assert.equal(settings.double_softmax, false);
  assert.equal(share_address(settings, {}), 'https://example.org/?validation=true');
  assert.match(command_lines(settings)[0], / --validation true\b/);
  assert.equal(read_address('?validation=yes').settings.validation, false);
});

test('at most six rules race at once', () => {
  const names = description.rules.map(({ name }) => name);
  assert.deepEqual(parse('rule', names.slice(0, 6).join()).value, names.slice(0, 6));
  assert.equal(parse('rule', names.slice(0, 7).join()).problem.message, 'Choose at most 6 rules.');
  assert.equal(parse('rule', '').problem.message, 'Choose at least one rule.');
});

test('seed=random leaves the seed to chance, and the last seed of an address holds', () => {
  const asked = read_address('?seed=random');
  assert.ok(asked.draws_seed);
  assert.deepEqual(asked.notes, []);
  assert.equal(read_address('?seed=random&seed=3').draws_seed, false);
  assert.equal(read_address('?seed=random&seed=3').settings.seed, 3);
});

test('a configuration holds the settings of its own rule only, and settings come back from it', () => {
  const settings = default_settings();
  assign(settings, FIELD, 0.5);
  const [bp, , rdd] = settings.rule.map((rule) => configuration_of(settings, rule));
  assert.deepEqual(bp.rule_settings, {});
  assert.deepEqual(rdd.rule_settings, { [FIELD]: 0.5 });
  assert.ok(is_of_one_run(bp, rdd));
  assert.ok(!is_same(rdd, { ...rdd, rule_settings: { [FIELD]: 0.4 } }));
  assert.ok(!is_of_one_run(bp, { ...rdd, seed: 2 }));
  // The order of fields is that of whoever wrote them; an older checkpoint knows no settings of rules.
  assert.ok(is_same(bp, Object.fromEntries(Object.entries(bp).reverse())));
  assert.ok(is_same(bp, { ...bp, rule_settings: undefined }));
  const back = settings_of([rdd, { ...bp, learning_rate: Math.fround(0.01) }]);
  assert.deepEqual(back, { ...settings, rule: ['bp', 'rdd'] });
  assert.equal(settings_of([{ ...bp, learning_rate: Math.fround(0.01) }]).learning_rate, 0.01);
});

test('a number is what was typed, or refused: commas and points of other languages are never guessed at', () => {
  for (const [field, text, value] of [
    ['learning_rate', '0.05', 0.05],
    ['learning_rate', '.5', 0.5],
    ['learning_rate', '5e-2', 0.05],
    ['examples', '60000', 60_000],
    ['examples', '6e4', 60_000],
    ['seed', '-0', 0],
  ]) {
    assert.deepEqual(parse(field, text), { value }, `${field} ${text}`);
  }
  for (const [field, text, hint] of [
    ['learning_rate', '0,05', 'with a decimal point, and without separators: not “0,05”'],
    ['examples', '60.000', 'from 2 to 60,000, without separators: not “60.000”'],
    ['examples', '60 000', 'without separators: not “60 000”'],
    ['examples', '60’000', 'without separators: not “60’000”'],
    ['examples', '0x10', 'must be a whole number from 2 to 60,000.'],
  ]) {
    const { problem } = parse(field, text);
    assert.equal(problem?.field, field, text);
    assert.ok(problem.message.includes(hint), problem.message);
  }
});

test('what others append to a link is ignored in silence, and what HTML makes of it is understood', () => {
  const { settings, notes } = read_address(
    '?rule=bp&amp;seed=3&amp;epochs=2&fbclid=x&utm_source=a&utm_campaign=b&gclid=c&msclkid=d&ref=e&mc_eid=f&_gl=g',
  );
  assert.deepEqual(notes, []);
  assert.deepEqual([settings.rule, settings.seed, settings.epochs], [['bp'], 3, 2]);
  assert.deepEqual(read_address('?reference=1').notes, ['There is no setting called “reference”.']);
});
