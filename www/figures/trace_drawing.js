/** The membrane potential of a neuron over the last steps, and their axis. */

import { color } from '../base/colors.js';
import { decimal } from '../base/format.js';
import { begin_plot, curve, line } from '../plot/axes.js';
import { ticks } from '../plot/scale.js';

/** @import { Trace } from '../../pkg/spikealign.js' */
/** @import { Plot } from '../plot/axes.js' */

/** The threshold of the membrane potential. */
export const THRESHOLD = 1;
/** Steps of the trace that are shown. */
const SHOWN = 600;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Trace} trace
 * @param {number} steps
 */
export function draw_trace(canvas, trace, steps) {
  const plot = begin_plot(
    canvas,
    { ...time_axis(steps), ticks: [] },
    { range: [-1.15, 1.9], ticks: [-1, 0, 1], title: 'Membrane potential (threshold 1)' },
    { bottom: 8 },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  const at = (/** @type {number} */ index) => steps - trace.potential.length + index + 1;
  shade_windows(plot, trace.window, at);
  context.lineWidth = 1;
  context.strokeStyle = color(canvas, 'ink');
  context.setLineDash([2, 3]);
  line(context, box.left, y(THRESHOLD), box.right, y(THRESHOLD));
  context.strokeStyle = color(canvas, 'quiet');
  context.setLineDash([5, 3]);
  context.lineWidth = 1.25;
  curve(plot, over_time(trace.drive, steps));
  context.setLineDash([]);
  context.strokeStyle = color(canvas, 'ink');
  context.lineWidth = 1.5;
  curve(plot, over_time(trace.potential, steps));
  context.strokeStyle = color(canvas, 'spiked');
  context.lineWidth = 2;
  for (let index = 0; index < trace.spike.length; index++) {
    if (trace.spike[index]) line(context, x(at(index)), y(1.05), x(at(index)), y(1.85));
  }
  context.restore();
  const spikes = trace.spike.reduce((sum, spike) => sum + spike, 0);
  canvas.setAttribute('aria-label', `Membrane potential over the last 600 ms: ${spikes} spikes.`);
}

/**
 * @param {Plot} plot
 * @param {ArrayLike<number>} open of each step, whether a window was open
 * @param {(index: number) => number} at
 */
function shade_windows({ canvas, context, x, box }, open, at) {
  context.fillStyle = color(canvas, 'shade');
  for (let index = 0; index < open.length; index++) {
    if (!open[index]) continue;
    const left = x(at(index) - 1);
    context.fillRect(left, box.top, x(at(index)) - left + 0.5, box.bottom - box.top);
  }
}

/**
 * The last values, one a step, each with its step.
 *
 * @param {ArrayLike<number>} values
 * @param {number} steps
 * @returns {[number, number][]}
 */
export function over_time(values, steps) {
  return Array.from(values, (value, index) => [steps - values.length + index + 1, value]);
}

/** The last steps. @param {number} steps */
export function time_axis(steps) {
  const last = Math.max(steps, SHOWN);
  const first = last - SHOWN;
  /** @type {[number, number]} */
  const range = [first, last];
  const inner = ticks(range, 4).filter((tick) => tick > first + 25 && tick < last - 25);
  return {
    range,
    ticks: inner,
    title: '',
    format: (/** @type {number} */ value) => decimal(value / 1000, 1),
  };
}
