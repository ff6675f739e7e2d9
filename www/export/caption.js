/**
 * The caption of a figure: its choices, the settings, the seed, the version.
 *
 * @import { Field, Settings } from '../settings/table.js'
 */
import { description } from '../../pkg/description.js';
import { count } from '../base/format.js';
import { rules } from '../plot/rules.js';
import { figure_title } from '../base/titles.js';
import { concerns, default_settings, fields, setting_of, value_of, write } from '../settings/table.js';
import { read_view, share_address } from '../settings/address.js';

/**
 * @typedef {object} Figure
 * @property {HTMLElement} root
 * @property {string} name of its files
 * @property {(() => { settings: Settings, seen: number[] }) | null} run the settings and the images
 *   that each rule has seen by now, if it is of the race
 */

/** What the controls of a figure say, such as `Measure: accuracy`. @param {HTMLElement} root */
export function chosen_in(root) {
  const groups = [...root.querySelectorAll('.choices fieldset')].map((group) =>
    [group.querySelector('legend'), group.querySelector('label:has(:checked)')].map(
      (part) => part?.textContent,
    ),
  );
  const sliders = [...root.querySelectorAll('.slider')].map((slider) =>
    ['span', 'output'].map((part) => slider.querySelector(part)?.textContent),
  );
  const lists = [...root.querySelectorAll('.choice')].map((choice) =>
    ['span', 'option:checked'].map((part) => choice.querySelector(part)?.textContent),
  );
  const time = root.querySelector('.playback output')?.textContent;
  const { seed } = root.dataset;
  return [
    ...[...groups, ...sliders, ...lists].map(([name, value]) => `${name}: ${value}`),
    ...(time ? [`Time: ${time}`] : []),
    ...(seed ? [`Seed: ${seed}`] : []),
  ];
}

/** A setting in words. @param {Settings} settings @param {Field} field */
function in_words(settings, field) {
  const setting = setting_of(field);
  const { label, unit } = setting;
  const value = value_of(settings, field);
  const chosen = setting.kind === 'choice' && setting.choices.find((choice) => choice.value === write(value));
  const text = Array.isArray(value)
    ? value.map((rule) => rules[rule]?.title.toLowerCase()).join(', ')
    : chosen
      ? chosen.label
      : write(value);
  return `${label.toLowerCase()}: ${text}${unit && ` ${unit}`}`;
}

/**
 * The caption of a figure.
 *
 * @param {Figure} figure
 */
export function caption({ root, run }) {
  const sentences = [figure_title(root), ...[chosen_in(root).join('; ')].filter(Boolean)];
  const { settings, seen } = run?.() ?? { settings: null, seen: [] };
  if (settings) {
    const [least, most] = [Math.min(...seen), Math.max(...seen)];
    const from = least < most ? `${count(least)} to ` : '';
    if (most > 0) sentences.push(`After ${from}${count(most)} training images`);
    const concerned = fields.filter((field) => concerns(settings, field));
    sentences.push(`Settings: ${concerned.map((field) => in_words(settings, field)).join('; ')}`);
  }
  const address = share_address(settings ?? default_settings(), read_view());
  return `${sentences.join('. ')}. Spikealign ${description.version}, ${address}`;
}
