/**
 * The attributes of `<spike-align>`, which are also the parameters of `embed.html`: what they may be
 * called, and what they say.
 *
 * @import { Settings } from '../settings/configuration.js'
 */
import { RANDOM } from '../settings/address.js';
import { assign, default_settings, fields, is_field, parse, write } from '../settings/table.js';
import { is_panel } from './panels.js';

/** Largest height that can be asked for, in CSS pixels. */
const TALLEST = 10_000;

/** The attribute of a setting: its name, with dashes for underscores and dots. @param {string} field */
export const attribute_of = (field) => field.replaceAll(/[._]/g, '-');

/** The names of all attributes. */
export const attributes = ['panel', 'theme', 'height', 'autostart', 'config', ...fields.map(attribute_of)];

/**
 * An object of settings, or of some of them, as texts by field.
 *
 * @param {object} config
 * @param {string[]} notes gets the names that are no settings, in sentences
 * @returns {{ [field: string]: string }}
 */
export function texts_of(config, notes) {
  const { rule_settings = {}, ...settings } = /** @type {Partial<Settings>} */ (config);
  /** @type {{ [field: string]: string }} */
  const texts = {};
  for (const [name, value] of Object.entries({ ...settings, ...rule_settings })) {
    if (!is_field(name)) notes.push(`There is no setting called “${name.slice(0, 40)}”.`);
    else if (value !== null && value !== undefined) texts[name] = write(value);
  }
  return texts;
}

/**
 * The attribute `config`: settings as JSON. A framework writes an object into it as text if this module has not loaded yet.
 *
 * @param {string | null} text
 * @param {string[]} notes
 */
function read_config(text, notes) {
  if (text === null) return {};
  try {
    return texts_of(Object(JSON.parse(text)), notes);
  } catch {
    notes.push(
      'The attribute “config” must be JSON. To pass an object, set the property once the element is defined.',
    );
    return {};
  }
}

/**
 * @typedef {object} Asked
 * @property {string} panel
 * @property {Settings} settings
 * @property {boolean} draws_seed whether the seed is random
 * @property {number | null} height in CSS pixels; null for that of what is in it
 * @property {boolean | null} autostart null leaves it to the panel
 * @property {string[]} notes what is invalid, in sentences for the reader
 */

/**
 * Reads the attributes. Invalid ones are noted, and ignored.
 *
 * @param {(name: string) => string | null} get
 * @returns {Asked}
 */
export function read_attributes(get) {
  /** @type {string[]} */
  const notes = [];
  const panel = get('panel') ?? 'race';
  if (!is_panel(panel)) notes.push(`There is no panel called “${panel.slice(0, 40)}”: showing the race.`);
  if (!['light', 'dark', null].includes(get('theme'))) notes.push('“theme” must be light or dark.');
  const height = get('height') === null ? null : Number(get('height'));
  const fits = height === null || (height > 0 && height <= TALLEST);
  if (!fits) notes.push(`“height” must be a number of pixels up to ${TALLEST.toLocaleString('en')}.`);
  const settings = default_settings();
  const config = read_config(get('config'), notes);
  for (const field of fields) {
    const text = get(attribute_of(field)) ?? config[field];
    if (text === undefined || (field === 'seed' && text === RANDOM)) continue;
    const result = parse(field, text);
    if ('problem' in result) notes.push(result.problem.message);
    else assign(settings, field, result.value);
  }
  const autostart = get('autostart');
  return {
    panel: is_panel(panel) ? panel : 'race',
    settings,
    draws_seed: (get('seed') ?? config.seed) === RANDOM,
    height: fits ? height : null,
    autostart: autostart === null ? null : autostart !== 'false' && autostart !== '0',
    notes,
  };
}
