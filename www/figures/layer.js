/**
 * A layer aligns: the spikes of a driven population and of the one above it, and the causal effects
 * that turn into the weights.
 *
 * @import { LayerMeasurement, LayerView, Raster } from '../../pkg/spikealign.js'
 */
import { color } from '../base/colors.js';
import { element, set_text } from '../base/dom.js';
import { decimal, layer_title, percent } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { complaint } from './complaint.js';
import { estimator_names } from './neuron.js';
import { playback } from './playback.js';
import { begin_plot, line, picture } from '../plot/plot.js';
import { Simulation } from './simulation.js';

/** @import { EstimatorName } from '../../pkg/spikealign.js' */

/** Simulated milliseconds for each layer pair, and in all. */
const PER_PAIR = 30_000;
const LIMIT = 3 * PER_PAIR;
/** Steps of the rasters that are shown. */
const SHOWN = 400;
/** Connections in the scatter. */
const MOST = 2_500;

const names = ['512→128', '128→64', '64→10'];
/** How each layer pair is drawn, wherever it is. */
const looks = [
  { dash: [], width: 2.5 },
  { dash: [7, 4], width: 2.25 },
  { dash: [2, 3], width: 2.25 },
];

/**
 * @param {HTMLElement} root
 * @param {{ seed?: number, estimator?: EstimatorName }} [start]
 */
export function layer(root, { seed = 1, estimator = 'gradient' } = {}) {
  const scene = { estimator, seed };
  /** @type {LayerView | null} */
  let view = null;
  /** @type {LayerMeasurement[]} */
  let measurements = [];
  /** @type {{ pair: number, weights: Float32Array } | null} */
  let sample = null;

  const raster = picture('raster', 'Spikes');
  const scatter = picture('scatter', 'Causal effects against forward weights');
  const course = picture('course', 'Sign agreement against seconds of drive');
  const readings = names.map((name) => {
    const value = element('dd', {}, '–');
    return { root: element('div', {}, element('dt', {}, layer_title(name)), value), value };
  });
  const failure = complaint();

  const simulation = new Simulation(root, { kind: 'layer', layer: scene }, LIMIT, {
    show(next, { restarted, weights }) {
      view = /** @type {LayerView} */ (next);
      measurements = restarted ? view.measurements : [...measurements, ...view.measurements];
      if (weights) sample = { pair: view.pair, weights };
      draw();
    },
    change: () => controls.show(),
    fail: failure.show,
  });
  simulation.connections = MOST;
  const controls = playback(simulation, 'A layer aligns', { name: 'layer_draw', seed }, (draw) => {
    scene.seed = draw;
    restart();
  });
  const choice = element(
    'select',
    { name: 'layer_estimator' },
    ...Object.entries(estimator_names).map(([name, text]) =>
      element('option', { value: name, selected: name === estimator }, text),
    ),
  );
  choice.addEventListener('change', () => {
    scene.estimator = /** @type {EstimatorName} */ (choice.value);
    restart();
  });

  root.classList.add('figure', 'layer-figure');
  root.append(
    failure.root,
    element('div', { class: 'pictures' }, raster, scatter, course),
    element('dl', { class: 'readings' }, ...readings.map(({ root }) => root)),
    element(
      'div',
      { class: 'sliders' },
      element('label', { class: 'choice' }, element('span', {}, 'Estimator'), choice),
    ),
    controls.root,
  );

  root.dataset.seed = String(scene.seed);
  const draw = drawing(
    root,
    () => {
      if (view) {
        draw_raster(raster, view);
        draw_scatter(scatter, sample);
        draw_course(course, measurements);
      }
      for (const [pair, { value }] of readings.entries()) {
        const last = measurements.findLast((measurement) => measurement.pair === pair);
        set_text(value, last ? percent(last.alignment.sign_agreement) : '–');
      }
      controls.show();
    },
    40,
  );
  on_new_looks(root, draw);
  controls.show();
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) simulation.play();

  function restart() {
    failure.clear();
    root.dataset.seed = String(scene.seed);
    measurements = [];
    sample = null;
    simulation.set_scene({ kind: 'layer', layer: structuredClone(scene) });
    simulation.play();
  }

  return simulation;
}

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
      ticks: [first + 50, first + 150, first + 250, first + 350],
      title: 'time (s)',
      format: (value) => decimal(value / 1000, 2),
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
 * @param {{ pair: number, weights: Float32Array } | null} sample
 */
function draw_scatter(canvas, sample) {
  const name = layer_title(names[sample?.pair ?? 0] ?? '');
  const plot = begin_plot(
    canvas,
    { range: [-1, 1], ticks: [], title: 'forward weight' },
    { range: [-1, 1], ticks: [], title: `Estimated causal effect, ${name}` },
    { left: 4, bottom: 20 },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  context.fillStyle = color(canvas, 'shade');
  context.fillRect(x(0), box.top, box.right - x(0), y(0) - box.top);
  context.fillRect(box.left, y(0), x(0) - box.left, box.bottom - y(0));
  context.strokeStyle = color(canvas, 'rule');
  line(context, box.left, y(0), box.right, y(0));
  line(context, x(0), box.top, x(0), box.bottom);
  const weights = sample?.weights ?? new Float32Array();
  let [largest, squares, agreeing, measured] = [0, 0, 0, 0];
  for (let index = 0; index + 1 < weights.length; index += 2) {
    const [forward, effect] = [weights[index] ?? 0, weights[index + 1] ?? 0];
    largest = Math.max(largest, Math.abs(forward));
    squares += effect * effect;
    measured += Number(effect !== 0);
    agreeing += Number(forward * effect > 0);
  }
  // Where three standard deviations reach the edge.
  const reach = 3 * Math.sqrt(squares / Math.max(1, weights.length / 2)) || 1;
  for (const agree of [false, true]) {
    context.fillStyle = color(canvas, agree ? 'rdd' : 'opposed');
    context.globalAlpha = 0.55;
    for (let index = 0; index + 1 < weights.length; index += 2) {
      const [forward, effect] = [weights[index] ?? 0, weights[index + 1] ?? 0];
      if (forward * effect > 0 !== agree) continue;
      context.fillRect(x((0.95 * forward) / largest) - 1, y(effect / reach) - 1, 2, 2);
    }
  }
  context.globalAlpha = 1;
  context.restore();
  const share = measured > 0 ? percent(agreeing / measured) : 'nothing measured yet';
  canvas.setAttribute('aria-label', `Causal effects against forward weights of ${name}: same sign ${share}.`);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {LayerMeasurement[]} measurements
 */
function draw_course(canvas, measurements) {
  const plot = begin_plot(
    canvas,
    { range: [0, PER_PAIR / 1000], ticks: [0, 10, 20, 30], title: 'seconds of drive for each layer' },
    {
      range: [0.45, 1],
      ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1],
      title: 'Weights whose sign agrees',
      format: (value) => `${Math.round(100 * value)} %`,
    },
    { right: 78 },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  context.strokeStyle = color(canvas, 'quiet');
  line(context, box.left, y(0.5), box.right, y(0.5));
  const ends = [];
  for (const [pair, { dash, width }] of looks.entries()) {
    context.strokeStyle = color(canvas, 'rdd');
    context.setLineDash(dash);
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x(0), y(0.5));
    let end = null;
    for (const measurement of measurements) {
      if (measurement.pair !== pair) continue;
      end = measurement;
      context.lineTo(x(measurement.seconds), y(measurement.alignment.sign_agreement));
    }
    if (!end) continue;
    context.stroke();
    ends.push({
      text: layer_title(names[pair] ?? ''),
      x: x(end.seconds),
      y: y(end.alignment.sign_agreement),
    });
  }
  context.restore();
  context.fillStyle = color(canvas, 'rdd');
  context.font = '600 12px system-ui, sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  // From the top down, each below the one before.
  let last = -Infinity;
  for (const { text, x, y } of ends.sort((a, b) => a.y - b.y)) {
    last = Math.max(y, last + 15);
    context.fillText(text, x + 5, last);
  }
  const said = names.map((name, pair) => {
    const last = measurements.findLast((measurement) => measurement.pair === pair);
    return `${layer_title(name)} ${last ? percent(last.alignment.sign_agreement) : 'not yet'}`;
  });
  canvas.setAttribute('aria-label', `Sign agreement against seconds of drive: ${said.join(', ')}.`);
}
