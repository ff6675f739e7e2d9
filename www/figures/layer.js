/**
 * A layer aligns: the spikes of a driven population and of the one above it, and the causal effects,
 * which become the feedback weights.
 *
 * @import { LayerMeasurement, LayerView, Raster } from '../../pkg/spikealign.js'
 * @import { Figure } from './running_figure.js'
 */
import { color } from '../base/colors.js';
import { element, set_text } from '../base/dom.js';
import { decimal, layer_title, percent } from '../base/format.js';
import { measured } from '../base/measured.js';
import { align, begin_plot, curve, haloed, level, line, picture } from '../plot/axes.js';
import { spread_out, ticks } from '../plot/scale.js';
import { draw_pairs, pairs_of } from '../plot/scatter.js';
import { deviation, same_sign } from '../plot/statistics.js';
import { estimator_choice } from './estimators.js';
import { question } from './question.js';
import { reading } from './readings.js';
import { running_figure } from './running_figure.js';

/** The pairs of layers, each with its own line. */
const names = ['512→128', '128→64', '64→10'];
const dashes = [[], [7, 4], [2, 3]];
/** Simulated milliseconds for each layer pair, and in all. */
const PER_PAIR = 30_000;
const LIMIT = names.length * PER_PAIR;
/** The share of signs that the question asks for. */
const MOSTLY = 0.75;
/** Steps of the rasters that are shown. */
const SHOWN = 400;
/** Connections in the scatter. */
const MOST = 2_500;

/** @typedef {{ pair: number, weights: Float32Array }} Sample */

/**
 * @param {HTMLElement} root
 * @param {{ seed?: number, estimator?: string }} [start]
 * @returns {Figure}
 */
export function layer(root, { seed = 1, estimator = 'gradient' } = {}) {
  const scene = { estimator, seed };
  /** @type {LayerView | null} */
  let view = null;
  /** @type {LayerMeasurement[]} */
  let measurements = [];
  /** @type {Sample | null} */
  let sample = null;
  const raster = picture('raster', 'Spikes');
  const scatter = picture('scatter', 'Causal effects against forward weights');
  const course = picture('course', 'Sign agreement against seconds of drive');
  const readings = names.map((name) => reading(layer_title(name)));

  const { simulation, controls, failure, restart, begin } = running_figure(root, {
    scene: { kind: 'layer', scene },
    title: 'A layer aligns',
    drawn: 'layer_draw',
    limit: LIMIT,
    pause: 40,
    take(answer) {
      view = /** @type {LayerView} */ (answer.view);
      measurements.push(...view.measurements);
      if (answer.weights) sample = { pair: view.pair, weights: answer.weights };
      if (view.steps >= LIMIT) asked.answer(when_found(measurements));
    },
    give_up: () => asked.answer(''),
    forget() {
      measurements = [];
      sample = null;
      asked.forget();
    },
    draw() {
      if (!view) return;
      draw_raster(raster, view);
      draw_scatter(scatter, sample);
      draw_course(course, measurements);
      for (const [pair, { value }] of readings.entries()) set_text(value, latest(measurements, pair, '–'));
    },
  });
  simulation.connections = MOST;

  const asked = question('Which layer is found first?', () => simulation.seek(LIMIT));
  const choice = estimator_choice('layer_estimator', estimator, (name) => {
    scene.estimator = name;
    restart();
  });
  root.classList.add('figure', 'layer-figure');
  root.append(
    failure,
    element('div', { class: 'pictures' }, raster, scatter, course),
    element('dl', { class: 'readings' }, ...readings.map(({ root }) => root)),
    asked.root,
    element('div', { class: 'sliders' }, choice),
    controls,
  );
  begin();
  return { simulation };
}

/**
 * The sign agreement of a pair of layers.
 *
 * @param {LayerMeasurement[]} measurements
 * @param {number} pair
 * @param {string} otherwise
 */
function latest(measurements, pair, otherwise) {
  const last = measurements.findLast((measurement) => measurement.pair === pair);
  return last ? percent(signs(last)) : otherwise;
}

/**
 * After how many seconds most signs of each pair of layers agreed.
 *
 * @param {LayerMeasurement[]} measurements
 */
function when_found(measurements) {
  const said = names.map((name, pair) => {
    const found = measurements.find((one) => one.pair === pair && signs(one) >= MOSTLY);
    const when = found ? `after ${decimal(found.seconds, 1)} s` : `not after ${PER_PAIR / 1000} s`;
    return `${layer_title(name)} ${when} (in the end ${latest(measurements, pair, '–')})`;
  });
  return `${100 * MOSTLY}% of the signs agree: ${said.join('; ')}.`;
}

/** @param {LayerMeasurement} measurement */
const signs = ({ alignment }) => measured(alignment, 'sign_agreement') ?? NaN;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {LayerView} view
 */
function draw_raster(canvas, { steps, sizes: [lower, upper], rasters }) {
  const last = Math.max(steps, SHOWN);
  const first = last - SHOWN;
  // Each population has its own height, whatever its size.
  const gap = 0.08;
  const plot = begin_plot(
    canvas,
    {
      range: [first, last],
      ticks: ticks([first + 25, last - 25], 4),
      title: 'time (s)',
      format: (value) => decimal(value / 1000, 1),
    },
    {
      range: [0, 2 + gap],
      ticks: [],
      title: `Spikes: ${upper} neurons above, ${lower} driven neurons below`,
    },
    { left: 4 },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  context.strokeStyle = color(canvas, 'rule');
  line(context, box.left, y(1 + gap / 2), box.right, y(1 + gap / 2));
  const draw = (/** @type {Raster} */ raster, /** @type {number} */ size, /** @type {number} */ base) => {
    const height = Math.max(1, (y(0) - y(1)) / size);
    for (let index = 0; index < raster.steps.length; index++) {
      const top = y(base + ((raster.neurons[index] ?? 0) + 1) / size);
      context.fillRect(x(raster.steps[index] ?? 0) - 1, top, 1.5, height);
    }
  };
  context.fillStyle = color(canvas, 'spiked');
  draw(rasters[0], lower, 0);
  context.fillStyle = color(canvas, 'ink');
  draw(rasters[1], upper, 1 + gap);
  context.restore();
  canvas.setAttribute(
    'aria-label',
    `Raster of the last ${SHOWN} ms: ${rasters[0].steps.length} spikes of ${lower} driven neurons, ` +
      `${rasters[1].steps.length} of the ${upper} neurons above.`,
  );
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Sample | null} sample
 */
function draw_scatter(canvas, sample) {
  const name = layer_title(names[sample?.pair ?? 0]);
  const pairs = pairs_of(sample?.weights);
  const largest = pairs.forward.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 0.95 || 1;
  // Where three standard deviations reach the edge.
  const reach = 3 * deviation(pairs.feedback) || 1;
  const plot = begin_plot(
    canvas,
    { range: [-largest, largest], ticks: [], title: 'forward weight' },
    { range: [-reach, reach], ticks: [], title: `Estimated causal effect, ${name}` },
    { left: 4, bottom: 20 },
  );
  if (!plot) return;
  draw_pairs(plot, pairs, 'green');
  plot.context.restore();
  const share = same_sign(pairs.forward, pairs.feedback);
  canvas.setAttribute(
    'aria-label',
    `Causal effects against forward weights of ${name}: ` +
      (Number.isNaN(share) ? 'nothing measured yet.' : `same sign ${percent(share)} of those drawn.`),
  );
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {LayerMeasurement[]} measurements
 */
function draw_course(canvas, measurements) {
  const plot = begin_plot(
    canvas,
    { range: [0, PER_PAIR / 1000], ticks: 4, title: 'seconds of drive for each layer' },
    {
      range: [0.45, 1],
      ticks: 6,
      title: 'Weights whose sign agrees',
      format: (value) => `${Math.round(100 * value)}%`,
    },
    { right: 78 },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  level(plot, 0.5, 'chance');
  const ends = [];
  context.strokeStyle = color(canvas, 'green');
  context.lineWidth = 2.5;
  for (const [pair, name] of names.entries()) {
    const own = measurements.filter((measurement) => measurement.pair === pair);
    const end = own.at(-1);
    if (!end) continue;
    context.setLineDash(dashes[pair]);
    /** @type {[number, number][]} */
    const points = own.map((one) => [one.seconds, signs(one)]);
    curve(plot, [[0, 0.5], ...points]);
    ends.push({ text: layer_title(name), x: x(end.seconds), y: y(signs(end)) });
  }
  context.restore();
  context.fillStyle = color(canvas, 'green');
  align(context, 'left', 'middle');
  for (const { label, y } of spread_out(ends, 15, box.top, box.bottom)) {
    haloed(context, canvas, label.text, label.x + 5, y);
  }
  const said = names.map((name, pair) => `${layer_title(name)} ${latest(measurements, pair, 'not yet')}`);
  canvas.setAttribute('aria-label', `Sign agreement against seconds of drive: ${said.join(', ')}.`);
}
