/**
 * Feedback against forward weight, one dot a connection: a cloud where feedback is random, a line
 * where it has been measured.
 *
 * @import { Race, WeightsDetail } from '../race.js'
 * @import { Rule } from '../rules.js'
 */
import { color, on_scheme } from '../colors.js';
import { element, fit_canvas, set_text } from '../dom.js';
import { decimal, layer_title, percent } from '../format.js';
import { drawing } from '../frames.js';
import { rule_names, rules } from '../rules.js';

/** How many connections are drawn, and how often they are asked for, in milliseconds. */
const MOST = 3_000;
const EVERY = 300;

/**
 * @typedef {object} Plot
 * @property {HTMLElement} root
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} caption
 * @property {Float32Array | null} weights
 * @property {[number, number]} scale half the range of the axes
 */

/**
 * @param {HTMLElement} root
 * @param {Race} race
 */
export function scatter(root, race) {
  let layer = 0;
  /** @type {Map<Rule, Plot>} */
  const plots = new Map(rule_names.map((rule) => [rule, make_plot(rule)]));
  const layers = choices('Layer', ['1', '2', '3'], '1', (value) => {
    layer = Number(value) - 1;
    forget(plots);
    ask();
  });
  const shown = choices('Rules', ['side by side', ...rule_names], 'side by side', (value) => {
    for (const [rule, plot] of plots) plot.root.hidden = value !== 'side by side' && value !== rule;
    boxes.classList.toggle('single', value !== 'side by side');
    draw();
  });
  const boxes = element('div', { class: 'plots' }, ...[...plots.values()].map((plot) => plot.root));
  root.append(element('div', { class: 'choices' }, layers.root, shown.root), boxes);

  // Each plot on its own, so that no frame has to draw them all.
  const drawings = new Map(
    [...plots].map(([rule, plot]) => [rule, drawing(plot.canvas, () => draw_plot(rule, plot))]),
  );
  const draw = () => {
    for (const draw_one of drawings.values()) draw_one();
  };
  const ask = () => {
    for (const rule of plots.keys()) race.want_weights(rule, layer, MOST);
  };
  for (const [rule, plot] of plots) {
    const ask_one = drawing(plot.root, () => race.want_weights(rule, layer, MOST), EVERY);
    race.addEventListener('progress', ask_one);
  }
  race.addEventListener('change', () => {
    if (race.runners.size === 0) forget(plots);
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
  on_scheme(draw);
  new ResizeObserver(draw).observe(boxes);
  draw();
}

/** @param {Map<Rule, Plot>} plots */
function forget(plots) {
  for (const plot of plots.values()) {
    plot.weights = null;
    plot.scale = [0, 0];
  }
}

/**
 * @param {Rule} rule
 * @returns {Plot}
 */
function make_plot(rule) {
  const canvas = element('canvas', { role: 'img' });
  const caption = element('p', { class: 'reading' });
  const title = element('h3', { class: `name ${rule}` }, rules[rule].name);
  const root = element('div', { class: 'plot' }, title, canvas, caption);
  return { root, canvas, caption, weights: null, scale: [0, 0] };
}

/**
 * A group of radio buttons.
 *
 * @param {string} title
 * @param {string[]} values
 * @param {string} chosen
 * @param {(value: string) => void} on_change
 */
function choices(title, values, chosen, on_change) {
  const name = `scatter-${title.toLowerCase()}`;
  const labels = values.map((value) => {
    const text = rule_names.find((rule) => rule === value);
    return element('span', {}, text ? rules[text].short : value);
  });
  const options = values.map((value, index) => {
    const input = element('input', { type: 'radio', name, value, checked: value === chosen });
    input.addEventListener('change', () => on_change(value));
    return element('label', {}, input, labels[index] ?? '');
  });
  const root = element('fieldset', {}, element('legend', {}, title), ...options);
  return { root, labels };
}

/**
 * @param {Rule} rule
 * @param {Plot} plot
 */
function draw_plot(rule, plot) {
  const { canvas, caption, weights } = plot;
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
  const { same_sign, correlation } = measure(weights);
  const reading = `same sign ${percent(same_sign)}, correlation ${decimal(correlation)}`;
  set_text(caption, reading);
  canvas.setAttribute('aria-label', `${rules[rule].name}: feedback against forward weights, ${reading}`);
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
