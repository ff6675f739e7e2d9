/**
 * Feedback against forward weight, one dot a connection: a cloud where feedback is random, a line
 * where it has been measured. A dot that is chosen is announced to the page as `spikealign:pair`.
 *
 * @import { Race, WeightsDetail } from '../race/race.js'
 * @import { Rule } from '../plot/rules.js'
 * @import { Settings } from '../settings/table.js'
 */
import { color } from '../base/colors.js';
import { choices } from '../base/choices.js';
import { element, fit_canvas, set_text } from '../base/dom.js';
import { decimal, layer_title, percent, significant } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { rule_names, rules } from '../plot/rules.js';

/** How many connections are drawn, and how often they are asked for, in milliseconds. */
const MOST = 3_000;
const EVERY = 300;

/** How far from a dot a click may fall, in CSS pixels. */
const REACH = 24;

const INVITATION = 'Click on a dot to look closely at that connection.';

/**
 * @typedef {object} Plot
 * @property {HTMLElement} root
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} caption
 * @property {HTMLButtonElement} button chooses without a pointer
 * @property {Float32Array | null} weights
 * @property {[number, number]} scale half the range of the axes
 */

/**
 * What `spikealign:pair` tells of the connection that was chosen.
 *
 * @typedef {object} PairDetail
 * @property {Rule} rule
 * @property {number} layer counted from 0
 * @property {number} forward
 * @property {number} feedback
 * @property {number} spread standard deviation of the layer's forward weights, as far as they are drawn
 */

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function scatter(root, race, planned) {
  let layer = 0;
  /** @type {Rule | 'all'} */
  let view = 'all';
  /** @type {{ rule: Rule, pair: number } | null} */
  let chosen = null;
  /** @type {Map<Rule, Plot>} */
  const plots = new Map(rule_names.map((rule) => [rule, make_plot(rule)]));
  const layers = choices({
    name: 'layer',
    title: 'Layer',
    texts: { 1: '1', 2: '2', 3: '3' },
    chosen: '1',
    on_change: (value) => {
      layer = Number(value) - 1;
      forget();
      ask();
    },
  });
  const shown = choices({
    name: 'shown',
    title: 'Rules',
    texts: { all: 'side by side', bp: rules.bp.short, fa: rules.fa.short, rdd: rules.rdd.short },
    chosen: 'all',
    on_change: (value) => {
      view = value;
      draw();
    },
  });
  const boxes = element('div', { class: 'plots' }, ...[...plots.values()].map((plot) => plot.root));
  const about_chosen = element('p', { class: 'reading about-chosen' }, INVITATION);
  const said = element('p', { class: 'visually-hidden', role: 'status' });
  root.append(element('div', { class: 'choices' }, layers.root, shown.root), boxes, about_chosen, said);

  // Each plot on its own, so that no frame has to draw them all.
  const drawings = new Map(
    [...plots].map(([rule, plot]) => [
      rule,
      drawing(plot.canvas, () => {
        draw_plot(rule, plot, chosen?.rule === rule ? chosen.pair : null);
        set_text(about_chosen, chosen ? describe(chosen.rule, layer, pair_of(chosen)) : INVITATION);
      }),
    ]),
  );
  const draw = () => {
    const seen = view === 'all' ? (race.settings ?? planned()).rule : [view];
    for (const [rule, plot] of plots) plot.root.hidden = !seen.includes(rule);
    boxes.classList.toggle('single', seen.length === 1);
    for (const draw_one of drawings.values()) draw_one();
  };
  const forget = () => {
    chosen = null;
    for (const plot of plots.values()) {
      plot.weights = null;
      plot.scale = [0, 0];
    }
    draw();
  };
  /** @param {{ rule: Rule, pair: number }} choice */
  const pair_of = ({ rule, pair }) => {
    const weights = plots.get(rule)?.weights;
    return { forward: weights?.[2 * pair] ?? 0, feedback: weights?.[2 * pair + 1] ?? 0 };
  };
  /** @param {Rule} rule @param {Plot} plot @param {number | null} pair */
  const choose = (rule, plot, pair) => {
    if (pair === null || !plot.weights) return;
    chosen = { rule, pair };
    const { forward, feedback } = pair_of(chosen);
    set_text(said, `Chosen: ${describe(rule, layer, { forward, feedback })}`);
    draw();
    /** @type {PairDetail} */
    const detail = { rule, layer, forward, feedback, spread: spread(plot.weights) };
    root.dispatchEvent(new CustomEvent('spikealign:pair', { detail, bubbles: true, composed: true }));
  };
  for (const [rule, plot] of plots) {
    plot.canvas.addEventListener('click', ({ offsetX, offsetY }) =>
      choose(rule, plot, nearest(plot, offsetX, offsetY)),
    );
    plot.button.addEventListener('click', () => choose(rule, plot, strongest_disagreement(plot)));
  }
  const ask = () => {
    for (const rule of plots.keys()) race.want_weights(rule, layer, MOST);
  };
  for (const [rule, plot] of plots) {
    const ask_one = drawing(plot.root, () => race.want_weights(rule, layer, MOST), EVERY);
    race.addEventListener('progress', ask_one);
  }
  race.addEventListener('change', () => {
    if (race.runners.size === 0) forget();
    for (const [index, name] of race.layer_names.entries()) {
      const label = layers.labels[index];
      if (label) set_text(label, layer_title(name));
    }
    ask();
    draw();
  });
  race.addEventListener('weights', (event) => {
    const { detail } = /** @type {CustomEvent<WeightsDetail>} */ (event);
    const plot = plots.get(detail.rule);
    if (!plot || detail.layer !== layer) return;
    plot.weights = detail.weights;
    drawings.get(detail.rule)?.();
  });
  on_new_looks(boxes, draw);
  draw();
  return { draw };
}

/**
 * @param {Rule} rule
 * @returns {Plot}
 */
function make_plot(rule) {
  const canvas = element('canvas', { role: 'img', 'aria-label': `${rules[rule].name}: no weights yet` });
  const caption = element('p', { class: 'reading' });
  const title = element('h3', { class: `name ${rule}` }, rules[rule].name);
  const name = `Strongest disagreement, ${rules[rule].name}`;
  const attributes = { type: 'button', class: 'small', disabled: true, 'aria-label': name };
  const button = element('button', attributes, 'Strongest disagreement');
  const root = element('div', { class: 'plot' }, title, canvas, caption, button);
  return { root, canvas, caption, button, weights: null, scale: [0, 0] };
}

/**
 * @param {Rule} rule
 * @param {Plot} plot
 * @param {number | null} chosen the pair that is marked
 */
function draw_plot(rule, plot, chosen) {
  const { canvas, caption, button, weights } = plot;
  button.disabled = !weights || weights.length === 0;
  const fitted = fit_canvas(canvas);
  if (!fitted) return;
  const { context, width, height } = fitted;
  draw_frame(context, width, height, canvas);
  if (!weights || weights.length === 0) {
    set_text(caption, 'No weights yet.');
    canvas.setAttribute('aria-label', `${rules[rule].name}: no weights yet`);
    return;
  }
  plot.scale = [grown(plot.scale[0], weights, 0), grown(plot.scale[1], weights, 1)];
  const [scale_x, scale_y] = plot.scale;
  for (const agree of [false, true]) {
    context.fillStyle = color(canvas, agree ? rule : 'opposed');
    context.globalAlpha = agree ? 0.55 : 0.6;
    for (let index = 0; index + 1 < weights.length; index += 2) {
      const [forward, feedback] = [weights[index] ?? 0, weights[index + 1] ?? 0];
      if (forward * feedback > 0 !== agree) continue;
      const x = width * (0.5 + forward / (2 * scale_x));
      const y = height * (0.5 - feedback / (2 * scale_y));
      context.fillRect(x - 1, y - 1, 2, 2);
    }
  }
  context.globalAlpha = 1;
  if (chosen !== null) draw_chosen(context, canvas, place(plot, chosen));
  const { same_sign, correlation } = measure(weights);
  const reading = `same sign ${percent(same_sign)}, correlation ${decimal(correlation)}`;
  set_text(caption, reading);
  canvas.setAttribute('aria-label', `${rules[rule].name}: feedback against forward weights, ${reading}`);
}

/**
 * Where the dot of a pair is, in CSS pixels of the canvas.
 *
 * @param {Plot} plot
 * @param {number} pair
 */
function place({ canvas, weights, scale }, pair) {
  const [forward, feedback] = [weights?.[2 * pair] ?? 0, weights?.[2 * pair + 1] ?? 0];
  return {
    x: canvas.clientWidth * (0.5 + forward / (2 * scale[0])),
    y: canvas.clientHeight * (0.5 - feedback / (2 * scale[1])),
  };
}

/**
 * A ring and cross hairs around the chosen dot, held within the frame.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLCanvasElement} canvas
 * @param {{ x: number, y: number }} place
 */
function draw_chosen(context, canvas, { x, y }) {
  const [inner_x, inner_y] = [
    Math.min(Math.max(x, 8), canvas.clientWidth - 8),
    Math.min(Math.max(y, 8), canvas.clientHeight - 8),
  ];
  for (const [ink, width] of /** @type {const} */ ([
    ['paper', 5],
    ['ink', 2],
  ])) {
    context.strokeStyle = color(canvas, ink);
    context.lineWidth = width;
    context.beginPath();
    context.arc(inner_x, inner_y, 6, 0, 2 * Math.PI);
    context.stroke();
  }
}

/**
 * The pair whose dot is nearest to a point, within reach.
 *
 * @param {Plot} plot
 * @param {number} x
 * @param {number} y
 */
function nearest(plot, x, y) {
  let [best, shortest] = [/** @type {number | null} */ (null), REACH];
  for (let pair = 0; 2 * pair < (plot.weights?.length ?? 0); pair++) {
    const dot = place(plot, pair);
    const distance = Math.hypot(dot.x - x, dot.y - y);
    if (distance < shortest) [best, shortest] = [pair, distance];
  }
  return best;
}

/**
 * The pair of opposed signs whose weights are largest; where no signs are opposed, the largest of all.
 *
 * @param {Plot} plot
 */
function strongest_disagreement({ weights }) {
  let [lowest, highest] = [0, 0];
  /** @param {number} pair */
  const product = (pair) => (weights?.[2 * pair] ?? 0) * (weights?.[2 * pair + 1] ?? 0);
  for (let pair = 0; 2 * pair < (weights?.length ?? 0); pair++) {
    if (product(pair) < product(lowest)) lowest = pair;
    if (product(pair) > product(highest)) highest = pair;
  }
  return product(lowest) < 0 ? lowest : highest;
}

/**
 * Standard deviation of the forward weights.
 *
 * @param {Float32Array} weights pairs, interleaved
 */
function spread(weights) {
  const pairs = weights.length / 2;
  let [sum, squares] = [0, 0];
  for (let index = 0; index < weights.length; index += 2) {
    const forward = weights[index] ?? 0;
    sum += forward;
    squares += forward * forward;
  }
  return Math.sqrt(Math.max(0, squares / pairs - (sum / pairs) ** 2));
}

/**
 * @param {Rule} rule
 * @param {number} layer counted from 0
 * @param {{ forward: number, feedback: number }} pair
 */
function describe(rule, layer, { forward, feedback }) {
  const signs = forward * feedback > 0 ? 'the signs agree' : 'the signs differ';
  const weights = `forward weight ${significant(forward)}, feedback weight ${significant(feedback)}`;
  return `${rules[rule].name}, a connection of layer ${layer + 1}: ${weights}; ${signs}.`;
}

/**
 * Shades the quarters in which the signs agree, and names the axes where there is room.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {HTMLCanvasElement} canvas
 */
function draw_frame(context, width, height, canvas) {
  context.fillStyle = color(canvas, 'shade');
  context.fillRect(width / 2, 0, width / 2, height / 2);
  context.fillRect(0, height / 2, width / 2, height / 2);
  context.fillStyle = color(canvas, 'rule');
  context.fillRect(0, height / 2 - 0.5, width, 1);
  context.fillRect(width / 2 - 0.5, 0, 1, height);
  if (width < 200) return;
  context.fillStyle = color(canvas, 'quiet');
  context.font = '12px system-ui, sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'top';
  context.fillText('forward weight →', width - 6, height / 2 + 6);
  context.textAlign = 'left';
  context.fillText('↑ feedback weight', width / 2 + 6, 6);
}

/**
 * Half the range of an axis: it holds nearly all weights, and grows in steps, so that dots move
 * because weights do.
 *
 * @param {number} scale
 * @param {Float32Array} weights
 * @param {0 | 1} offset
 */
function grown(scale, weights, offset) {
  let sum = 0;
  for (let index = offset; index < weights.length; index += 2) sum += (weights[index] ?? 0) ** 2;
  const needed = 2.8 * Math.sqrt(sum / (weights.length / 2)) || 1;
  return scale >= needed && scale < 2 * needed ? scale : 1.25 * needed;
}

/** @param {Float32Array} weights pairs, interleaved */
function measure(weights) {
  const pairs = weights.length / 2;
  let [same, measured, sum_x, sum_y] = [0, 0, 0, 0];
  for (let index = 0; index < pairs; index++) {
    const [x, y] = [weights[2 * index] ?? 0, weights[2 * index + 1] ?? 0];
    if (y !== 0) measured += 1;
    if (x * y > 0) same += 1;
    sum_x += x;
    sum_y += y;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let index = 0; index < pairs; index++) {
    const x = (weights[2 * index] ?? 0) - sum_x / pairs;
    const y = (weights[2 * index + 1] ?? 0) - sum_y / pairs;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  return { same_sign: same / Math.max(1, measured), correlation: xy / (Math.sqrt(xx * yy) || 1) };
}
