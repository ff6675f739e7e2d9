/**
 * The problem: an error on its way down, through a copy of the forward weights and through feedback
 * weights of another origin. The reader drags the forward weights.
 *
 * @import { Transport } from '../../pkg/spikealign.js'
 * @import { Turn } from '../workers/turns.js'
 * @import { FigureReply, FigureRequest } from './messages.js'
 */
import { choices } from '../base/choices.js';
import { element, set_text, svg_element } from '../base/dom.js';
import { engine } from '../workers/engine.js';
import { in_words } from '../base/failure.js';
import { percent, signed } from '../base/format.js';
import { at_end } from '../base/lifetime.js';
import { ask_turn, end_turn } from '../workers/turns.js';
import { start_worker } from '../workers/start.js';
import { complaint } from './complaint.js';
import program from './figure.worker.js?worker&url';

const INPUTS = 3;
const OUTPUTS = 2;
/** The error at each output. */
const ERROR = [1, -0.6];
/** Largest weight, either way. */
const LARGEST = 1.5;

/** Where the neurons are, in units of the drawing. */
const WIDTH = 320;
const inputs_x = [50, 160, 270];
const outputs_x = [100, 220];
const TOP = 62;
const BOTTOM = 218;

/** @typedef {'random' | 'once' | 'always'} Source where the feedback weights come from */

/** @type {{ [source in Source]: string }} */
const sources = {
  random: 'random, and fixed',
  once: 'a copy, made once',
  always: 'a copy, always (backpropagation)',
};

/** @param {HTMLElement} root */
export function transport(root) {
  /** Row by row: forward `[output][input]`, feedback `[input][output]`. */
  const forward = new Float32Array([0.9, -0.5, 0.4, -0.7, 0.8, 1.1]);
  let feedback = random(1);
  let seed = 1;
  /** @type {Source} */
  let source = 'random';
  /** @type {Worker | null} */
  let worker = null;
  /** @type {Turn | null} */
  let turn = null;
  let generation = 0;
  let ended = false;

  const there = drawing('The way forth: drag a weight up or down');
  const back = drawing('The way back: where the error arrives');
  const angle = reading('angle between the two errors');
  const signs = reading('weights whose sign agrees');
  const failure = complaint();
  const handles = Array.from(forward, (_, index) => handle(index));
  const forward_edges = edges(there.svg, forward.length);
  const feedback_edges = edges(back.svg, forward.length);
  there.svg.append(...neurons(), ...handles.map(({ root }) => root));
  const bars = errors(back.svg);

  const choice = choices({
    name: 'feedback',
    title: 'Feedback weights',
    texts: sources,
    chosen: source,
    on_change(value) {
      source = value;
      feedback = source === 'random' ? random(seed) : transpose(forward);
      update();
    },
  });
  const draw = element('button', { type: 'button', class: 'small' }, 'Another draw');
  draw.addEventListener('click', () => {
    seed += 1;
    feedback = random(seed);
    source = 'random';
    const input = choice.root.querySelector('input');
    if (input) input.checked = true;
    update();
  });

  root.classList.add('figure', 'transport');
  root.append(
    failure.root,
    element('div', { class: 'pictures' }, there.root, back.root),
    element(
      'ul',
      { class: 'key' },
      key('positive', 'positive weight'),
      key('negative', 'negative weight'),
      key('exact', 'error that backpropagation would send'),
      key('sent', 'error through these feedback weights'),
    ),
    element('dl', { class: 'readings' }, angle.root, signs.root),
    element('div', { class: 'choices' }, choice.root, draw),
  );
  update();

  /** Shows the weights, and asks what becomes of the error. */
  function update() {
    if (source === 'always') feedback = transpose(forward);
    for (const [index, weight] of forward.entries()) {
      show_edge(forward_edges[index], weight, edge_of(index));
      handles[index]?.show(weight);
    }
    for (const [index, weight] of feedback.entries()) {
      const [input, output] = [Math.floor(index / OUTPUTS), index % OUTPUTS];
      show_edge(feedback_edges[index], weight, edge_of(output * INPUTS + input));
    }
    ask();
  }

  /** @param {Transport} result */
  function show({ exact, sent, angle: degrees, alignment }) {
    bars.show(exact, sent);
    set_text(angle.value, `${degrees.toFixed(0)}°`);
    set_text(signs.value, percent(alignment.sign_agreement));
    back.svg.setAttribute(
      'aria-label',
      `The error at each input. Backpropagation: ${said(exact)}. Through these weights: ${said(sent)}. ` +
        `Angle ${degrees.toFixed(0)} degrees.`,
    );
  }

  function ask() {
    generation += 1;
    if (turn) return;
    turn = ask_turn(async () => {
      try {
        const module = await engine();
        if (ended) return;
        worker ??= hire();
        /** @type {FigureRequest} */
        const request = {
          type: 'send-down',
          generation,
          module,
          forward,
          feedback,
          error: Float32Array.from(ERROR),
        };
        worker.postMessage(request);
      } catch (error) {
        fail(in_words(error));
      }
    });
  }

  function hire() {
    const worker = start_worker(program, 'figure');
    worker.onmessage = ({ data }) => hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      fail('The worker of this figure died.');
    };
    return worker;
  }

  /** @param {FigureReply} reply */
  function hear(reply) {
    end_turn(turn);
    turn = null;
    if (reply.type === 'failed') return fail(reply.message);
    if (reply.type !== 'sent-down') return;
    show(reply.transport);
    // The weights may have moved meanwhile.
    if (reply.generation < generation) ask();
  }

  /** @param {string} text */
  function fail(text) {
    end_turn(turn);
    turn = null;
    failure.show(text);
  }

  /**
   * A handle on a forward weight: dragged, or moved with the arrow keys.
   *
   * @param {number} index
   */
  function handle(index) {
    const [input, output] = [index % INPUTS, Math.floor(index / INPUTS)];
    const { x, y } = handle_place(edge_of(index), index);
    const disc = svg_element('circle', { r: 15 });
    const text = svg_element('text', { 'text-anchor': 'middle', dy: '0.35em' });
    const root = svg_element('g', {
      class: 'handle',
      role: 'slider',
      tabindex: 0,
      transform: `translate(${x} ${y})`,
      'aria-label': `Forward weight from input ${input + 1} to output ${output + 1}`,
      'aria-valuemin': -LARGEST,
      'aria-valuemax': LARGEST,
    });
    root.append(disc, text);
    const set = (/** @type {number} */ weight) => {
      forward[index] = Math.max(-LARGEST, Math.min(LARGEST, Math.round(weight * 20) / 20));
      update();
    };
    root.addEventListener('keydown', (event) => {
      const step = {
        ArrowUp: 0.05,
        ArrowRight: 0.05,
        ArrowDown: -0.05,
        ArrowLeft: -0.05,
        PageUp: 0.5,
        PageDown: -0.5,
      }[/** @type {KeyboardEvent} */ (event).key];
      if (step === undefined) return;
      event.preventDefault();
      set((forward[index] ?? 0) + step);
    });
    root.addEventListener('pointerdown', (event) => {
      root.setPointerCapture(event.pointerId);
      const [from, start] = [event.clientY, forward[index] ?? 0];
      const move = (/** @type {PointerEvent} */ event) => set(start - (event.clientY - from) / 60);
      root.addEventListener('pointermove', move);
      root.addEventListener('pointerup', () => root.removeEventListener('pointermove', move), { once: true });
      root.addEventListener('pointercancel', () => root.removeEventListener('pointermove', move), {
        once: true,
      });
    });
    return {
      root,
      /** @param {number} weight */
      show(weight) {
        set_text(text, signed(weight, 2).replace(/0$/, ''));
        root.setAttribute('aria-valuenow', weight.toFixed(2));
        root.setAttribute('aria-valuetext', signed(weight));
      },
    };
  }

  at_end(root, () => {
    ended = true;
    end_turn(turn);
    turn = null;
    worker?.terminate();
    worker = null;
  });
}

/** @param {string} name */
function reading(name) {
  const value = element('dd', {}, '–');
  return { root: element('div', {}, element('dt', {}, name), value), value };
}

/**
 * @param {string} kind
 * @param {string} text
 */
function key(kind, text) {
  return element('li', {}, element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' }), text);
}

/** @param {string} title */
function drawing(title) {
  const svg = svg_element('svg', { viewBox: `0 0 ${WIDTH} 300`, role: 'group', 'aria-label': title });
  return { svg, root: element('div', { class: 'drawing' }, element('h3', {}, title), svg) };
}

/**
 * @param {SVGElement} svg
 * @param {number} count
 */
function edges(svg, count) {
  const lines = Array.from({ length: count }, () => svg_element('line', {}));
  svg.append(...lines);
  return lines;
}

/** Where the connection with this place among the forward weights is. @param {number} index */
function edge_of(index) {
  return { bottom: inputs_x[index % INPUTS] ?? 0, top: outputs_x[Math.floor(index / INPUTS)] ?? 0 };
}

/**
 * Handles lie at different heights, so that none hides another.
 *
 * @param {{ bottom: number, top: number }} edge
 * @param {number} index
 */
function handle_place({ bottom, top }, index) {
  const height = index < INPUTS ? 0.34 : 0.66;
  return { x: top + (bottom - top) * height, y: TOP + (BOTTOM - TOP) * height };
}

/**
 * @param {SVGElement | undefined} line
 * @param {number} weight
 * @param {{ bottom: number, top: number }} edge
 */
function show_edge(line, weight, { bottom, top }) {
  if (!line) return;
  const attributes = {
    x1: bottom,
    y1: BOTTOM,
    x2: top,
    y2: TOP,
    'stroke-width': 0.75 + 5 * Math.abs(weight),
  };
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, value.toFixed(2));
  line.setAttribute('class', weight < 0 ? 'edge negative' : 'edge positive');
}

function neurons() {
  const discs = [
    ...outputs_x.map((x) => svg_element('circle', { cx: x, cy: TOP, r: 13, class: 'neuron' })),
    ...inputs_x.map((x) => svg_element('circle', { cx: x, cy: BOTTOM, r: 13, class: 'neuron' })),
  ];
  const text = (/** @type {string} */ words, /** @type {number} */ y) => {
    const root = svg_element('text', { x: WIDTH / 2, y, 'text-anchor': 'middle', class: 'label' });
    root.textContent = words;
    return root;
  };
  return [...discs, text('outputs', TOP - 26), text('inputs', BOTTOM + 36)];
}

/**
 * Bars for the error at the outputs, and for what arrives at the inputs in both ways.
 *
 * @param {SVGElement} svg
 */
function errors(svg) {
  const bar = (/** @type {string} */ kind) => svg_element('rect', { class: `bar ${kind}`, width: 11 });
  const top = ERROR.map(() => bar('given'));
  const exact = inputs_x.map(() => bar('exact'));
  const sent = inputs_x.map(() => bar('sent'));
  const base = svg_element('line', { x1: 14, x2: WIDTH - 14, y1: 262, y2: 262, class: 'axis' });
  const label = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ words) => {
    const root = svg_element('text', { x, y, class: 'label' });
    root.textContent = words;
    return root;
  };
  svg.append(
    ...outputs_x.map((x) => svg_element('circle', { cx: x, cy: TOP, r: 13, class: 'neuron' })),
    ...inputs_x.map((x) => svg_element('circle', { cx: x, cy: BOTTOM, r: 13, class: 'neuron' })),
    base,
    ...top,
    ...exact,
    ...sent,
    label(2, 14, 'error'),
  );
  for (const [index, error] of ERROR.entries())
    place(top[index], (outputs_x[index] ?? 0) + 18, 46, 24 * error);
  return {
    /**
     * @param {number[]} exact_errors
     * @param {number[]} sent_errors
     */
    show(exact_errors, sent_errors) {
      for (const [index, x] of inputs_x.entries()) {
        place(exact[index], x - 13, 262, 17 * (exact_errors[index] ?? 0));
        place(sent[index], x + 2, 262, 17 * (sent_errors[index] ?? 0));
      }
    },
  };
}

/**
 * @param {SVGElement | undefined} bar
 * @param {number} x
 * @param {number} base
 * @param {number} height upwards
 */
function place(bar, x, base, height) {
  bar?.setAttribute('x', x.toFixed(1));
  bar?.setAttribute('y', Math.min(base, base - height).toFixed(1));
  bar?.setAttribute('height', Math.abs(height).toFixed(1));
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
