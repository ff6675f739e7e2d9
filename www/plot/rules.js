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
  description.rules.map((rule) => [
    rule.name,
    { ...rule, ...look_of(rule.group, place_of(rule)), width: rule.group === 'spikes' ? 2.75 : 2 },
  ]),
);

/** @param {RuleDescription} rule */
function place_of({ name, group }) {
  return description.rules.filter((rule) => rule.group === group).findIndex((rule) => rule.name === name);
}

/** What the groups of rules are called. @type {{ [group in RuleDescription['group']]: string }} */
const group_titles = {
  exact: 'Exact',
  random: 'Random',
  signs: 'Signs',
  rates: 'Learned by rates',
  spikes: 'Learned by spikes',
};

/** The groups, each with its rules, in the order in which they are shown. */
export const groups = [...new Set(description.rules.map(({ group }) => group))].map((group) => ({
  title: group_titles[group],
  rules: description.rules.filter((rule) => rule.group === group).map(({ name }) => name),
}));

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
