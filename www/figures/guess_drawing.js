/** Two piles of feedback curves, around spikes that barely happened and around those that barely did not. */

import { color } from '../base/colors.js';
import { count, decimal } from '../base/format.js';
import { begin_plot, curve, line } from '../plot/axes.js';

/** @import { GuessCurve, GuessPile, GuessView } from '../../pkg/spikealign.js' */
/** @import { Plot } from '../plot/axes.js' */

/** The first step of a curve, and the last, from the moment of the largest drive. */
const SPAN = /** @type {const} */ ([-10, 30]);
/** Curves of which there is a mean. */
const FEWEST = 4;
const KINDS = ['silent', 'spiked'];
const INKS = ['quiet', 'spiked'];

/**
 * @param {HTMLCanvasElement} canvas
 * @param {GuessView} view
 * @param {GuessCurve[]} curves the last ones
 * @param {boolean} revealed whether the other world is drawn as well
 */
export function draw_piles(canvas, { piles }, curves, revealed) {
  const plot = begin_plot(
    canvas,
    { range: SPAN, ticks: [-10, 0, 10, 20, 30], title: 'ms after the largest drive' },
    { range: [0, 0.32], ticks: [0, 0.1, 0.2, 0.3], title: 'Feedback (spikes per ms)' },
  );
  if (!plot) return;
  const { context, x, box } = plot;
  context.strokeStyle = color(canvas, 'ink');
  context.setLineDash([2, 3]);
  line(context, x(0), box.top, x(0), box.bottom);
  context.setLineDash([]);
  for (const [age, { spiked, feedback }] of curves.toReversed().entries()) {
    context.globalAlpha = age < 2 ? 0.9 : 0.12;
    context.strokeStyle = color(canvas, INKS[Number(spiked)] ?? '');
    curve(plot, over_time(feedback));
  }
  context.globalAlpha = 1;
  for (const [kind, pile] of piles.entries()) if (pile.count >= FEWEST) draw_pile(plot, pile, kind, revealed);
  context.restore();
  const after = (/** @type {number[]} */ values) =>
    decimal(values.slice(11).reduce((sum, value) => sum + value, 0) / 30, 3);
  const said = piles.map(
    ({ count: number, mean }, kind) =>
      `${count(number)} ${KINDS[kind]}, mean feedback after it ${after(mean)}`,
  );
  canvas.setAttribute('aria-label', `Feedback around close calls: ${said.join('; ')}.`);
}

/**
 * The mean, a band of two standard errors to each side, and the mean in the other world.
 *
 * @param {Plot} plot
 * @param {GuessPile} pile
 * @param {number} kind
 * @param {boolean} revealed
 */
function draw_pile(plot, { mean, error, other_world }, kind, revealed) {
  const { canvas, context, x, y } = plot;
  context.fillStyle = context.strokeStyle = color(canvas, INKS[kind] ?? '');
  const edge = (/** @type {1 | -1} */ side) =>
    over_time(mean.map((value, step) => value + 2 * side * (error[step] ?? 0)));
  context.beginPath();
  for (const [at, value] of [...edge(1), ...edge(-1).reverse()]) context.lineTo(x(at), y(value));
  context.globalAlpha = 0.25;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 3;
  curve(plot, over_time(mean));
  context.lineWidth = 1.5;
  if (!revealed) return;
  context.setLineDash([5, 3]);
  curve(plot, over_time(other_world));
  context.setLineDash([]);
}

/** @param {number[]} values @returns {[number, number][]} */
function over_time(values) {
  return values.map((value, step) => [SPAN[0] + step, value]);
}
