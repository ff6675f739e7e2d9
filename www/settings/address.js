/**
 * What is shown on the page as something to pass on: an address that opens it again, and commands of
 * the native program that compute it again.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 * @import { Field, Settings } from './table.js'
 * @import { View } from './views.js'
 */
import { default_settings, fields, noun, parse, table, write } from './table.js';
import { dials, views } from './views.js';

/**
 * Reads the address of the page: every setting by its name (`rule` may list several, `rule=bp,rdd`),
 * what is chosen in the panels, and `autostart=1`. What it does not know, or cannot use, it leaves and
 * notes.
 *
 * @param {string} search as in `location.search`
 * @returns {{ settings: Settings, given: Set<Field>, view: View, autostart: boolean, notes: string[] }}
 */
export function read_address(search) {
  const settings = default_settings();
  /** @type {Set<Field>} */
  const given = new Set();
  /** @type {View} */
  const view = {};
  /** @type {string[]} */
  const notes = [];
  let autostart = false;
  for (const [name, text] of new URLSearchParams(search)) {
    if (name === 'autostart') {
      autostart = text === '1' || text === 'true';
    } else if (Object.hasOwn(table, name)) {
      const field = /** @type {Field} */ (name);
      const result = parse(field, text);
      if ('problem' in result) notes.push(result.problem);
      else Object.assign(settings, { [field]: result.value }) && given.add(field);
    } else if (Object.hasOwn(views, name)) {
      const values = views[/** @type {keyof typeof views} */ (name)];
      if (values.includes(text)) Object.assign(view, { [name]: text });
      else notes.push(`“${name}” must be ${values.join(' or ')}.`);
    } else if (Object.hasOwn(dials, name)) {
      const { min, max, step } = dials[/** @type {keyof typeof dials} */ (name)];
      const value = Number(text) + 0;
      const whole = step !== 1 || Number.isInteger(value);
      if (text.trim() !== '' && whole && value >= min && value <= max)
        Object.assign(view, { [name]: write(value) });
      else notes.push(`“${name}” must be ${noun(step)} from ${min} to ${max.toLocaleString('en')}.`);
    } else {
      notes.push(`There is no setting called “${name.slice(0, 40)}”.`);
    }
  }
  return { settings, given, view, autostart, notes: notes.slice(0, 5) };
}

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
    .filter((field) => write(settings[field]) !== write(defaults[field]))
    .map((field) => `${field}=${write(settings[field])}`);
  for (const [name, value] of Object.entries(view)) parameters.push(`${name}=${value}`);
  // Names and values are letters, digits, and signs that an address shows as they are.
  return parameters.length > 0 ? `${page}?${parameters.join('&')}` : page;
}

/**
 * A command for each rule: the flags that differ from the defaults of the native program.
 *
 * @param {Settings} settings
 * @param {Configuration} defaults of the native program
 * @returns {string[]}
 */
export function command_lines(settings, defaults) {
  const flags = fields
    .filter((field) => field !== 'rule' && write(settings[field]) !== write(plain(defaults[field])))
    .map((field) => ` --${field.replaceAll('_', '-')} ${write(settings[field])}`);
  return settings.rule.map((rule) => `spikealign train --rule ${rule}${flags.join('')}`);
}

/**
 * Without the digits that a number of single precision only seems to have.
 *
 * @template T
 * @param {T} value
 */
export function plain(value) {
  return typeof value === 'number' ? Number(value.toPrecision(7)) : value;
}

/** What the reader has chosen in the panels and figures, other than the defaults. @returns {View} */
export function read_view() {
  const defaults = Object.entries({ ...views, ...dials }).map(([name, choice]) => [
    name,
    write(Array.isArray(choice) ? (choice[0] ?? '') : choice.value),
  ]);
  const chosen = defaults.flatMap(([name = '', first]) => {
    const value = (radio(name, ':checked') ?? control(name))?.value;
    return value === undefined || value === first ? [] : [[name, value]];
  });
  return Object.fromEntries(chosen);
}

/** Makes the choices of an address. @param {View} view */
export function show_view(view) {
  for (const [name, value] of Object.entries(view)) {
    const button = radio(name, `[value="${value}"]`);
    const other = control(name);
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
