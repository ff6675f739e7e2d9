/**
 * What figures draw their pictures with: a canvas with axes, in the units of what is shown.
 */
import { color } from '../base/colors.js';
import { element, fit_canvas } from '../base/dom.js';

const FONT = '12px system-ui, sans-serif';

/**
 * @typedef {object} Axis
 * @property {[number, number]} range
 * @property {number[]} ticks
 * @property {string} title
 * @property {(value: number) => string} [format]
 */

/**
 * @typedef {object} Plot
 * @property {CanvasRenderingContext2D} context
 * @property {(value: number) => number} x
 * @property {(value: number) => number} y
 * @property {{ left: number, top: number, right: number, bottom: number }} box in CSS pixels
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
 * @param {Partial<{ left: number, top: number, right: number, bottom: number }>} [margin]
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
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const value of vertical.ticks) {
    const at = Math.round(y(value)) + 0.5;
    line(context, box.left, at, box.right, at);
    context.fillText(vertical.format?.(value) ?? String(value), box.left - 6, at);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const value of horizontal.ticks) {
    context.fillText(horizontal.format?.(value) ?? String(value), x(value), box.bottom + 6);
  }
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.fillText(horizontal.title, box.right, height - 2);
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillStyle = color(canvas, 'ink');
  context.fillText(vertical.title, 0, 2);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  return { context, x, y, box };
}

/**
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
 * A line through values, one a step.
 *
 * @param {Plot} plot
 * @param {ArrayLike<number>} values
 * @param {(index: number) => number} at where each is on the horizontal axis
 */
export function curve({ context, x, y }, values, at) {
  context.beginPath();
  for (let index = 0; index < values.length; index++) {
    context.lineTo(x(at(index)), y(values[index] ?? 0));
  }
  context.stroke();
}

/**
 * @param {[number, number]} range
 * @param {[number, number]} pixels
 */
function scale([low, high], [from, to]) {
  return (/** @type {number} */ value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * Round numbers for an axis.
 *
 * @param {[number, number]} range
 * @param {number} most
 */
export function round_ticks([low, high], most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-6; tick += step) {
    ticks.push(Number(tick.toPrecision(6)));
  }
  return ticks;
}
