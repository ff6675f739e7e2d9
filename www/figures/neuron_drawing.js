/** What is drawn of one neuron beside its potential: its feedback, and its windows. */

import { color } from '../base/colors.js';
import { decimal } from '../base/format.js';
import { align, begin_plot, curve, haloed, line } from '../plot/axes.js';
import { doubled } from '../plot/scale.js';
import { dots } from '../plot/scatter.js';
import { deviation, mean } from '../plot/statistics.js';
import { THRESHOLD, over_time, time_axis } from './trace_drawing.js';

/** @import { Estimate, NeuronEvent, Trace } from '../../pkg/spikealign.js' */
/** @import { Plot } from '../plot/axes.js' */

/** Largest drive in a window, as it is shown. */
const DRIVES = /** @type {const} */ ([0.88, 1.32]);
/** The least drive that opens a window. */
const LEAST = 0.9;
/** Width of a bin of windows with a spike; those without all lie within a tenth below the threshold. */
const BIN = 0.05;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Trace} trace
 * @param {number} steps
 */
export function draw_feedback(canvas, trace, steps) {
  const plot = begin_plot(
    canvas,
    { ...time_axis(steps), title: 'time (s)' },
    { range: [0, 0.5], ticks: [0, 0.2, 0.4], title: 'Feedback from the neuron above (spikes per ms)' },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  const at = (/** @type {number} */ index) => steps - trace.feedback.length + index + 1;
  context.strokeStyle = color(canvas, 'quiet');
  context.lineWidth = 1;
  for (let index = 0; index < trace.upper_spike.length; index++) {
    if (trace.upper_spike[index]) line(context, x(at(index)), box.top, x(at(index)), box.top + 7);
  }
  context.strokeStyle = color(canvas, 'ink');
  context.lineWidth = 1.5;
  curve(plot, over_time(trace.feedback, steps));
  context.strokeStyle = color(canvas, 'rule');
  line(context, box.left, y(0), box.right, y(0));
  context.restore();
  const last = trace.feedback.at(-1) ?? 0;
  canvas.setAttribute('aria-label', `Feedback over the last 600 ms, now ${decimal(last)} spikes per ms.`);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {NeuronEvent[]} events
 * @param {Estimate | undefined} estimate
 * @param {number} truth
 * @param {number[]} reaches two standard errors of the jump, if it has them, and of the truth
 */
export function draw_events(canvas, events, estimate, truth, reaches) {
  const spread = deviation(events.map(({ response }) => response));
  const reach = doubled(Math.max(0.04, 1.25 * spread, 1.6 * Math.abs(truth)), 0.02);
  const plot = begin_plot(
    canvas,
    { range: DRIVES, ticks: [0.9, 1, 1.1, 1.2, 1.3], title: 'largest drive in the window (threshold 1)' },
    {
      range: [-reach, reach],
      ticks: 5,
      title: 'Change of feedback in a window (spikes per ms)',
      format: (value) => decimal(value, 2),
    },
  );
  if (!plot) return;
  const { context, x, box } = plot;
  context.globalAlpha = 0.4;
  for (const spiked of [false, true]) {
    context.fillStyle = context.strokeStyle = color(canvas, spiked ? 'spiked' : 'quiet');
    const some = events.filter(({ spikes }) => spikes > 0 === spiked);
    dots(
      plot,
      spiked ? 'dot' : 'ring',
      2,
      some.map(({ largest_drive, response }) => [largest_drive, response]),
    );
  }
  context.globalAlpha = 1;
  context.setLineDash([2, 3]);
  context.strokeStyle = color(canvas, 'ink');
  line(context, x(THRESHOLD), box.top, x(THRESHOLD), box.bottom);
  context.setLineDash([]);
  draw_means(plot, events);
  const furthest = Math.max(THRESHOLD, ...events.map(({ largest_drive }) => largest_drive));
  if (estimate?.lines) draw_jump(plot, estimate.lines, truth, furthest, reaches);
  context.restore();
}

/**
 * The mean of each bin of windows, with its standard error.
 *
 * @param {Plot} plot
 * @param {NeuronEvent[]} events
 */
function draw_means(plot, events) {
  const { canvas, context, x, y } = plot;
  /** @type {Map<number, NeuronEvent[]>} */
  const bins = new Map();
  for (const event of events) {
    const bin = event.spikes > 0 ? Math.floor((event.largest_drive - THRESHOLD) / BIN) : -1;
    bins.set(bin, [...(bins.get(bin) ?? []), event]);
  }
  for (const [bin, some] of bins) {
    if (some.length < 8) continue;
    const responses = some.map(({ response }) => response);
    const drive = mean(some.map(({ largest_drive }) => largest_drive));
    const [middle, error] = [mean(responses), deviation(responses) / Math.sqrt(some.length)];
    context.strokeStyle = color(canvas, bin < 0 ? 'quiet' : 'spiked');
    context.fillStyle = color(canvas, bin < 0 ? 'paper' : 'spiked');
    context.lineWidth = 1.5;
    line(context, x(drive), y(middle - error), x(drive), y(middle + error));
    dots(plot, 'dot', 5, [[drive, middle]]);
    dots(plot, 'ring', 5, [[drive, middle]]);
  }
}

/**
 * The two lines, and the jump between them at the threshold beside the true effect.
 *
 * @param {Plot} plot
 * @param {NonNullable<Estimate['lines']>} lines
 * @param {number} truth
 * @param {number} furthest the largest drive there was
 * @param {number[]} reaches
 */
function draw_jump({ canvas, context, x, y }, [silent, spiked], truth, furthest, reaches) {
  const value = (/** @type {typeof silent} */ { at_threshold, slope }, /** @type {number} */ drive) =>
    at_threshold + slope * (drive - THRESHOLD);
  const middle = x(THRESHOLD);
  const [from, to, top] = [silent.at_threshold, silent.at_threshold + truth, spiked.at_threshold].map(y);
  context.lineWidth = 2.5;
  context.strokeStyle = color(canvas, 'quiet');
  context.setLineDash([6, 3]);
  line(context, x(LEAST), y(value(silent, LEAST)), middle, from);
  context.setLineDash([]);
  context.strokeStyle = color(canvas, 'spiked');
  line(context, middle, top, x(furthest), y(value(spiked, furthest)));
  // The jump, and next to it the true effect, from the same level.
  context.lineCap = 'butt';
  context.lineWidth = 6;
  context.strokeStyle = color(canvas, 'green');
  line(context, middle, from, middle, top);
  context.lineWidth = 2;
  context.strokeStyle = color(canvas, 'ink');
  line(context, middle - 9, from, middle - 9, to);
  for (const end of [from, to]) line(context, middle - 13, end, middle - 5, end);
  // How far either may be off.
  context.globalAlpha = 0.3;
  for (const [value, reach, ink, left] of /** @type {const} */ ([
    [spiked.at_threshold, reaches[0], 'green', middle - 4],
    [silent.at_threshold + truth, reaches[1], 'ink', middle - 14],
  ])) {
    if (!reach) continue;
    context.fillStyle = color(canvas, ink);
    context.fillRect(left, y(value + reach), 10, y(value - reach) - y(value + reach));
  }
  context.globalAlpha = 1;
  context.fillStyle = color(canvas, 'ink');
  align(context, 'right', 'middle');
  haloed(context, canvas, 'true', middle - 16, (from + to) / 2);
  context.fillStyle = color(canvas, 'green');
  align(context, 'left', 'middle');
  haloed(context, canvas, 'jump', middle + 7, (from + top) / 2);
}
