/** The two drawings of a small network: its weights, and the error on its way down. */

import { element, svg_element } from '../base/dom.js';
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
  const svg = svg_element('svg', { viewBox: `0 0 ${WIDTH} 300`, role: 'group', 'aria-label': title });
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
  root.append(svg_element('circle', { r: 15 }), text);
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
