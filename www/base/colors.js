/** The colours of the stylesheet, for canvases. */

import { at_end } from './lifetime.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
const forced = matchMedia('(forced-colors: active)');
for (const query of [dark, forced]) query.addEventListener('change', scheme_changed);
let on_paper = false;

/** @type {WeakMap<Element, Map<string, string>>} asking the browser is slow, and the answer seldom changes */
let known = new WeakMap();
/** @type {Set<() => void>} */
const drawings = new Set();

/**
 * A colour as the stylesheet has it in the present scheme.
 *
 * @param {Element} element any element that is on the page
 * @param {string} name without its dashes: `quiet`, or a rule such as `rdd`
 */
export function color(element, name) {
  const colors = known.get(element) ?? new Map();
  known.set(element, colors);
  const value = colors.get(name) ?? look_up(element, name);
  colors.set(name, value);
  return value;
}

/**
 * @param {Element} element
 * @param {string} name
 */
function look_up(element, name) {
  const style = getComputedStyle(element);
  const value = style.getPropertyValue(`--${name}`).trim();
  const [, light, of_dark] = /^light-dark\((.+),\s*(.+)\)$/.exec(value) ?? [];
  if (!light || !of_dark) return value;
  const schemes = style.colorScheme.split(' ');
  const is_dark = !on_paper && schemes.includes('dark') && (dark.matches || !schemes.includes('light'));
  return is_dark ? of_dark : light;
}

/**
 * Calls `draw` when the colour scheme changes.
 *
 * @param {Element} root what is drawn on
 * @param {() => void} draw
 */
export function on_scheme(root, draw) {
  drawings.add(draw);
  at_end(root, () => drawings.delete(draw));
}

/** On paper everything is light. @param {boolean} now */
export function set_on_paper(now) {
  on_paper = now;
  scheme_changed();
}

/** The colour scheme has changed, of the system or of a part of the page. */
export function scheme_changed() {
  known = new WeakMap();
  for (const draw of drawings) draw();
}
