/**
 * Why correlation is not enough: one neuron, eight neurons above it, and a source that drives it and
 * its neighbours together.
 *
 * @import { NeuronView } from '../../pkg/spikealign.js'
 * @import { Entry } from './estimates.js'
 * @import { Figure } from './running_figure.js'
 */
import { element, set_text, svg_element } from '../base/dom.js';
import { count, degrees, percent } from '../base/format.js';
import { picture } from '../plot/axes.js';
import { dials } from '../settings/views.js';
import { compared, draw_errors, draw_estimates, drawn } from './estimates.js';
import { estimator_names } from './estimators.js';
import { slider } from './playback.js';
import { question } from './question.js';
import { running_figure } from './running_figure.js';

/** Weights to the neurons above. */
const WEIGHTS = [-4, -3, -2, -1, 1, 2, 3, 4];
/** Simulated milliseconds after which the figure ends. */
const LIMIT = 1_000_000;
/** Where the question is answered: after some 2,000 windows. */
const ANSWERED = 150_000;
const say_share = (/** @type {number} */ value) => percent(value).replace('.0', '');

/**
 * @param {HTMLElement} root
 * @param {{ seed?: number }} [start]
 * @returns {Figure}
 */
export function confounding(root, { seed = 1 } = {}) {
  const scene = { weights: WEIGHTS, noise: 200, confounding: dials.confounding_shared.value, seed };
  /** @type {NeuronView | null} */
  let view = null;
  /** @type {Entry[]} */
  let history = [];
  const estimates = picture('estimates', 'Estimated against true weights');
  const errors = picture('errors', 'Error against windows');
  const table = errors_table();

  const { simulation, controls, failure, restart, begin } = running_figure(root, {
    scene: { kind: 'neuron', scene },
    title: 'Correlation against discontinuity',
    drawn: 'confounding_draw',
    limit: LIMIT,
    pause: 50,
    take(answer) {
      view = /** @type {NeuronView} */ (answer.view);
      const names = view.estimates.map(({ estimator }) => estimator);
      for (const { windows, errors } of view.history) {
        history.push({ windows, errors: new Map(names.map((name, index) => [name, errors[index]])) });
      }
      if (view.steps >= ANSWERED) asked.answer(how_far_off(view, scene.confounding));
    },
    give_up: () => asked.answer(''),
    forget() {
      history = [];
      asked.forget();
    },
    draw() {
      if (!view) return;
      draw_estimates(estimates, view, WEIGHTS);
      draw_errors(errors, history);
      table.show(view, history);
    },
  });
  simulation.speed = Infinity;

  const shared = slider(
    'Input shared with exciting neighbours',
    {
      ...dials.confounding_shared,
      name: 'confounding_shared',
      say: say_share,
    },
    (value) => {
      scene.confounding = value;
      restart();
    },
  );
  const asked = question('Is it the common source?', () => {
    scene.confounding = scene.confounding > 0 ? 0 : dials.confounding_shared.value;
    shared.set(scene.confounding);
    restart();
    simulation.seek(ANSWERED);
  });
  root.classList.add('figure', 'confounding');
  root.append(
    failure,
    element('div', { class: 'pictures' }, element('div', {}, estimates, key()), element('div', {}, errors)),
    asked.root,
    element('div', { class: 'sliders' }, shared.root),
    controls,
    table.root,
  );
  begin();
  return { simulation };
}

/**
 * How far the estimators that are drawn are off, and which is best.
 *
 * @param {NeuronView} view
 * @param {number} share of the input that is shared
 */
function how_far_off({ estimates, windows: [silent, spiked] }, share) {
  const errors = drawn.map(({ name }) => ({
    name: estimator_names[name],
    error: estimates.find(({ estimator }) => estimator === name)?.error ?? NaN,
  }));
  const best = errors.reduce((best, other) => (other.error < best.error ? other : best));
  const said = errors.map(({ name, error }) => `${name} ${degrees(error)}`);
  return (
    `With ${say_share(share)} of the input shared, after ${count(silent + spiked)} windows, these are off by: ` +
    `${said.join('; ')}. The best: ${best.name}.`
  );
}

/** The errors as a table: an estimator a row. */
function errors_table() {
  const caption = element('caption', {}, 'No windows yet');
  const rows = compared.map(({ name }) => {
    const now = element('td', { 'data-error': name }, '–');
    const since = element('td', { 'data-since': name }, '–');
    const root = element('tr', {}, element('th', { scope: 'row' }, estimator_names[name]), now, since);
    return { name, root, now, since };
  });
  const headings = ['Estimator', 'Error now', 'Below a third of the error of correlation since'].map((text) =>
    element('th', { scope: 'col' }, text),
  );
  const table = element(
    'table',
    { class: 'numbers' },
    caption,
    element('thead', {}, element('tr', {}, ...headings)),
    element('tbody', {}, ...rows.map(({ root }) => root)),
  );
  return {
    root: element('div', { class: 'table-box' }, table),
    /** @param {NeuronView} view @param {Entry[]} history */
    show({ windows: [silent, spiked], estimates }, history) {
      set_text(
        caption,
        `After ${count(silent + spiked)} windows: the angle between the estimates and the true weights`,
      );
      for (const { name, now, since } of rows) {
        const estimate = estimates.find(({ estimator }) => estimator === name);
        set_text(now, estimate ? degrees(estimate.error) : '–');
        set_text(since, name === 'observed' ? '' : earned(history, name));
      }
    },
  };
}

/**
 * After how many windows an estimator's error stayed below a third of the correlation's.
 *
 * @param {Entry[]} history
 * @param {string} name
 */
function earned(history, name) {
  const before = history.findLastIndex(
    ({ errors }) => 3 * (errors.get(name) ?? Infinity) > (errors.get('observed') ?? 0),
  );
  const since = history[before + 1];
  return since ? `${count(since.windows)} windows` : 'not yet';
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
