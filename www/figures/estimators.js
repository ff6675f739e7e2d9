/** The estimators of the core, as figures call them. */

import { description } from '../../pkg/description.js';
import { element } from '../base/dom.js';

/** What each is called. @type {{ [name: string]: string }} */
export const estimator_names = Object.fromEntries(
  description.estimators.map(({ name, title }) => [name, title]),
);

/**
 * A list to choose one from.
 *
 * @param {string} name of the list
 * @param {string} chosen
 * @param {(estimator: string) => void} change
 * @param {string[]} [offered] names
 */
export function estimator_choice(name, chosen, change, offered = Object.keys(estimator_names)) {
  const options = description.estimators
    .filter(({ name }) => offered.includes(name))
    .map(({ name: value, label }) => element('option', { value, selected: value === chosen }, label));
  const list = element('select', { name }, ...options);
  list.addEventListener('change', () => change(list.value));
  return element('label', { class: 'choice' }, element('span', {}, 'Estimator'), list);
}
