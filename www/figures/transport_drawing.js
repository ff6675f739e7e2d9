/** The two drawings of a small network: its weights, and the error on its way down. */

import { element, set_text, svg_element } from '../base/dom.js';
import { signed } from '../base/format.js';

export const INPUTS = 3;
export const OUTPUTS = 2;
/** The error at each output. */
export const ERROR = [1, -0.6];
/** Largest weight, either way. */
const LARGEST = 1.5;

/** Where the neurons are, in units of the drawing. */
const WIDTH = 320;
const inputs_x = [50, 160, 270];
const outputs_x = [100, 220];
const TOP = 62;
const BOTTOM = 218;
const HEIGHT = 326;
/** Where errors are 0, at the outputs and at the inputs, and where those of the inputs are written. */
const [ZERO_ABOVE, ZERO_BELOW, NUMBERS] = [46, 266, 320];

/** Pixels for a weight of 1, as it is dragged. */
const DRAG = 60;
/** What each key adds to a weight. @type {{ [key: string]: number }} */
const STEPS = {
  ArrowUp: 0.05,
  ArrowRight: 0.05,
  ArrowDown: -0.05,
  ArrowLeft: -0.05,
  PageUp: 0.5,
  PageDown: -0.5,
};

/** @param {string} title */
export function drawing(title) {
  const svg = svg_element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'group', 'aria-label': title });
  return { svg, root: element('div', { class: 'drawing' }, element('h3', {}, title), svg) };
}

/**
 * @param {SVGElement} svg
 * @param {number} count
 */
export function edges(svg, count) {
  const lines = Array.from({ length: count }, () => svg_element('line', {}));
  svg.append(...lines);
  return lines;
}

/** Where the connection with this place among the forward weights is. @param {number} index */
export function edge_of(index) {
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
export function show_edge(line, weight, { bottom, top }) {
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

/**
 * The feedback weights as numbers, each with a cross where its sign is not that of the forward weight.
 *
 * @param {SVGElement} svg
 * @param {number} count
 */
export function signs(svg, count) {
  const text_at = (/** @type {number} */ index, /** @type {number} */ lower) => {
    const { x, y } = handle_place(edge_of(index), index);
    return svg_element('text', { x, y: y + lower, 'text-anchor': 'middle', dy: '0.35em', class: 'weight' });
  };
  const numbers = Array.from({ length: count }, (_, index) => text_at(index, 0));
  const crosses = Array.from({ length: count }, (_, index) => text_at(index, 12));
  svg.append(...numbers, ...crosses);
  return {
    /** @param {number} index @param {number} weight @param {number} forward */
    show(index, weight, forward) {
      set_text(numbers[index], signed(weight, 1));
      set_text(crosses[index], weight * forward < 0 ? '✗' : '');
    },
  };
}

export function neurons() {
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
export function errors(svg) {
  const bar = (/** @type {string} */ kind) => svg_element('rect', { class: `bar ${kind}`, width: 11 });
  const top = ERROR.map(() => bar('given'));
  const exact = inputs_x.map(() => bar('exact'));
  const sent = inputs_x.map(() => bar('sent'));
  const zero = (/** @type {number} */ x1, /** @type {number} */ x2, /** @type {number} */ y) =>
    svg_element('line', { x1, x2, y1: y, y2: y, class: 'axis' });
  const number = (/** @type {number} */ x, /** @type {'start' | 'end'} */ anchor) =>
    svg_element('text', { x, y: NUMBERS, 'text-anchor': anchor, class: 'label' });
  const exact_numbers = inputs_x.map((x) => number(x - 2, 'end'));
  const sent_numbers = inputs_x.map((x) => number(x + 4, 'start'));
  const label = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ words) => {
    const root = svg_element('text', { x, y, class: 'label' });
    root.textContent = words;
    return root;
  };
  svg.append(
    ...outputs_x.map((x) => svg_element('circle', { cx: x, cy: TOP, r: 13, class: 'neuron' })),
    ...inputs_x.map((x) => svg_element('circle', { cx: x, cy: BOTTOM, r: 13, class: 'neuron' })),
    ...top,
    ...exact,
    ...sent,
    // Over the bars, which stand on them or hang from them.
    ...outputs_x.map((x) => zero(x + 14, x + 33, ZERO_ABOVE)),
    zero(14, WIDTH - 14, ZERO_BELOW),
    ...exact_numbers,
    ...sent_numbers,
    label(2, 14, 'error'),
    ...ERROR.map((error, index) => label((outputs_x[index] ?? 0) + 38, ZERO_ABOVE + 4, signed(error, 1))),
  );
  for (const [index, error] of ERROR.entries())
    place(top[index], (outputs_x[index] ?? 0) + 18, ZERO_ABOVE, 24 * error);
  return {
    /**
     * @param {number[]} exact_errors
     * @param {number[]} sent_errors
     */
    show(exact_errors, sent_errors) {
      for (const [index, x] of inputs_x.entries()) {
        const [by_copy, by_feedback] = [exact_errors[index] ?? 0, sent_errors[index] ?? 0];
        place(exact[index], x - 13, ZERO_BELOW, 17 * by_copy);
        place(sent[index], x + 2, ZERO_BELOW, 17 * by_feedback);
        set_text(exact_numbers[index], signed(by_copy, 1));
        set_text(sent_numbers[index], signed(by_feedback, 1));
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

/**
 * A handle on a forward weight: dragged, or moved with the arrow keys.
 *
 * @param {number} index among the forward weights
 * @param {(weight: number) => void} change
 */
export function handle(index, change) {
  const [input, output] = [index % INPUTS, Math.floor(index / INPUTS)];
  const { x, y } = handle_place(edge_of(index), index);
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
  // A finger needs more than what is seen.
  root.append(svg_element('circle', { r: 20, class: 'reach' }), svg_element('circle', { r: 15 }), text);
  let now = 0;
  const set = (/** @type {number} */ weight) =>
    change(Math.max(-LARGEST, Math.min(LARGEST, Math.round(weight * 20) / 20)));
  root.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(now + step);
  });
  on_drag(root, () => {
    const start = now;
    return (down) => set(start - down / DRAG);
  });
  return {
    root,
    /** @param {number} weight */
    show(weight) {
      now = weight;
      text.textContent = signed(weight, 2).replace(/0$/, '');
      root.setAttribute('aria-valuenow', weight.toFixed(2));
      root.setAttribute('aria-valuetext', signed(weight));
    },
  };
}

/**
 * @param {SVGElement} root
 * @param {() => (down: number) => void} begin gives what hears of each move, in pixels downwards
 */
function on_drag(root, begin) {
  root.addEventListener('pointerdown', ({ pointerId, clientY }) => {
    root.setPointerCapture(pointerId);
    const drag = begin();
    const move = (/** @type {PointerEvent} */ event) => drag(event.clientY - clientY);
    const end = new AbortController();
    root.addEventListener('pointermove', move, { signal: end.signal });
    for (const type of ['pointerup', 'pointercancel']) {
      root.addEventListener(type, () => end.abort(), { signal: end.signal });
    }
  });
}
