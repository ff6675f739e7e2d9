/**
 * The settings and choices as an address that opens the page again, and as commands of the native
 * program that compute the same.
 *
 * @import { Settings } from './configuration.js'
 * @import { Field } from './table.js'
 * @import { View } from './views.js'
 */
import { either } from '../base/format.js';
import { parameters_of } from '../base/parameters.js';
import {
  assign,
  concerns,
  default_settings,
  fields,
  is_field,
  native_default,
  parse,
  range,
  read_number,
  rule_of,
  value_of,
  write,
} from './table.js';
import { dials, views } from './views.js';

/** The most notes about an address that are shown. */
const MOST_NOTES = 5;

/**
 * What an address asks for.
 *
 * @typedef {object} Asked
 * @property {Settings} settings
 * @property {Set<Field>} given the settings that it names
 * @property {boolean} draws_seed whether the seed is random: `seed=random`
 * @property {View} view
 * @property {boolean} autostart
 * @property {boolean} lecture whether to show a step a screen
 * @property {string[]} notes its errors, in sentences for the reader
 */

/**
 * Reads the address of the page: every setting by its name (`rule` may list several, `rule=bp,rdd`),
 * what is chosen in the panels, `autostart=1` and `lecture=1`. Unknown and invalid parameters are noted,
 * and ignored.
 *
 * @param {string} search as in `location.search`
 * @returns {Asked}
 */
export function read_address(search) {
  /** @type {Asked} */
  const asked = {
    settings: default_settings(),
    given: new Set(),
    draws_seed: false,
    view: {},
    autostart: false,
    lecture: false,
    notes: [],
  };
  for (const [name, text] of parameters_of(search)) {
    const note = read_parameter(asked, name, text);
    if (note) asked.notes.push(note);
  }
  asked.notes.splice(MOST_NOTES);
  return asked;
}

/**
 * @param {Asked} asked
 * @param {string} name
 * @param {string} text
 * @returns {string | void} what is wrong with it
 */
function read_parameter(asked, name, text) {
  if (name === 'autostart' || name === 'lecture') {
    asked[name] = text === '1' || text === 'true';
  } else if (is_field(name)) {
    asked.draws_seed = name === 'seed' ? text === RANDOM : asked.draws_seed;
    if (name === 'seed' && asked.draws_seed) return;
    const result = parse(name, text);
    if ('problem' in result) return result.problem.message;
    assign(asked.settings, name, result.value);
    asked.given.add(name);
  } else if (Object.hasOwn(views, name)) {
    const values = views[/** @type {keyof typeof views} */ (name)];
    if (!values.includes(text)) return `“${name}” must be ${either(values)}.`;
    Object.assign(asked.view, { [name]: text });
  } else if (Object.hasOwn(dials, name)) {
    const { min, max, step } = dials[/** @type {keyof typeof dials} */ (name)];
    const value = read_number(text.trim(), min, max, step === 1);
    if (value === null) return `“${name}” must be ${range(min, max, step === 1, text.trim())}.`;
    Object.assign(asked.view, { [name]: write(value) });
  } else {
    return `There is no setting called “${name.slice(0, 40)}”.`;
  }
}

/** The value of a seed that is to be drawn. */
export const RANDOM = 'random';

/**
 * The address that opens this page with the same settings and choices: what differs from the default,
 * by the same names by which it is read.
 *
 * @param {Settings} settings
 * @param {View} view
 */
export function share_address(settings, view) {
  const page = location.href.replace(/[?#].*$/s, '');
  const defaults = default_settings();
  const parameters = fields
    .filter((field) => concerns(settings, field))
    .map((field) => [field, write(value_of(settings, field)), write(value_of(defaults, field))])
    .filter(([, value, default_value]) => value !== default_value)
    .map(([field, value]) => `${field}=${value}`);
  for (const [name, value] of Object.entries(view)) parameters.push(`${name}=${value}`);
  // Names and values are letters, digits, and signs that an address shows as they are.
  return parameters.length > 0 ? `${page}?${parameters.join('&')}` : page;
}

/**
 * A command for each rule: the flags that differ from the defaults of the native program.
 *
 * @param {Settings} settings
 * @returns {string[]}
 */
export function command_lines(settings) {
  return settings.rule.map((rule) => {
    const flags = fields
      .filter((field) => field !== 'rule' && (rule_of(field) ?? rule) === rule)
      .filter((field) => value_of(settings, field) !== native_default(field))
      .map((field) => flag(field, write(value_of(settings, field))));
    return `spikealign train --rule ${rule}${flags.join('')}`;
  });
}

/** @param {Field} field @param {string} value */
function flag(field, value) {
  if (rule_of(field) !== null) return ` --rule-setting ${field}=${value}`;
  return ` --${field.replaceAll('_', '-')} ${value}`;
}

/** What the reader has chosen in the panels and figures, other than the defaults. @returns {View} */
export function read_view() {
  const defaults = Object.entries({ ...views, ...dials }).map(([name, choice]) => [
    name,
    write(Array.isArray(choice) ? (choice[0] ?? '') : choice.value),
  ]);
  const chosen = defaults.flatMap(([name = '', first]) => {
    const value = waiting.get(name) ?? (radio(name, ':checked') ?? control(name))?.value;
    return value === undefined || value === first ? [] : [[name, value]];
  });
  return Object.fromEntries(chosen);
}

/** Choices of an address whose controls are not on the page yet. @type {Map<string, string>} */
const waiting = new Map();

/** Makes the choices of an address, as far as their controls are there. @param {View} [view] further ones */
export function show_view(view = {}) {
  for (const [name, value] of Object.entries(view)) waiting.set(name, value);
  for (const [name, value] of waiting) {
    const button = radio(name, `[value="${value}"]`);
    const other = control(name);
    if (button || other) waiting.delete(name);
    if (button) {
      button.click();
    } else if (other) {
      other.value = value;
      other.dispatchEvent(
        new Event(other instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
      );
    }
  }
}

/**
 * @param {string} name
 * @param {string} which
 * @returns {HTMLInputElement | null}
 */
function radio(name, which) {
  return document.querySelector(`input[type="radio"][name="${name}"]${which}`);
}

/**
 * A list, a slider, or a number that has no control of its own.
 *
 * @param {string} name
 * @returns {HTMLSelectElement | HTMLInputElement | null}
 */
function control(name) {
  return document.querySelector(`select[name="${name}"], input:not([type="radio"])[name="${name}"]`);
}
