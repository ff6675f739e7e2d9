/** The legend that charts share: a stretch of line with its marker, and the name. */

import { element, svg_element } from '../base/dom.js';
import { marker_path } from './markers.js';
import { rules } from './rules.js';

/** @param {string} rule */
export function rule_sample(rule) {
  const { dash, width, marker } = rules[rule];
  const svg = svg_element('svg', { viewBox: '0 0 40 14', class: 'sample', 'data-rule': rule });
  svg.setAttribute('aria-hidden', 'true');
  const line = { d: 'M1 7H39', 'stroke-width': width, 'stroke-dasharray': dash.join(' ') };
  svg.append(
    svg_element('path', line),
    svg_element('path', { d: marker_path(marker, 20, 7, 4.5), class: 'marker' }),
  );
  return svg;
}

/**
 * The name of a rule in its colour.
 *
 * @template {'span' | 'h3'} Tag
 * @param {Tag} tag
 * @param {string} rule
 * @param {string} [text]
 */
export function rule_name(tag, rule, text = rules[rule].title) {
  return element(tag, { class: 'name', 'data-rule': rule }, text);
}

/** A legend of the rules that are shown. */
export function legend() {
  const root = element('ul', { class: 'legend' });
  let shown = '';
  return {
    root,
    /** @param {string[]} names */
    show(names) {
      if (names.join() === shown) return;
      shown = names.join();
      root.replaceChildren(
        ...names.map((rule) => element('li', {}, rule_sample(rule), rule_name('span', rule))),
      );
    },
  };
}
