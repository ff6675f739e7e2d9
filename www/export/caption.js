/**
 * What belongs to a figure in words: what is chosen, the settings, the seed, the version.
 *
 * @import { Field, Settings } from '../settings/table.js'
 */
import { count } from '../base/format.js';
import { rules } from '../plot/rules.js';
import { figure_title } from '../base/titles.js';
import { default_settings, fields, table } from '../settings/table.js';
import { read_view, share_address } from '../settings/address.js';

/**
 * @typedef {object} Figure
 * @property {HTMLElement} root
 * @property {string} name of its files
 * @property {(() => { settings: Settings, examples: number }) | null} run the settings and the images
 *   seen by now, if it is of the race
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
  const setting = table[field];
  const value = settings[field];
  const text =
    setting.kind === 'rules'
      ? settings.rule.map((rule) => rules[rule].title.toLowerCase()).join(', ')
      : setting.kind === 'choice'
        ? Object.entries(setting.choices).find(([choice]) => choice === value)?.[1]
        : String(value);
  const unit = setting.kind === 'number' && setting.unit ? ` ${setting.unit}` : '';
  return `${setting.label.toLowerCase()}: ${text}${unit}`;
}

/**
 * The caption of a figure.
 *
 * @param {Figure} figure
 * @param {string} version
 */
export function caption({ root, run }, version) {
  const sentences = [figure_title(root), ...[chosen_in(root).join('; ')].filter(Boolean)];
  const { settings, examples } = run?.() ?? { settings: null, examples: 0 };
  if (settings) {
    if (examples > 0) sentences.push(`After ${count(examples)} training images`);
    sentences.push(`Settings: ${fields.map((field) => in_words(settings, field)).join('; ')}`);
  }
  const address = share_address(settings ?? default_settings(), read_view());
  return `${sentences.join('. ')}. Spikealign ${version}, ${address}`;
}
