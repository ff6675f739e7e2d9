/** The weights of one layer as one rule has them: feedback against forward weight, a dot a connection. */

import { color } from '../base/colors.js';
import { element, set_text, zoom_of } from '../base/dom.js';
import { count, decimal, percent } from '../base/format.js';
import { NO_FEEDBACK } from '../base/measured.js';
import { align, begin_plot, haloed } from '../plot/axes.js';
import { rule_name } from '../plot/legend.js';
import { rules } from '../plot/rules.js';
import { draw_pairs, nearest, pairs_of, reach_of, strongest_disagreement } from '../plot/scatter.js';
import { correlation, deviation, same_sign } from '../plot/statistics.js';

/** @import { Plot } from '../plot/axes.js' */

/** How far from a dot a click may fall, in CSS pixels. */
const REACH = 24;
/** Without room for the names of its axes, a plot leaves them out. */
const NARROW = 250;

export class Cloud {
  rule;
  canvas;
  #button;
  #caption = element('p', { class: 'reading' });
  #pairs = pairs_of();
  /** The share of them whose signs agree. */
  #agree = NaN;
  /** Whether these are all connections of the layer, or a sample of them. */
  #all = false;
  /** The message when there is nothing to draw. */
  #nothing = 'No weights yet.';
  /** Half the ranges of the axes. */
  #reach = { x: 0, y: 0 };
  /** @type {Plot | null} */
  #plot = null;

  /** Called when there are other weights. */
  changed = () => {};

  /**
   * @param {string} rule
   * @param {(pair: number) => void} choose
   */
  constructor(rule, choose) {
    const { title } = rules[rule];
    this.rule = rule;
    this.canvas = element('canvas', { role: 'img', 'aria-label': `${title}. ${this.#nothing}` });
    this.#button = element(
      'button',
      { type: 'button', class: 'small', disabled: true, 'aria-label': `Strongest disagreement, ${title}` },
      'Strongest disagreement',
    );
    this.root = element(
      'div',
      { class: 'plot' },
      rule_name('h3', rule),
      this.canvas,
      this.#caption,
      this.#button,
    );
    this.canvas.addEventListener('click', ({ offsetX: x, offsetY: y }) => {
      const zoom = zoom_of(this.canvas);
      const pair = this.#plot && nearest(this.#plot, this.#pairs, { x: x / zoom, y: y / zoom }, REACH);
      if (pair !== null) choose(pair);
    });
    this.#button.addEventListener('click', () => choose(strongest_disagreement(this.#pairs)));
  }

  /**
   * @param {Float32Array} weights pairs of forward and feedback weight, interleaved
   * @param {boolean} all whether these are all connections of the layer
   */
  take(weights, all) {
    this.#pairs = pairs_of(weights);
    this.#agree = same_sign(this.#pairs.forward, this.#pairs.feedback);
    this.#all = all;
    this.#nothing = weights.length > 0 ? 'No weights yet.' : NO_FEEDBACK;
    this.changed();
  }

  forget() {
    this.#pairs = pairs_of();
    // At once: before the next drawing, a click would find no pair.
    this.#button.disabled = true;
    this.#reach = { x: 0, y: 0 };
    this.#nothing = 'No weights yet.';
  }

  /** @param {number} index */
  pair(index) {
    return { forward: this.#pairs.forward[index] ?? 0, feedback: this.#pairs.feedback[index] ?? 0 };
  }

  /** Standard deviation of the forward weights drawn. */
  get spread() {
    return deviation(this.#pairs.forward);
  }

  /** @param {number | null} chosen the pair that is marked */
  draw(chosen) {
    const { forward, feedback } = this.#pairs;
    const number = forward.length;
    this.#button.disabled = number === 0 || this.#agree === 1;
    if (number > 0) {
      this.#reach = { x: reach_of(this.#reach.x, forward), y: reach_of(this.#reach.y, feedback) };
    }
    const { x, y } = this.#reach;
    this.#plot = begin_plot(
      this.canvas,
      { range: [-x || -1, x || 1], ticks: [], title: '' },
      { range: [-y || -1, y || 1], ticks: [], title: '' },
      { left: 0, top: 0, right: 0, bottom: 0 },
    );
    if (!this.#plot) return;
    draw_pairs(this.#plot, this.#pairs, this.rule);
    name_axes(this.#plot);
    if (chosen !== null) draw_chosen(this.#plot, this.pair(chosen));
    this.#plot.context.restore();
    this.#describe();
  }

  #describe() {
    const { title } = rules[this.rule];
    const { forward, feedback } = this.#pairs;
    if (forward.length === 0) {
      set_text(this.#caption, this.#nothing);
      this.canvas.setAttribute('aria-label', `${title}. ${this.#nothing}`);
      return;
    }
    const which = `${this.#all ? 'All' : 'A sample of'} ${count(forward.length)} connections`;
    const reading = `same sign ${percent(this.#agree)}, correlation ${decimal(correlation(forward, feedback))}`;
    set_text(this.#caption, `${which}: ${reading}`);
    this.canvas.setAttribute(
      'aria-label',
      `${title}: feedback against forward weights. ${which}: ${reading}`,
    );
  }
}

/** Names the axes where there is room. @param {Plot} plot */
function name_axes({ canvas, context, x, y, box }) {
  if (box.right < NARROW) return;
  context.fillStyle = color(canvas, 'quiet');
  align(context, 'right', 'top');
  haloed(context, canvas, 'forward weight →', box.right - 6, y(0) + 6);
  align(context, 'left', 'top');
  haloed(context, canvas, '↑ feedback weight', x(0) + 6, 6);
}

/**
 * A ring around the chosen dot, held within the frame.
 *
 * @param {Plot} plot
 * @param {{ forward: number, feedback: number }} pair
 */
function draw_chosen({ canvas, context, x, y, box }, { forward, feedback }) {
  const right = Math.min(Math.max(x(forward), 8), box.right - 8);
  const down = Math.min(Math.max(y(feedback), 8), box.bottom - 8);
  for (const { ink, width } of [
    { ink: 'paper', width: 5 },
    { ink: 'ink', width: 2 },
  ]) {
    context.strokeStyle = color(canvas, ink);
    context.lineWidth = width;
    context.beginPath();
    context.arc(right, down, 6, 0, 2 * Math.PI);
    context.stroke();
  }
}
