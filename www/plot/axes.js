/** A canvas with axes, in the units of what is shown. */

import { color } from '../base/colors.js';
import { element, fit_canvas } from '../base/dom.js';
import { scale, ticks, with_room } from './scale.js';

export const FONT = '12px system-ui, sans-serif';
/** The height of a label, in CSS pixels. */
const LABEL = 14;

/**
 * @typedef {object} Axis
 * @property {readonly [number, number]} range
 * @property {number[] | number} ticks the values themselves, or how many at most
 * @property {string} title
 * @property {(value: number) => string} [format]
 */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box in CSS pixels */

/**
 * @typedef {object} Plot
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context
 * @property {(value: number) => number} x
 * @property {(value: number) => number} y
 * @property {Box} box
 */

/**
 * A canvas that says what it shows, to whoever does not see it.
 *
 * @param {string} kind
 * @param {string} label
 */
export function picture(kind, label) {
  return element('canvas', { class: kind, role: 'img', 'aria-label': `${label}: nothing yet` });
}

/**
 * Clears a canvas and draws two axes. What is drawn next is clipped to their box, until
 * `context.restore()`.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Axis} horizontal
 * @param {Axis} vertical
 * @param {Partial<Box>} [margin]
 * @returns {Plot | null} null when there is nothing to draw on
 */
export function begin_plot(canvas, horizontal, vertical, margin = {}) {
  const fitted = fit_canvas(canvas);
  if (!fitted) return null;
  const { context, width, height } = fitted;
  const { left = 46, top = 22, right = 10, bottom = 38 } = margin;
  const box = { left, top, right: width - right, bottom: height - bottom };
  const x = scale(horizontal.range, [box.left, box.right]);
  const y = scale(vertical.range, [box.bottom, box.top]);
  context.font = FONT;
  context.fillStyle = color(canvas, 'quiet');
  context.strokeStyle = color(canvas, 'grid');
  context.lineWidth = 1;
  align(context, 'right', 'middle');
  for (const value of with_room(ticks_of(vertical), y, LABEL)) {
    const at = Math.round(y(value)) + 0.5;
    line(context, box.left, at, box.right, at);
    context.fillText(write(vertical, value), box.left - 6, at);
  }
  align(context, 'center', 'top');
  for (const value of ticks_of(horizontal)) {
    context.fillText(write(horizontal, value), x(value), box.bottom + 6);
  }
  align(context, 'right', 'bottom');
  context.fillText(horizontal.title, box.right, height - 2, box.right);
  align(context, 'left', 'top');
  context.fillStyle = color(canvas, 'ink');
  context.fillText(vertical.title, 0, 2, width);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  return { canvas, context, x, y, box };
}

/** @param {Axis} axis @param {number} value */
function write({ format }, value) {
  return value === 0 || !format ? String(value).replace('-', '−') : format(value);
}

/** @param {Axis} axis */
function ticks_of({ range, ticks: wanted }) {
  return typeof wanted === 'number' ? ticks(range, wanted) : wanted;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CanvasTextAlign} horizontally
 * @param {CanvasTextBaseline} vertically
 */
export function align(context, horizontally, vertically) {
  context.textAlign = horizontally;
  context.textBaseline = vertically;
}

/**
 * A straight line, in pixels.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
export function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/**
 * A line through points, in the units of the axes.
 *
 * @param {Plot} plot
 * @param {Iterable<readonly [number, number]>} points
 */
export function curve({ context, x, y }, points) {
  context.beginPath();
  for (const [at, value] of points) context.lineTo(x(at), y(value));
  context.stroke();
}

/**
 * A level to compare with, across the plot, with its name.
 *
 * @param {Plot} plot
 * @param {number} value
 * @param {string} label
 */
export function level({ canvas, context, y, box }, value, label) {
  context.strokeStyle = color(canvas, 'quiet');
  context.fillStyle = color(canvas, 'quiet');
  line(context, box.left, y(value), box.right, y(value));
  align(context, 'right', 'bottom');
  context.fillText(label, box.right - 4, y(value) - 2);
}

/**
 * Text on a halo of paper, readable on whatever is beneath it.
 *
 * @param {CanvasRenderingContext2D} context whose fill style is the colour of the text
 * @param {HTMLElement} root
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} [ratio] pixels of the context for each of the page
 */
export function haloed(context, root, text, x, y, ratio = 1) {
  context.font = `600 ${12 * ratio}px system-ui, sans-serif`;
  context.lineJoin = 'round';
  context.lineWidth = 4 * ratio;
  context.strokeStyle = color(root, 'paper');
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
