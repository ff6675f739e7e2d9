/**
 * The problem: an error sent down through a copy of the forward weights, and through other feedback
 * weights. The reader drags the forward weights, or lets the network learn.
 *
 * @import { Transport } from '../../pkg/spikealign.js'
 * @import { Figure } from './running_figure.js'
 */
import { choices } from '../base/choices.js';
import { element, set_text } from '../base/dom.js';
import { in_words } from '../base/failure.js';
import { percent, signed } from '../base/format.js';
import { measured } from '../base/measured.js';
import { at_end } from '../base/lifetime.js';
import { engine } from '../workers/engine.js';
import { complaint } from '../base/complaint.js';
import { question } from './question.js';
import { key_entry, reading } from './readings.js';
import { figure_worker } from './simulation.js';
import {
  ERROR,
  INPUTS,
  OUTPUTS,
  drawing,
  edge_of,
  edges,
  errors,
  handle,
  neurons,
  show_edge,
  signs,
} from './transport_drawing.js';

/** How far the network learns at a press. */
const STEPS = 5;

/** @typedef {'random' | 'once' | 'always'} Source where the feedback weights come from */

/** @type {{ [source in Source]: string }} */
const sources = {
  random: 'random, and fixed',
  once: 'a copy, made once',
  always: 'a copy, always (backpropagation)',
};

/** The forward weight that the question changes. */
const CHANGED = 4;

/**
 * @param {HTMLElement} root
 * @returns {Figure}
 */
export function transport(root) {
  /** Row by row: forward `[output][input]`, feedback `[input][output]`. */
  const forward = new Float32Array([0.9, -0.5, 0.4, -0.7, 0.8, 1.1]);
  /** The weights below, through which the network learns to repeat its inputs: row by row, `[input][output]`. */
  const lower = new Float32Array(forward.length);
  let changes = 0;
  let seed = 1;
  let feedback = random(seed);
  /** @type {Source} */
  let source = 'random';
  const worker = figure_worker();
  const failure = complaint();
  const shown = pictures(forward.length, (index, weight) => {
    forward[index] = weight;
    update();
  });
  const asked = question('What if a weight changes after it was copied?', async () => {
    choose('once');
    forward[CHANGED] = -(forward[CHANGED] ?? 0);
    const result = await update();
    // The reader has changed a weight meanwhile.
    if (!result) return asked.answer('');
    const agree = percent(measured(result.alignment, 'sign_agreement') ?? NaN);
    asked.answer(
      `One weight has changed its sign: ${agree} of the signs still agree, and the error is off by ` +
        `${result.angle.toFixed(0)}°.`,
    );
  });
  const choice = choices({
    name: 'feedback',
    title: 'Feedback weights',
    texts: sources,
    chosen: source,
    on_change(value) {
      take_from(value);
      update();
    },
  });
  const draw = element('button', { type: 'button', class: 'small' }, 'Another draw');
  draw.addEventListener('click', () => {
    seed += 1;
    choose('random');
    update();
  });
  const learn = element('button', { type: 'button', class: 'small' }, 'Let it learn');
  learn.addEventListener('click', async () => {
    const before = changes;
    try {
      const make = async () => {
        const module = await engine();
        return { module, forward, lower, feedback, outputs: OUTPUTS, steps: STEPS };
      };
      const learned = await worker.ask('learn', make);
      // What the reader has changed meanwhile counts.
      if (!learned || changes !== before) return;
      // The forward weights, those below, and the loss.
      forward.set(learned.subarray(0, forward.length));
      lower.set(learned.subarray(forward.length, -1));
      update(percent(learned[learned.length - 1]));
    } catch (error) {
      failure.show(in_words(error));
    }
  });
  root.classList.add('figure', 'transport');
  root.append(
    failure.root,
    ...shown.parts,
    asked.root,
    element(
      'div',
      { class: 'choices' },
      choice.root,
      draw,
      learn,
      element(
        'p',
        { class: 'about' },
        'To learn, the network gets two inputs from below, which its outputs should repeat. The error that ' +
          'arrives changes the weights below; they change what arrives at the forward weights, which bend ' +
          'towards the feedback.',
      ),
    ),
  );
  at_end(root, () => worker.close());
  update();
  return { simulation: null };

  /** @param {Source} value */
  function take_from(value) {
    source = value;
    feedback = source === 'random' ? random(seed) : transpose(forward);
    lower.fill(0);
    // A copy that is always right leaves nothing to bend towards.
    learn.disabled = source === 'always';
  }

  /** The same, where the reader has not chosen it. @param {Source} value */
  function choose(value) {
    take_from(value);
    const input = choice.root.querySelector(`[value="${value}"]`);
    if (input instanceof HTMLInputElement) input.checked = true;
  }

  /** Shows the weights, and the error that arrives. @param {string} [left] of the error in learning */
  async function update(left = '–') {
    asked.forget();
    changes += 1;
    if (source === 'always') feedback = transpose(forward);
    shown.show_weights(forward, feedback);
    try {
      const make = async () => {
        const module = await engine();
        return { module, forward, feedback, error: Float32Array.from(ERROR) };
      };
      // While weights are dragged, only the latest request waits.
      const result = await worker.ask('send_down', make, { latest: true });
      if (result) {
        failure.clear();
        shown.show_readings(result, left);
      }
      return result;
    } catch (error) {
      failure.show(in_words(error));
    }
  }
}

/**
 * The two drawings, their key and readings.
 *
 * @param {number} connections
 * @param {(index: number, weight: number) => void} change a forward weight
 */
function pictures(connections, change) {
  const up = drawing('Forward pass: drag a weight up or down');
  const down = drawing('Feedback: where the error arrives');
  const angle = reading('angle between the two errors');
  const agreeing = reading('weights whose sign agrees');
  const left = reading('error left, as it learns');
  const indices = Array.from({ length: connections }, (_, index) => index);
  const handles = indices.map((index) => handle(index, (weight) => change(index, weight)));
  const forward_edges = edges(up.svg, connections);
  const feedback_edges = edges(down.svg, connections);
  const feedback_signs = signs(down.svg, connections);
  up.svg.append(...neurons(), ...handles.map(({ root }) => root));
  const bars = errors(down.svg);
  const key = element(
    'ul',
    { class: 'key' },
    key_entry('positive', 'positive weight'),
    key_entry('negative', 'negative weight'),
    element('li', {}, '✗ sign differs from the forward weight'),
    key_entry('exact', 'error that backpropagation would send'),
    key_entry('sent', 'error through these feedback weights'),
  );
  return {
    parts: [
      element('div', { class: 'pictures' }, up.root, down.root),
      key,
      element('dl', { class: 'readings' }, angle.root, agreeing.root, left.root),
    ],
    /** @param {Float32Array} forward @param {Float32Array} feedback */
    show_weights(forward, feedback) {
      for (const index of indices) {
        const [input, output] = [index % INPUTS, Math.floor(index / INPUTS)];
        show_edge(forward_edges[index], forward[index], edge_of(index));
        const back = feedback[input * OUTPUTS + output] ?? 0;
        show_edge(feedback_edges[index], back, edge_of(index));
        feedback_signs.show(index, back, forward[index] ?? 0);
        handles[index].show(forward[index]);
      }
    },
    /** All of the same weights. @param {Transport} result @param {string} error_left */
    show_readings({ exact, sent, angle: degrees, alignment }, error_left) {
      bars.show(exact, sent);
      set_text(left.value, error_left);
      set_text(angle.value, `${degrees.toFixed(0)}°`);
      set_text(agreeing.value, percent(measured(alignment, 'sign_agreement') ?? NaN));
      down.svg.setAttribute(
        'aria-label',
        `The error at each input. Backpropagation: ${said(exact)}. Through these weights: ${said(sent)}. ` +
          `Angle ${degrees.toFixed(0)} degrees.`,
      );
    },
  };
}

/** @param {Float32Array} forward */
function transpose(forward) {
  return Float32Array.from(forward, (_, index) => {
    const [input, output] = [Math.floor(index / OUTPUTS), index % OUTPUTS];
    return forward[output * INPUTS + input] ?? 0;
  });
}

/**
 * Weights between −1 and 1, the same for the same seed.
 *
 * @param {number} seed
 */
function random(seed) {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return Float32Array.from({ length: INPUTS * OUTPUTS }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  });
}

/** @param {number[]} errors */
function said(errors) {
  return errors.map((error) => signed(error)).join(', ');
}
