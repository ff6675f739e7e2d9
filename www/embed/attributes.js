/**
 * The attributes of `<spike-align>`, which are also the parameters of `embed.html`: what they may be
 * called, and what they say.
 *
 * @import { Settings } from '../settings/configuration.js'
 */
import { RANDOM } from '../settings/address.js';
import { assign, default_settings, fields, parse } from '../settings/table.js';
import { is_panel } from './panels.js';

/** Largest height that can be asked for, in CSS pixels. */
const TALLEST = 10_000;

/** The attribute of a setting: its name, with dashes for underscores and dots. @param {string} field */
export const attribute_of = (field) => field.replaceAll(/[._]/g, '-');

/** The names of all attributes. */
export const attributes = ['panel', 'theme', 'height', 'autostart', ...fields.map(attribute_of)];

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
  for (const field of fields) {
    const text = get(attribute_of(field));
    if (text === null || (field === 'seed' && text === RANDOM)) continue;
    const result = parse(field, text);
    if ('problem' in result) notes.push(result.problem.message);
    else assign(settings, field, result.value);
  }
  const autostart = get('autostart');
  return {
    panel: is_panel(panel) ? panel : 'race',
    settings,
    draws_seed: get('seed') === RANDOM,
    height: fits ? height : null,
    autostart: autostart === null ? null : autostart !== 'false' && autostart !== '0',
    notes,
  };
}
