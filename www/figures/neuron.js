/**
 * One neuron at its threshold: what happens to it, and what it learns from its windows.
 *
 * @import { NeuronEvent, NeuronView } from '../../pkg/spikealign.js'
 * @import { Figure } from './running_figure.js'
 */
import { element, set_text } from '../base/dom.js';
import { count, decimal, signed } from '../base/format.js';
import { picture } from '../plot/axes.js';
import { dials, window_estimators } from '../settings/views.js';
import { estimator_choice } from './estimators.js';
import { draw_events, draw_feedback } from './neuron_drawing.js';
import { slider } from './playback.js';
import { question } from './question.js';
import { key_entry, reading } from './readings.js';
import { running_figure } from './running_figure.js';
import { draw_trace } from './trace_drawing.js';

/** Events that are drawn: the last ones. */
const MOST_EVENTS = 1_500;
/** Simulated milliseconds after which the figure ends. */
const LIMIT = 1_000_000;
/** After a change the figure goes on from here, with 300 windows, so that there is a jump to see. */
const SETTLED = 23_000;

/**
 * @param {HTMLElement} root
 * @param {{ seed?: number }} [start]
 * @returns {Figure}
 */
export function neuron(root, { seed = 1 } = {}) {
  const scene = {
    weights: [dials.neuron_weight.value],
    noise: dials.neuron_noise.value,
    confounding: 0,
    seed,
  };
  let estimator = 'least-squares';
  /** @type {NeuronView | null} */
  let view = null;
  /** @type {NeuronEvent[]} */
  let events = [];
  const shown = pictures();

  const { simulation, controls, failure, restart, draw, begin } = running_figure(root, {
    scene: { kind: 'neuron', scene },
    title: 'One neuron at its threshold',
    drawn: 'neuron_draw',
    limit: LIMIT,
    take(answer) {
      view = /** @type {NeuronView} */ (answer.view);
      events = [...events, ...view.events].slice(-MOST_EVENTS);
      if (view.steps >= SETTLED) asked.answer(whether_it_follows(view, scene.weights[0]));
    },
    give_up: () => asked.answer(''),
    forget() {
      events = [];
      asked.forget();
    },
    draw: () => view && shown.draw(view, events, estimator, scene.weights[0]),
  });

  const begin_again = () => {
    restart();
    simulation.seek(SETTLED);
  };
  const weights = slider(
    'True weight',
    { ...dials.neuron_weight, name: 'neuron_weight', say: (value) => signed(value, 1) },
    (value) => {
      scene.weights = [value];
      begin_again();
    },
  );
  const noise = slider(
    'Noise from its neighbours',
    { ...dials.neuron_noise, name: 'neuron_noise', say: (value) => `${value} Hz` },
    (value) => {
      scene.noise = value;
      begin_again();
    },
  );
  const look_at = (/** @type {number} */ weight) => {
    const { min, max } = dials.neuron_weight;
    const near = Math.max(min, Math.min(max, weight));
    weights.set(near);
    scene.weights = [near];
    begin_again();
  };
  const asked = question('Turn the weight around: does the jump follow?', () =>
    look_at(-scene.weights[0] || dials.neuron_weight.value),
  );
  const choose = (/** @type {string} */ name) => {
    estimator = name;
    draw();
  };
  const choice = estimator_choice('neuron_estimator', estimator, choose, window_estimators);
  root.classList.add('figure', 'neuron');
  root.append(
    failure,
    shown.root,
    asked.root,
    element('div', { class: 'sliders' }, weights.root, noise.root, choice),
    controls,
  );
  begin();
  return { simulation, look_at };
}

/**
 * Compares the sign of the jump between the fitted lines with that of the weight.
 *
 * @param {NeuronView} view
 * @param {number} weight
 */
function whether_it_follows({ estimates, truth, standard_errors, windows: [silent, spiked] }, weight) {
  const jump = estimates.find(({ estimator }) => estimator === 'least-squares')?.effects[0] ?? 0;
  const [reach, reach_of_truth] = standard_errors.map((error) => 2 * error);
  const verdict =
    Math.abs(jump) <= reach
      ? 'its sign is not certain yet'
      : `it has the ${Math.sign(jump) === Math.sign(weight) ? 'sign of the weight' : 'wrong sign'}`;
  return (
    `With a weight of ${signed(weight, 1)}, after ${count(silent + spiked)} windows, the jump is ` +
    `${signed(jump, 3)}${plus_minus(reach)}: ${verdict}. The true effect is ` +
    `${signed(truth[0] ?? 0, 3)}${plus_minus(reach_of_truth)}.`
  );
}

/** The three pictures, with their key and readings. */
function pictures() {
  const trace = picture('trace', 'Membrane potential');
  const feedback = picture('feedback', 'Feedback');
  const windows = picture('events', 'Change of feedback against largest drive');
  const jump = reading('jump');
  const truth = reading('true effect');
  const size = reading('weight');
  const number = reading('windows');
  const key = element(
    'ul',
    { class: 'key' },
    key_entry('potential', 'membrane potential'),
    key_entry('drive', 'drive, as if it never spiked'),
    key_entry('window', 'window'),
    key_entry('spike', 'spike'),
  );
  const readings = element('dl', { class: 'readings' }, jump.root, truth.root, size.root, number.root);
  return {
    root: element(
      'div',
      { class: 'pictures' },
      element('div', { class: 'course' }, trace, feedback, key),
      element('div', { class: 'windows' }, windows, readings),
    ),
    /**
     * @param {NeuronView} view
     * @param {NeuronEvent[]} events
     * @param {string} estimator
     * @param {number} weight
     */
    draw(view, events, estimator, weight) {
      const estimate = view.estimates.find((estimate) => estimate.estimator === estimator);
      const reaches = view.standard_errors.map((error) => 2 * error);
      // What is known of other estimators does not say how certain they are.
      if (estimator !== 'least-squares') reaches[0] = NaN;
      const [found, effect] = [estimate?.effects[0] ?? 0, view.truth[0] ?? 0].map(
        (value, index) => signed(value, 3) + plus_minus(reaches[index] ?? NaN),
      );
      const [silent, spiked] = view.windows;
      draw_trace(trace, view.trace, view.steps);
      draw_feedback(feedback, view.trace, view.steps);
      draw_events(windows, events, estimate, view.truth[0] ?? 0, reaches);
      set_text(jump.value, found);
      set_text(truth.value, effect);
      set_text(size.value, signed(weight, 1));
      set_text(number.value, `${count(spiked)} with, ${count(silent)} without a spike`);
      windows.setAttribute(
        'aria-label',
        `Change of feedback against largest drive, one dot a window. Jump at the threshold ${found}, ` +
          `true effect ${effect}, from ${count(silent + spiked)} windows.`,
      );
    },
  };
}

/** How far a value may be off, after it. @param {number} reach */
function plus_minus(reach) {
  return Number.isFinite(reach) ? ` ± ${decimal(reach, 3)}` : '';
}
