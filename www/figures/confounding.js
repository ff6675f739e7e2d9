/**
 * Why correlation is not enough: one neuron, eight neurons above it, and a source that drives it and
 * its neighbours together.
 *
 * @import { EstimatorName, NeuronView } from '../../pkg/spikealign.js'
 */
import { color } from '../base/colors.js';
import { element, set_text, svg_element } from '../base/dom.js';
import { count, percent, signed } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { dials } from '../settings/views.js';
import { complaint } from './complaint.js';
import { estimator_names } from './neuron.js';
import { playback, slider } from './playback.js';
import { begin_plot, line, picture, round_ticks } from '../plot/plot.js';
import { Simulation } from './simulation.js';
import { angle, deviation } from '../plot/statistics.js';

/** Weights to the neurons above. */
const WEIGHTS = [-4, -3, -2, -1, 1, 2, 3, 4];
/** Simulated milliseconds after which the figure ends. */
const LIMIT = 1_000_000;
/** Windows between two entries of the history, and after so many, ever more. */
const EVERY = 20;

/**
 * The estimators that are compared, each with its own mark, line and colour.
 *
 * @type {{ name: EstimatorName, color: string, dash: number[], mark: 'cross' | 'ring' | 'dot' | null }[]}
 */
const compared = [
  { name: 'observed', color: 'fooled', dash: [7, 4], mark: 'cross' },
  { name: 'gradient', color: 'quiet', dash: [2, 3], mark: 'ring' },
  { name: 'least-squares', color: 'accent', dash: [], mark: 'dot' },
  { name: 'means', color: 'quiet', dash: [], mark: null },
  { name: 'shrinkage', color: 'quiet', dash: [], mark: null },
];
const drawn = compared.filter(({ mark }) => mark);

/** @typedef {{ steps: number, windows: number, errors: Map<EstimatorName, number> }} Entry */

/**
 * @param {HTMLElement} root
 * @param {{ confounding?: number, seed?: number }} [start]
 */
export function confounding(root, { confounding = dials.confounding_shared.value, seed = 1 } = {}) {
  const scene = { weights: WEIGHTS, noise: 200, confounding, seed };
  /** @type {NeuronView | null} */
  let view = null;
  /** @type {Entry[]} */
  let history = [];

  const scatter = picture('estimates', 'Estimated against true weights');
  const course = picture('errors', 'Error against windows');
  const failure = complaint();
  const rows = new Map(compared.map(({ name }) => [name, row(name)]));
  const windows = element('caption', {}, 'No windows yet');

  const simulation = new Simulation(root, { kind: 'neuron', neuron: scene }, LIMIT, {
    show(next, { restarted }) {
      view = /** @type {NeuronView} */ (next);
      const now = view.steps;
      if (restarted) history = history.filter(({ steps }) => steps <= now);
      remember(view);
      draw();
    },
    change: () => controls.show(),
    fail: failure.show,
  });
  simulation.speed = Infinity;
  const controls = playback(
    simulation,
    'Correlation against discontinuity',
    { name: 'confounding_draw', seed },
    (draw) => {
      scene.seed = draw;
      restart();
    },
  );
  const shared = slider(
    'Input that its exciting neighbours share',
    {
      ...dials.confounding_shared,
      name: 'confounding_shared',
      value: confounding,
      say: (value) => percent(value).replace('.0', ''),
    },
    (value) => {
      scene.confounding = value;
      restart();
    },
  );

  root.classList.add('figure', 'confounding');
  root.append(
    failure.root,
    element('div', { class: 'pictures' }, element('div', {}, scatter, key()), element('div', {}, course)),
    element('div', { class: 'sliders' }, shared.root),
    controls.root,
    element(
      'div',
      { class: 'table-box' },
      element(
        'table',
        { class: 'numbers' },
        windows,
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', { scope: 'col' }, 'Estimator'),
            element('th', { scope: 'col' }, 'Error now'),
            element('th', { scope: 'col' }, 'Below a third of the correlation’s since'),
          ),
        ),
        element('tbody', {}, ...[...rows.values()].map(({ root }) => root)),
      ),
    ),
  );

  root.dataset.seed = String(scene.seed);
  const draw = drawing(
    root,
    () => {
      if (view) draw_view(view);
      controls.show();
    },
    50,
  );
  on_new_looks(root, draw);
  controls.show();
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) simulation.play();

  function restart() {
    failure.clear();
    root.dataset.seed = String(scene.seed);
    history = [];
    simulation.set_scene({ kind: 'neuron', neuron: structuredClone(scene) });
    simulation.play();
  }

  /** @param {NeuronView} view */
  function remember(view) {
    const total = view.windows[0] + view.windows[1];
    const last = history.at(-1)?.windows ?? 0;
    if (total < last + Math.max(EVERY, 0.02 * last)) return;
    const errors = new Map(
      view.estimates.map(({ estimator, effects }) => [estimator, angle(effects, WEIGHTS)]),
    );
    history.push({ steps: view.steps, windows: total, errors });
  }

  /** @param {NeuronView} view */
  function draw_view(view) {
    const [silent, spiked] = view.windows;
    set_text(
      windows,
      `After ${count(silent + spiked)} windows: the angle between what is estimated and the true weights`,
    );
    draw_estimates(scatter, view);
    draw_errors(course, history);
    const errors = new Map(
      view.estimates.map(({ estimator, effects }) => [estimator, angle(effects, WEIGHTS)]),
    );
    for (const [name, { now, since }] of rows) {
      set_text(now, degrees(errors.get(name)));
      set_text(since, name === 'observed' ? '' : earned(history, name));
    }
  }

  return simulation;
}

/** @param {EstimatorName} name */
function row(name) {
  const now = element('td', { 'data-error': name }, '–');
  const since = element('td', {}, '–');
  return {
    root: element('tr', {}, element('th', { scope: 'row' }, estimator_names[name]), now, since),
    now,
    since,
  };
}

function key() {
  const entries = drawn.map(({ name, mark }) =>
    element(
      'li',
      {},
      mark === 'cross' ? cross() : element('span', { class: `mark ${mark}`, 'aria-hidden': 'true' }),
      estimator_names[name],
    ),
  );
  const truth = element('span', { class: 'mark line', 'aria-hidden': 'true' });
  return element('ul', { class: 'key' }, ...entries, element('li', {}, truth, 'true effect'));
}

function cross() {
  const svg = svg_element('svg', { viewBox: '0 0 10 10', class: 'mark cross' });
  svg.setAttribute('aria-hidden', 'true');
  svg.append(svg_element('path', { d: 'M1 1L9 9M1 9L9 1' }));
  return svg;
}

/**
 * After how many windows an estimator's error stayed below a third of the correlation's.
 *
 * @param {Entry[]} history
 * @param {EstimatorName} name
 */
function earned(history, name) {
  const earns = (/** @type {Entry} */ { errors }) =>
    3 * (errors.get(name) ?? Infinity) <= (errors.get('observed') ?? 0);
  const before = history.findLastIndex((entry) => !earns(entry));
  const since = history[before + 1];
  return since ? `${count(since.windows)} windows` : 'not yet';
}

/**
 * Estimated against true weights. Only relative effects matter, so each estimator's are rescaled to the
 * spread of the weights, as they are when they become feedback weights.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {NeuronView} view
 */
function draw_estimates(canvas, view) {
  const shown = view.estimates.filter(({ estimator }) => drawn.some(({ name }) => name === estimator));
  const largest = Math.max(...shown.flatMap(({ effects }) => rescaled(effects)).map(Math.abs), 5.5);
  // In steps, so that the axis seldom moves.
  const reach = 6 * 2 ** Math.min(4, Math.ceil(Math.log2(largest / 5.8)));
  const plot = begin_plot(
    canvas,
    {
      range: [-4.8, 4.8],
      ticks: [-4, -2, 0, 2, 4],
      title: 'true weight',
      format: (value) => signed(value, 0),
    },
    {
      range: [-reach, reach],
      ticks: round_ticks([-reach, reach], 5),
      title: 'Estimated, rescaled to the spread of the weights',
      format: (value) => signed(value, 0),
    },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  context.strokeStyle = color(canvas, 'rule');
  context.lineWidth = 1;
  line(context, box.left, y(0), box.right, y(0));
  line(context, x(0), box.top, x(0), box.bottom);
  // The true effect, as a line: it need not be straight.
  context.strokeStyle = color(canvas, 'ink');
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [index, effect] of rescaled(view.truth).entries()) {
    context.lineTo(x(WEIGHTS[index] ?? 0), y(effect));
  }
  context.stroke();
  for (const { name, color: ink, mark } of drawn) {
    const estimate = view.estimates.find(({ estimator }) => estimator === name);
    context.strokeStyle = color(canvas, ink);
    context.fillStyle = color(canvas, ink);
    context.lineWidth = 2;
    for (const [index, effect] of rescaled(estimate?.effects ?? []).entries()) {
      draw_mark(context, mark, x(WEIGHTS[index] ?? 0), y(effect));
    }
  }
  context.restore();
  const errors = drawn.map(({ name }) => {
    const effects = view.estimates.find(({ estimator }) => estimator === name)?.effects ?? [];
    return `${estimator_names[name]} ${degrees(angle(effects, WEIGHTS))}`;
  });
  canvas.setAttribute(
    'aria-label',
    `Estimated against true weights. Angle between them: ${errors.join(', ')}.`,
  );
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {'cross' | 'ring' | 'dot' | null} mark
 * @param {number} x
 * @param {number} y
 */
function draw_mark(context, mark, x, y) {
  if (mark === 'cross') {
    line(context, x - 4.5, y - 4.5, x + 4.5, y + 4.5);
    line(context, x - 4.5, y + 4.5, x + 4.5, y - 4.5);
    return;
  }
  context.beginPath();
  context.arc(x, y, mark === 'dot' ? 5 : 4.5, 0, 2 * Math.PI);
  if (mark === 'dot') context.fill();
  else context.stroke();
}

/**
 * The error of each estimator against the windows that it has seen.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Entry[]} history
 */
function draw_errors(canvas, history) {
  const reach = Math.log10(20_000);
  const plot = begin_plot(
    canvas,
    {
      range: [Math.log10(5 * EVERY), reach],
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
  const { context, x, y, box } = plot;
  context.strokeStyle = color(canvas, 'quiet');
  context.fillStyle = color(canvas, 'quiet');
  line(context, box.left, y(90), box.right, y(90));
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillText('chance', box.left + 4, y(90) - 2);
  for (const { name, color: ink, dash } of drawn) {
    context.strokeStyle = color(canvas, ink);
    context.setLineDash(dash);
    context.lineWidth = name === 'gradient' ? 1.75 : 2.5;
    context.beginPath();
    for (const { windows, errors } of history) {
      context.lineTo(x(Math.log10(windows)), y(errors.get(name) ?? 90));
    }
    context.stroke();
  }
  context.restore();
  const last = history.at(-1);
  canvas.setAttribute(
    'aria-label',
    last
      ? `Error against windows, on a logarithmic axis. After ${count(last.windows)}: ` +
          `${drawn.map(({ name }) => `${estimator_names[name]} ${degrees(last.errors.get(name))}`).join(', ')}.`
      : 'Error against windows: nothing measured yet.',
  );
}

/**
 * Rescales estimates to the standard deviation of the weights.
 *
 * @param {number[]} effects
 */
function rescaled(effects) {
  const scale = deviation(WEIGHTS) / deviation(effects);
  return Number.isFinite(scale) ? effects.map((effect) => effect * scale) : [];
}

/** @param {number | undefined} value */
function degrees(value) {
  return value === undefined ? '–' : `${value.toFixed(1)}°`;
}
