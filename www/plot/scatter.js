/** Dots: weights of a layer against each other, windows of a neuron, estimates. */

import { color } from '../base/colors.js';
import { line } from './axes.js';
import { deviation } from './statistics.js';

/** @import { Plot } from './axes.js' */

/** @typedef {{ forward: Float32Array, feedback: Float32Array }} Pairs */
/** @typedef {'dot' | 'ring' | 'cross' | 'speck'} Mark */

/**
 * @param {Float32Array | null} [interleaved] forward and feedback weight, one after the other
 * @returns {Pairs}
 */
export function pairs_of(interleaved) {
  return {
    forward: (interleaved ?? new Float32Array()).filter((_, index) => index % 2 === 0),
    feedback: (interleaved ?? new Float32Array()).filter((_, index) => index % 2 === 1),
  };
}

/**
 * A mark at each point, in the units of the axes.
 *
 * @param {Plot} plot
 * @param {Mark} mark
 * @param {number} radius in CSS pixels
 * @param {Iterable<readonly [number, number]>} points
 */
export function dots({ context, x, y }, mark, radius, points) {
  for (const [at, value] of points) {
    const [right, down] = [x(at), y(value)];
    if (mark === 'speck') {
      context.fillRect(right - radius, down - radius, 2 * radius, 2 * radius);
    } else if (mark === 'cross') {
      line(context, right - radius, down - radius, right + radius, down + radius);
      line(context, right - radius, down + radius, right + radius, down - radius);
    } else {
      context.beginPath();
      context.arc(right, down, radius, 0, 2 * Math.PI);
      if (mark === 'dot') context.fill();
      else context.stroke();
    }
  }
}

/** The axes through 0. @param {Plot} plot */
export function cross_hairs({ canvas, context, x, y, box }) {
  context.strokeStyle = color(canvas, 'rule');
  context.lineWidth = 1;
  line(context, box.left, y(0), box.right, y(0));
  line(context, x(0), box.top, x(0), box.bottom);
}

/**
 * Weights against each other, on shaded quarters in which the signs agree. Where they do, dots have the ink.
 *
 * @param {Plot} plot
 * @param {Pairs} pairs
 * @param {string} ink name of a colour
 */
export function draw_pairs(plot, { forward, feedback }, ink) {
  const { canvas, context, x, y, box } = plot;
  context.fillStyle = color(canvas, 'shade');
  context.fillRect(x(0), box.top, box.right - x(0), y(0) - box.top);
  context.fillRect(box.left, y(0), x(0) - box.left, box.bottom - y(0));
  cross_hairs(plot);
  context.globalAlpha = 0.55;
  for (const agree of [false, true]) {
    context.fillStyle = color(canvas, agree ? ink : 'opposed');
    dots(plot, 'speck', 1, those_that({ forward, feedback }, agree));
  }
  context.globalAlpha = 1;
}

/**
 * @param {Pairs} pairs
 * @param {boolean} agree
 * @returns {Generator<[number, number]>}
 */
function* those_that({ forward, feedback }, agree) {
  for (const [index, weight] of forward.entries()) {
    const other = feedback[index] ?? 0;
    if (weight * other > 0 === agree) yield [weight, other];
  }
}

/**
 * Half the range of an axis: it holds nearly all weights, and changes in steps, so that dots move because
 * weights do.
 *
 * @param {number} before
 * @param {Float32Array} weights
 */
export function reach_of(before, weights) {
  const needed = 2.8 * deviation(weights) || 1;
  return before >= needed && before < 2 * needed ? before : 1.25 * needed;
}

/**
 * The pair whose dot is nearest to a point, within reach.
 *
 * @param {Plot} plot
 * @param {Pairs} pairs
 * @param {{ x: number, y: number }} point in CSS pixels
 * @param {number} reach
 */
export function nearest({ x, y }, { forward, feedback }, point, reach) {
  let [best, shortest] = [/** @type {number | null} */ (null), reach];
  for (const [pair, weight] of forward.entries()) {
    const distance = Math.hypot(x(weight) - point.x, y(feedback[pair] ?? 0) - point.y);
    if (distance < shortest) [best, shortest] = [pair, distance];
  }
  return best;
}

/**
 * The pair of opposed signs whose weights are largest; where no signs are opposed, the largest of all.
 *
 * @param {Pairs} pairs
 */
export function strongest_disagreement({ forward, feedback }) {
  const products = forward.map((weight, pair) => weight * (feedback[pair] ?? 0));
  const lowest = products.indexOf(Math.min(...products));
  return (products[lowest] ?? 0) < 0 ? lowest : products.indexOf(Math.max(...products));
}
