/**
 * The legend that all charts share: a stretch of line with its marker, and the name.
 *
 * @import { Rule } from './rules.js'
 */
import { element, svg_element } from '../base/dom.js';
import { rules } from './rules.js';

const markers = {
  circle: 'M20 2.5a4.5 4.5 0 1 0 .01 0Z',
  square: 'M16 3h8v8h-8Z',
  triangle: 'M20 2l5 9h-10Z',
};

/** @param {Rule} rule */
export function rule_sample(rule) {
  const { dash, width, marker } = rules[rule];
  const svg = svg_element('svg', { viewBox: '0 0 40 14', class: `sample ${rule}` });
  svg.setAttribute('aria-hidden', 'true');
  const line = { d: 'M1 7H39', 'stroke-width': width, 'stroke-dasharray': dash.join(' ') };
  svg.append(svg_element('path', line), svg_element('path', { d: markers[marker], class: 'marker' }));
  return svg;
}

/** @param {Rule[]} shown */
export function legend(shown) {
  const entries = shown.map((rule) =>
    element('li', {}, rule_sample(rule), element('span', { class: `name ${rule}` }, rules[rule].name)),
  );
  return element('ul', { class: 'legend' }, ...entries);
}
