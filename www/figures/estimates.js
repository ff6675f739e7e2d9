/** What is drawn of estimators: their estimates against the true weights, and their errors. */

import { color } from '../base/colors.js';
import { count, degrees, signed } from '../base/format.js';
import { begin_plot, curve, level } from '../plot/axes.js';
import { doubled } from '../plot/scale.js';
import { cross_hairs, dots } from '../plot/scatter.js';
import { deviation } from '../plot/statistics.js';
import { estimator_names } from './estimators.js';

/** @import { NeuronView } from '../../pkg/spikealign.js' */
/** @import { Mark } from '../plot/scatter.js' */

/** @typedef {{ windows: number, errors: Map<string, number> }} Entry the errors after this number of windows */

/**
 * The estimators that are compared, each with its own mark, line and colour.
 *
 * @type {{ name: string, ink: string, dash: number[], mark: Mark | null }[]}
 */
export const compared = [
  { name: 'observed', ink: 'fooled', dash: [7, 4], mark: 'cross' },
  { name: 'gradient', ink: 'quiet', dash: [2, 3], mark: 'ring' },
  { name: 'least-squares', ink: 'green', dash: [], mark: 'dot' },
  { name: 'innovation', ink: 'indigo', dash: [10, 3, 2, 3], mark: 'speck' },
  { name: 'means', ink: 'quiet', dash: [], mark: null },
  { name: 'shrinkage', ink: 'quiet', dash: [], mark: null },
];
export const drawn = compared.filter(({ mark }) => mark);

/** The axis of windows, of which the logarithm is drawn. */
const WINDOWS = /** @type {const} */ ([100, 20_000]);

/**
 * Estimated against true weights. Only relative effects matter, so each estimator's are rescaled to the
 * spread of the weights, as they are when they become feedback weights.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {NeuronView} view
 * @param {number[]} weights
 */
export function draw_estimates(canvas, view, weights) {
  const points = drawn.map(({ name }) => {
    const estimate = view.estimates.find(({ estimator }) => estimator === name);
    return rescaled(estimate?.effects ?? [], weights);
  });
  const reach = doubled(Math.max(...points.flat().map(([, effect]) => Math.abs(effect)), 5.5) * 1.03, 6);
  const plot = begin_plot(
    canvas,
    { range: [-4.8, 4.8], ticks: 5, title: 'true weight', format: (value) => signed(value, 0) },
    {
      range: [-Math.min(96, reach), Math.min(96, reach)],
      ticks: 5,
      title: 'Estimated, rescaled to the spread of the weights',
      format: (value) => signed(value, 0),
    },
  );
  if (!plot) return;
  const { context } = plot;
  cross_hairs(plot);
  // The true effect, as a line: it need not be straight.
  context.strokeStyle = color(canvas, 'ink');
  context.lineWidth = 1.5;
  curve(plot, rescaled(view.truth, weights));
  context.lineWidth = 2;
  for (const [index, { ink, mark }] of drawn.entries()) {
    context.strokeStyle = context.fillStyle = color(canvas, ink);
    if (mark) dots(plot, mark, mark === 'dot' ? 5 : 4.5, points[index]);
  }
  context.restore();
  const errors = view.estimates.flatMap(({ estimator, error }) =>
    drawn.some(({ name }) => name === estimator) ? `${estimator_names[estimator]} ${degrees(error)}` : [],
  );
  canvas.setAttribute(
    'aria-label',
    `Estimated against true weights. Angle between them: ${errors.join(', ')}.`,
  );
}

/**
 * The error of each estimator against the windows that it has seen.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Entry[]} history
 */
export function draw_errors(canvas, history) {
  const plot = begin_plot(
    canvas,
    {
      range: [Math.log10(WINDOWS[0]), Math.log10(WINDOWS[1])],
      ticks: [2, 3, 4],
      title: 'windows',
      format: (value) => count(10 ** value),
    },
    {
      range: [0, 100],
      ticks: [0, 30, 60, 90],
      title: 'Error: angle to the true weights',
      format: (value) => `${value}°`,
    },
  );
  if (!plot) return;
  const { context } = plot;
  level(plot, 90, 'chance');
  for (const { name, ink, dash } of drawn) {
    context.strokeStyle = color(canvas, ink);
    context.setLineDash(dash);
    context.lineWidth = name === 'gradient' ? 1.75 : 2.5;
    curve(
      plot,
      history.map(({ windows, errors }) => [Math.log10(windows), errors.get(name) ?? 90]),
    );
  }
  context.restore();
  const last = history.at(-1);
  const said = drawn.map(({ name }) => `${estimator_names[name]} ${degrees(last?.errors.get(name) ?? 90)}`);
  canvas.setAttribute(
    'aria-label',
    last
      ? `Error against windows, on a logarithmic axis. After ${count(last.windows)}: ${said.join(', ')}.`
      : 'Error against windows: nothing measured yet.',
  );
}

/**
 * Each weight with its effect, rescaled to the standard deviation of the weights.
 *
 * @param {number[]} effects
 * @param {number[]} weights
 * @returns {[number, number][]}
 */
function rescaled(effects, weights) {
  const scale = deviation(weights) / deviation(effects);
  return Number.isFinite(scale) ? effects.map((effect, index) => [weights[index], effect * scale]) : [];
}
