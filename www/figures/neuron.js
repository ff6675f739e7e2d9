/**
 * One neuron at its threshold: what happens to it, and what it makes of its windows.
 *
 * @import { Estimate, EstimatorName, NeuronEvent, NeuronView, Trace } from '../../pkg/spikealign.js'
 */
import { color } from '../base/colors.js';
import { element, set_text } from '../base/dom.js';
import { count, decimal, signed } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { dials } from '../settings/views.js';
import { complaint } from './complaint.js';
import { playback, slider } from './playback.js';
import { begin_plot, curve, line, picture, round_ticks } from '../plot/plot.js';
import { Simulation } from './simulation.js';
import { deviation } from '../plot/statistics.js';

/** @import { Plot } from '../plot/plot.js' */

/** The threshold of the membrane potential. */
const THRESHOLD = 1;
/** Steps of the trace that are shown. */
const SHOWN = 600;
/** Events that are drawn: the last ones. */
const MOST_EVENTS = 1_500;
/** Simulated milliseconds after which the figure ends. */
const LIMIT = 1_000_000;
/** Largest drive in a window, as it is shown. */
const DRIVES = /** @type {[number, number]} */ ([0.72, 2.1]);
/** Width of a bin of windows with a spike; those without all lie within a tenth below the threshold. */
const BIN = 0.15;

/** @type {{ [name in EstimatorName]: string }} */
export const estimator_names = {
  'least-squares': 'two lines, fitted',
  gradient: 'two lines, small steps (the paper)',
  means: 'two means',
  shrinkage: 'two means, shrunken',
  observed: 'plain correlation',
};

/**
 * @param {HTMLElement} root
 * @param {{ weight?: number, seed?: number }} [start]
 */
export function neuron(root, { weight = dials.neuron_weight.value, seed = 1 } = {}) {
  const scene = { weights: [weight], noise: dials.neuron_noise.value, confounding: 0, seed };
  /** @type {EstimatorName} */
  let estimator = 'least-squares';
  /** @type {NeuronView | null} */
  let view = null;
  /** @type {NeuronEvent[]} */
  let events = [];

  const trace_canvas = picture('trace', 'Membrane potential');
  const feedback_canvas = picture('feedback', 'Feedback');
  const event_canvas = picture('events', 'Change of feedback against largest drive');
  const jump = reading('jump');
  const truth = reading('true effect');
  const size = reading('weight');
  const windows = reading('windows');
  const failure = complaint();

  const simulation = new Simulation(root, { kind: 'neuron', neuron: scene }, LIMIT, {
    show(next, { restarted }) {
      view = /** @type {NeuronView} */ (next);
      if (restarted) events = [];
      events = [...events, ...view.events].slice(-MOST_EVENTS);
      draw();
    },
    change: () => controls.show(),
    fail: failure.show,
  });
  const controls = playback(
    simulation,
    'One neuron at its threshold',
    { name: 'neuron_draw', seed },
    (draw) => {
      scene.seed = draw;
      restart();
    },
  );

  const weights = slider(
    'True weight',
    { ...dials.neuron_weight, name: 'neuron_weight', value: weight, say: (value) => signed(value, 1) },
    (value) => {
      scene.weights = [value];
      restart();
    },
  );
  const noise = slider(
    'Noise from its neighbours',
    { ...dials.neuron_noise, name: 'neuron_noise', say: (value) => `${value} Hz` },
    (value) => {
      scene.noise = value;
      restart();
    },
  );
  const choice = element(
    'select',
    { name: 'neuron_estimator' },
    ...Object.entries(estimator_names).map(([name, text]) => element('option', { value: name }, text)),
  );
  choice.addEventListener('change', () => {
    estimator = /** @type {EstimatorName} */ (choice.value);
    draw();
  });

  root.classList.add('figure', 'neuron');
  root.append(
    failure.root,
    element(
      'div',
      { class: 'pictures' },
      element('div', { class: 'course' }, trace_canvas, feedback_canvas, legend()),
      element(
        'div',
        { class: 'windows' },
        event_canvas,
        element('dl', { class: 'readings' }, jump.root, truth.root, size.root, windows.root),
      ),
    ),
    element(
      'div',
      { class: 'sliders' },
      weights.root,
      noise.root,
      element('label', { class: 'choice' }, element('span', {}, 'Estimator'), choice),
    ),
    controls.root,
  );

  root.dataset.seed = String(scene.seed);
  const draw = drawing(root, () => {
    if (view) draw_view(view);
    controls.show();
  });
  on_new_looks(root, draw);
  controls.show();
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) simulation.play();

  function restart() {
    failure.clear();
    root.dataset.seed = String(scene.seed);
    simulation.set_scene({ kind: 'neuron', neuron: structuredClone(scene) });
    simulation.play();
  }

  function estimate() {
    return view?.estimates.find((estimate) => estimate.estimator === estimator);
  }

  /** What the chosen estimator makes of the windows. */
  function effect() {
    return estimate()?.effects[0] ?? 0;
  }

  /** @param {NeuronView} view */
  function draw_view(view) {
    draw_trace(trace_canvas, view.trace, view.steps);
    draw_feedback(feedback_canvas, view.trace, view.steps);
    draw_events(event_canvas, events, estimate(), view.truth[0] ?? 0);
    set_text(jump.value, signed(effect(), 3));
    set_text(truth.value, signed(view.truth[0] ?? 0, 3));
    set_text(size.value, signed(scene.weights[0] ?? 0, 1));
    const [silent, spiked] = view.windows;
    set_text(windows.value, `${count(spiked)} with, ${count(silent)} without a spike`);
    event_canvas.setAttribute(
      'aria-label',
      `Change of feedback against largest drive, one dot a window. Jump at the threshold ` +
        `${signed(effect(), 3)}, true effect ${signed(view.truth[0] ?? 0, 3)}, ` +
        `from ${count(silent + spiked)} windows.`,
    );
  }

  return {
    simulation,
    /**
     * Begins again with another weight, within the range of its control.
     *
     * @param {number} value
     */
    look_at(value) {
      const { min, max } = dials.neuron_weight;
      const near = Math.max(min, Math.min(max, value));
      weights.set(near);
      scene.weights = [near];
      restart();
    },
  };
}

/** @param {string} name */
function reading(name) {
  const value = element('dd', {}, '–');
  return { root: element('div', { class: name.replace(' ', '-') }, element('dt', {}, name), value), value };
}

function legend() {
  const entry = (/** @type {string} */ kind, /** @type {string} */ text) =>
    element('li', {}, element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' }), text);
  return element(
    'ul',
    { class: 'key' },
    entry('potential', 'membrane potential'),
    entry('drive', 'drive, as if it never spiked'),
    entry('window', 'window'),
    entry('spike', 'spike'),
  );
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Trace} trace
 * @param {number} steps
 */
function draw_trace(canvas, trace, steps) {
  const plot = begin_plot(
    canvas,
    { ...time_axis(steps), ticks: [] },
    { range: [-1.15, 1.9], ticks: [-1, 0, 1], title: 'Membrane potential (threshold 1)' },
    { bottom: 8 },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  const at = (/** @type {number} */ index) => steps - trace.potential.length + index + 1;
  context.fillStyle = color(canvas, 'shade');
  for (let index = 0; index < trace.window.length; index++) {
    if (!trace.window[index]) continue;
    const left = x(at(index) - 1);
    context.fillRect(left, box.top, x(at(index)) - left + 0.5, box.bottom - box.top);
  }
  context.lineWidth = 1;
  context.strokeStyle = color(canvas, 'ink');
  context.setLineDash([2, 3]);
  line(context, box.left, y(THRESHOLD), box.right, y(THRESHOLD));
  context.strokeStyle = color(canvas, 'quiet');
  context.setLineDash([5, 3]);
  context.lineWidth = 1.25;
  curve(plot, trace.drive, at);
  context.setLineDash([]);
  context.strokeStyle = color(canvas, 'ink');
  context.lineWidth = 1.5;
  curve(plot, trace.potential, at);
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
 * @param {HTMLCanvasElement} canvas
 * @param {Trace} trace
 * @param {number} steps
 */
function draw_feedback(canvas, trace, steps) {
  const plot = begin_plot(
    canvas,
    { ...time_axis(steps), title: 'time (s)' },
    { range: [0, 0.5], ticks: [0, 0.2, 0.4], title: 'What comes back from the neuron above (spikes per ms)' },
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
  curve(plot, trace.feedback, at);
  context.strokeStyle = color(canvas, 'rule');
  line(context, box.left, y(0), box.right, y(0));
  context.restore();
  const last = trace.feedback.at(-1) ?? 0;
  canvas.setAttribute('aria-label', `Feedback over the last 600 ms, now ${decimal(last)} spikes per ms.`);
}

/** The last steps. @param {number} steps */
function time_axis(steps) {
  const last = Math.max(steps, SHOWN);
  const first = last - SHOWN;
  /** @type {[number, number]} */
  const range = [first, last];
  const ticks = round_ticks(range, 4).filter((tick) => tick > first + 25 && tick < last - 25);
  return { range, ticks, title: '', format: (/** @type {number} */ value) => decimal(value / 1000, 1) };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {NeuronEvent[]} events
 * @param {Estimate | undefined} estimate
 * @param {number} truth
 */
function draw_events(canvas, events, estimate, truth) {
  const spread = deviation(events.map(({ response }) => response));
  const height = Math.max(0.04, 1.25 * spread, 1.6 * Math.abs(truth));
  // In steps, so that the axis seldom moves.
  const reach = 0.02 * 2 ** Math.ceil(Math.log2(height / 0.02));
  /** @type {[number, number]} */
  const range = [-reach, reach];
  const plot = begin_plot(
    canvas,
    { range: DRIVES, ticks: [1, 1.5, 2], title: 'largest drive in the window (threshold 1)' },
    {
      range,
      ticks: round_ticks(range, 5),
      title: 'Change of feedback in a window (spikes per ms)',
      format: (value) => decimal(value, 2),
    },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  for (const { largest_drive, response, spikes } of events) {
    context.globalAlpha = 0.4;
    context.fillStyle = color(canvas, spikes > 0 ? 'spiked' : 'quiet');
    context.strokeStyle = context.fillStyle;
    context.beginPath();
    context.arc(x(largest_drive), y(response), 2, 0, 2 * Math.PI);
    if (spikes > 0) context.fill();
    else context.stroke();
  }
  context.globalAlpha = 1;
  context.setLineDash([2, 3]);
  context.strokeStyle = color(canvas, 'ink');
  line(context, x(THRESHOLD), box.top, x(THRESHOLD), box.bottom);
  context.setLineDash([]);
  draw_means(canvas, plot, events);
  if (estimate?.lines) draw_jump(canvas, plot, estimate.lines, truth);
  context.restore();
}

/**
 * The mean of each bin of windows, with its standard error.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Plot} plot
 * @param {NeuronEvent[]} events
 */
function draw_means(canvas, { context, x, y }, events) {
  /** @type {Map<number, { spiked: boolean, drives: number, responses: number[] }>} */
  const bins = new Map();
  for (const { largest_drive, response, spikes } of events) {
    const spiked = spikes > 0;
    const index = spiked ? Math.floor((largest_drive - THRESHOLD) / BIN) : -1;
    const bin = bins.get(index) ?? { spiked, drives: 0, responses: [] };
    bins.set(index, bin);
    bin.drives += largest_drive;
    bin.responses.push(response);
  }
  for (const { spiked, drives, responses } of bins.values()) {
    if (responses.length < 8) continue;
    const number = responses.length;
    const mean = responses.reduce((sum, response) => sum + response, 0) / number;
    const error = deviation(responses) / Math.sqrt(number);
    const at = x(drives / number);
    context.strokeStyle = color(canvas, spiked ? 'spiked' : 'quiet');
    context.fillStyle = color(canvas, spiked ? 'spiked' : 'paper');
    context.lineWidth = 1.5;
    line(context, at, y(mean - error), at, y(mean + error));
    context.beginPath();
    context.arc(at, y(mean), 5, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/**
 * The two lines, and the jump between them at the threshold beside the true effect.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Plot} plot
 * @param {NonNullable<Estimate['lines']>} lines
 * @param {number} truth
 */
function draw_jump(canvas, { context, x, y }, [silent, spiked], truth) {
  context.lineWidth = 2.5;
  context.strokeStyle = color(canvas, 'quiet');
  context.setLineDash([6, 3]);
  const value = (/** @type {typeof silent} */ { at_threshold, slope }, /** @type {number} */ drive) =>
    at_threshold + slope * (drive - THRESHOLD);
  line(context, x(DRIVES[0]), y(value(silent, DRIVES[0])), x(THRESHOLD), y(silent.at_threshold));
  context.setLineDash([]);
  context.strokeStyle = color(canvas, 'spiked');
  line(context, x(THRESHOLD), y(spiked.at_threshold), x(DRIVES[1]), y(value(spiked, DRIVES[1])));
  // The jump, and next to it the true effect, from the same level.
  context.lineCap = 'butt';
  context.lineWidth = 6;
  context.strokeStyle = color(canvas, 'accent');
  line(context, x(THRESHOLD), y(silent.at_threshold), x(THRESHOLD), y(spiked.at_threshold));
  context.lineWidth = 2;
  context.strokeStyle = color(canvas, 'ink');
  const beside = x(THRESHOLD) - 9;
  const [from, to] = [y(silent.at_threshold), y(silent.at_threshold + truth)];
  line(context, beside, from, beside, to);
  line(context, beside - 4, to, beside + 4, to);
  line(context, beside - 4, from, beside + 4, from);
  context.fillStyle = color(canvas, 'ink');
  context.font = '600 12px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.lineWidth = 3;
  context.strokeStyle = color(canvas, 'paper');
  context.lineJoin = 'round';
  const middle = (from + to) / 2;
  context.strokeText('true', beside - 7, middle);
  context.fillText('true', beside - 7, middle);
  context.textAlign = 'left';
  context.fillStyle = color(canvas, 'accent');
  const top = (y(silent.at_threshold) + y(spiked.at_threshold)) / 2;
  context.strokeText('jump', x(THRESHOLD) + 7, top);
  context.fillText('jump', x(THRESHOLD) + 7, top);
}
