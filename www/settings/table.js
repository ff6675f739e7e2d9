/**
 * Every setting of a run, as the core describes it, with the page's own defaults. The controls, the
 * address of the page and the attributes of `<spike-align>` are views of it.
 *
 * @import { Configuration, Setting } from '../../pkg/spikealign.js'
 * @import { RuleSettings } from './configuration.js'
 */
import { description } from '../../pkg/description.js';
import { either } from '../base/format.js';

/** What the page trains by default: small enough to watch. Everything else is as in the native program. */
const DEFAULTS = {
  dataset: 'fashion-mnist',
  rule: ['bp', 'fa', 'rdd'],
  epochs: 8,
  examples: 10_000,
  test_examples: 2_000,
  record_every: 2_500,
  rdd_seconds: 60,
};

/** @typedef {import('./configuration.js').Settings} Settings */
/** @typedef {string} Field the name of a setting; that of a rule has a dot in it, as `kp.decay` has */
/** @typedef {string | number | boolean | string[]} Value */

/** The most rules in a race: more lines cannot be told apart, nor trained while anyone watches. */
export const MOST_RULES = 6;

/** Names of the rules, in the order in which they are shown everywhere. */
const rule_names = description.rules.map(({ name }) => name);

/** Settings of rules by name, in the order of their rules. */
const of_rules = description.rules.flatMap(({ settings }) => settings);

/** @type {Map<Field, Setting>} whose words have no backticks, which stand for code in a terminal only */
const table = new Map(
  [...description.settings, ...of_rules].map((setting) => [
    setting.name,
    { ...setting, help: setting.help.replaceAll('`', '') },
  ]),
);

/** The fields, in the order in which they are shown; last those of single rules. */
export const fields = [...table.keys()];

/** @param {string} name */
export function is_field(name) {
  return table.has(name);
}

/** @param {Field} field */
export function setting_of(field) {
  const setting = table.get(field);
  if (!setting) throw new Error(`There is no setting called “${field}”.`);
  return setting;
}

/** The rule to which a setting belongs. @param {Field} field @returns {string | null} null for one of all rules */
export function rule_of(field) {
  const [rule = '', own] = field.split('.');
  return own === undefined ? null : rule;
}

/**
 * Whether a setting matters to a run: those of single rules do if the rule is chosen, the size of images if the data set
 * leaves it open, the strength of a common source if there is one.
 *
 * @param {Settings} settings
 * @param {Field} field
 */
export function concerns({ rule: chosen, dataset: name, confounding }, field) {
  const rule = rule_of(field);
  if (field === 'confounding_gain') return confounding !== 'none';
  if (field !== 'image_size') return rule === null || chosen.includes(rule);
  return description.datasets.some((dataset) => dataset.name === name && dataset.shape[0] === 0);
}

/** @returns {Settings} */
export function default_settings() {
  const common = description.settings.map(({ name }) => [name, default_of(name)]);
  const own = of_rules.map(({ name }) => [name, default_of(name)]);
  return { ...Object.fromEntries(common), rule_settings: Object.fromEntries(own) };
}

/** @param {Field} field @returns {Value} */
function default_of(field) {
  if (!Object.hasOwn(DEFAULTS, field)) return native_default(field);
  const value = DEFAULTS[/** @type {keyof typeof DEFAULTS} */ (field)];
  return Array.isArray(value) ? [...value] : value;
}

/** The default of the native program. @param {Field} field */
export function native_default(field) {
  const setting = setting_of(field);
  if (setting.kind === 'number') return Number(setting.default);
  return is_switch(setting) ? setting.default === 'true' : setting.default;
}

/** Whether a setting is on or off: a choice of `true` and `false`, which a configuration holds as such. @param {Setting} setting */
function is_switch(setting) {
  if (setting.kind !== 'choice') return false;
  return setting.choices.every(({ value }) => value === 'true' || value === 'false');
}

/** Rules in the order in which they are shown, each once. @param {Iterable<string>} rules */
export function in_order(rules) {
  const wanted = new Set(rules);
  return rule_names.filter((name) => wanted.has(name));
}

/**
 * Settings as checkpoints hold them, for one rule or for several that differ in nothing else.
 *
 * @param {[Configuration, ...Configuration[]]} configurations
 * @returns {Settings}
 */
export function settings_of(configurations) {
  const defaults = default_settings();
  const rules = configurations.map(({ rule }) => rule);
  const own = configurations.map(({ rule_settings }) => rule_settings ?? {});
  return {
    ...defaults,
    ...plain(configurations[0]),
    rule: in_order(rules),
    rule_settings: plain(Object.assign(defaults.rule_settings, ...own)),
  };
}

/**
 * Without the spurious digits of single-precision numbers. Whole numbers have none, and a seed has up to ten digits.
 *
 * @template {object} T
 * @param {T} values
 * @returns {T}
 */
function plain(values) {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value,
  ]);
  return /** @type {T} */ (Object.fromEntries(entries));
}

/**
 * The value of a setting.
 *
 * @param {Settings} settings
 * @param {Field} field
 * @returns {Value}
 */
export function value_of(settings, field) {
  return /** @type {{ [field: string]: Value }} */ (holder(settings, field))[field] ?? '';
}

/**
 * Changes a setting, to a value that `parse` has read.
 *
 * @param {Settings} settings
 * @param {Field} field
 * @param {Value} value
 */
export function assign(settings, field, value) {
  Object.assign(holder(settings, field), { [field]: value });
}

/** @param {Settings} settings @param {Field} field @returns {Settings | RuleSettings} */
function holder(settings, field) {
  return rule_of(field) === null ? settings : settings.rule_settings;
}

/**
 * A setting as text, as `parse` reads it.
 *
 * @param {Value} value
 */
export function write(value) {
  return String(value);
}

/** @typedef {{ field: Field, message: string }} SettingProblem a sentence for the reader, and the setting it is about */

/**
 * Reads one setting from text, as a control or the address holds it.
 *
 * @param {Field} field
 * @param {string} text
 * @returns {{ value: Value } | { problem: SettingProblem }}
 */
export function parse(field, text) {
  const read = field === 'rule' ? parse_rules(text.trim()) : parse_value(setting_of(field), text.trim());
  if (read.value !== undefined) return { value: read.value };
  const message = 'must' in read ? `“${setting_of(field).label}” must ${read.must}.` : read.message;
  return { problem: { field, message } };
}

/**
 * @param {Setting} setting
 * @param {string} text
 * @returns {{ value: Value } | { value?: undefined, must: string }}
 */
function parse_value(setting, text) {
  if (setting.kind === 'number') {
    const { low, high, whole } = setting;
    const value = read_number(text, low, high, whole);
    return value === null ? { must: `be ${range(low, high, whole, text)}` } : { value };
  }
  if (setting.kind === 'choice') {
    const names = setting.choices.map(({ value }) => value);
    if (!names.includes(text)) return { must: `be ${either(names)}` };
    return { value: is_switch(setting) ? text === 'true' : text };
  }
  if (new RegExp(`^(?:${setting.pattern})$`).test(text)) return { value: text };
  return { must: `be ${setting.help.replace(/\.$/, '')}` };
}

/**
 * @param {string} text names, with commas between them
 * @returns {{ value: string[] } | { value?: undefined, message: string }}
 */
function parse_rules(text) {
  const given = text.split(',').filter((name) => name !== '');
  if (given.length === 0) return { message: 'Choose at least one rule.' };
  const known = given.every((name) => rule_names.includes(name));
  if (!known) return { message: `Choose rules from ${rule_names.join(', ')}.` };
  const rules = in_order(given);
  return rules.length <= MOST_RULES ? { value: rules } : { message: `Choose at most ${MOST_RULES} rules.` };
}

/**
 * Reads a number as the native program does. “0,05” and “60.000” (for a whole number) are refused: in some languages
 * they are 0.05 and 60,000, and guessing would train with another setting than the one that is seen.
 *
 * @param {string} text
 * @param {number} low
 * @param {number} high
 * @param {boolean} whole
 * @returns {number | null} null if there is none in this range
 */
export function read_number(text, low, high, whole) {
  const is_number = (whole ? /^[+-]?\d+(e\+?\d+)?$/i : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i).test(text);
  // No minus before a zero: the link to these settings would not have it.
  const value = Number(text) + 0;
  return is_number && value >= low && value <= high ? value : null;
}

/**
 * What a number must be, in words.
 *
 * @param {number} low
 * @param {number} high
 * @param {boolean} whole
 * @param {string} text what was given
 */
export function range(low, high, whole, text) {
  const range = `${whole ? 'a whole number' : 'a number'} from ${low} to ${high.toLocaleString('en')}`;
  const is_foreign = /^[\d.,'’\s]*\d[.,'’\s]\d+$/.test(text);
  if (!is_foreign) return range;
  return `${range}, ${whole ? 'without separators' : 'with a decimal point, and without separators'}: not “${text.slice(0, 20)}”`;
}
