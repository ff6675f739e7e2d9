/**
 * The learning rules: how each is called and drawn, the same everywhere on the page.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 */

/** @typedef {Configuration['rule']} Rule */

/**
 * @typedef {object} RuleStyle
 * @property {string} name
 * @property {string} short for the end of a line in a chart
 * @property {string} explanation half a sentence
 * @property {number[]} dash lengths of strokes and gaps, in CSS pixels; empty is a solid line
 * @property {number} width of the line, in CSS pixels
 * @property {'square' | 'triangle' | 'circle'} marker
 */

/** @type {{ [rule in Rule]: RuleStyle }} */
export const rules = {
  bp: {
    name: 'Backpropagation',
    short: 'backprop',
    explanation: 'is handed the transposed weights',
    dash: [9, 4],
    width: 2,
    marker: 'square',
  },
  fa: {
    name: 'Feedback alignment',
    short: 'random',
    explanation: 'keeps fixed random weights',
    dash: [2.5, 3],
    width: 2,
    marker: 'triangle',
  },
  rdd: {
    name: 'Spiking discontinuity',
    short: 'spiking',
    explanation: 'measures what its spikes cause',
    dash: [],
    width: 2.75,
    marker: 'circle',
  },
};

export const rule_names = /** @type {Rule[]} */ (Object.keys(rules));

/**
 * @param {string} name
 * @returns {name is Rule}
 */
export function is_rule(name) {
  return Object.hasOwn(rules, name);
}

/**
 * Draws the marker of a rule, for the ends of lines and for legends.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Rule} rule
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function draw_marker(context, rule, x, y, radius) {
  const { marker } = rules[rule];
  context.beginPath();
  if (marker === 'circle') {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  } else if (marker === 'square') {
    const side = radius * 0.9;
    context.rect(x - side, y - side, 2 * side, 2 * side);
  } else {
    context.moveTo(x, y - radius * 1.2);
    context.lineTo(x + radius * 1.1, y + radius * 0.8);
    context.lineTo(x - radius * 1.1, y + radius * 0.8);
    context.closePath();
  }
  context.fill();
}
