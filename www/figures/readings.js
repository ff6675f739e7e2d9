/** What stands below the pictures of a figure: values, and keys. */

import { element } from '../base/dom.js';

/**
 * A value with its name, below a figure.
 *
 * @param {string} name
 */
export function reading(name) {
  const value = element('dd', {}, '–');
  return {
    root: element('div', { class: name.replaceAll(' ', '-') }, element('dt', {}, name), value),
    value,
  };
}

/**
 * One entry of a figure's key.
 *
 * @param {string} kind
 * @param {string} text
 */
export function key_entry(kind, text) {
  return element('li', {}, element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' }), text);
}
