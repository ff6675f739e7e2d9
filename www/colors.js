/** The colours of the stylesheet, for what is drawn on a canvas. */

const dark = matchMedia('(prefers-color-scheme: dark)');

/** @type {WeakMap<Element, Map<string, string>>} asking the browser is dear, and the answer seldom changes */
let known = new WeakMap();
dark.addEventListener('change', () => {
  known = new WeakMap();
});

/**
 * A colour as the stylesheet has it in the present scheme.
 *
 * @param {Element} element any element that is on the page
 * @param {string} name without its dashes: `quiet`, or a rule such as `rdd`
 */
export function color(element, name) {
  const colors = known.get(element) ?? new Map();
  known.set(element, colors);
  const value = colors.get(name) ?? getComputedStyle(element).getPropertyValue(`--${name}`).trim();
  colors.set(name, value);
  return value;
}

/**
 * Calls `draw` when the colour scheme changes.
 *
 * @param {() => void} draw
 */
export function on_scheme(draw) {
  dark.addEventListener('change', draw);
}
