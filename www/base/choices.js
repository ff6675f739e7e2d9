/** A choice of one among a few: a group of radio buttons that look like one row of buttons. */

import { element } from './dom.js';

/**
 * @template {string} Value
 * @param {object} choice
 * @param {string} choice.name unique on the page
 * @param {string} choice.title
 * @param {{ [value in Value]: string }} choice.texts what each value is called
 * @param {NoInfer<Value>} choice.chosen
 * @param {(value: Value) => void} choice.on_change
 */
export function choices({ name, title, texts, chosen, on_change }) {
  const values = /** @type {Value[]} */ (Object.keys(texts));
  const labels = values.map((value) => element('span', {}, texts[value]));
  const options = values.map((value, index) => {
    const input = element('input', { type: 'radio', name, value, checked: value === chosen });
    input.addEventListener('change', () => on_change(value));
    return element('label', {}, input, labels[index] ?? '');
  });
  const root = element('fieldset', {}, element('legend', {}, title), ...options);
  return { root, labels };
}
