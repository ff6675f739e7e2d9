/**
 * The learning rules as the core describes them, each with its look, the same everywhere on the page.
 *
 * @import { RuleDescription } from '../../pkg/spikealign.js'
 */
import { description } from '../../pkg/description.js';
import { look_of } from './markers.js';

/**
 * @typedef {RuleDescription & { dash: number[], marker: number, width: number }} Rule `dash` and `width` of the
 *   line are in CSS pixels
 */

/** By name, in the order in which they are shown. @type {{ [name: string]: Rule }} */
export const rules = Object.fromEntries(
  description.rules.map((rule, index) => [
    rule.name,
    { ...rule, ...look_of(index), width: rule.group === 'spikes' ? 2.75 : 2 },
  ]),
);

export const rule_names = Object.keys(rules);

/** @param {string} name */
export function is_rule(name) {
  return Object.hasOwn(rules, name);
}

/**
 * The colour of each rule as a custom property of its name, which other pages may set, and as `--own` of
 * all that has the rule as its `data-rule`.
 */
export const rule_css = Object.values(rules)
  .map(
    ({ name, color }) => `
:root, :host { --${name}: var(--${color}, var(--ink)); }
[data-rule='${name}'] { --own: var(--${name}); }`,
  )
  .join('');

/** Gives a page the colours of the rules. @param {Document} page */
export function color_rules(page) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rule_css);
  page.adoptedStyleSheets.push(sheet);
}
