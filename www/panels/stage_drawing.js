/**
 * Draws a network: units as discs, feedback as edges, errors as bars, and each layer's update as an arrow.
 *
 * @import { View } from '../../pkg/spikealign.js'
 * @import { Preview } from '../images/preview.js'
 */
import { color } from '../base/colors.js';
import { element, fit_canvas } from '../base/dom.js';
import { layer_title } from '../base/format.js';
import { draw_image } from '../images/preview.js';
import { FONT, align, haloed, line } from '../plot/axes.js';
import { edges_of } from './stage_model.js';

/** In CSS pixels: the margins, room for the arrows on the right, the image, a disc, a bar, an arrow. */
const [TOP, SIDE, RIGHT, BOTTOM, IMAGE, DISC, BAR, ARROW] = [40, 14, 74, 66, 40, 5, 13, 24];
/** Where layers are lower, names would lie on the arrows, and are left out: the choice of a layer has them. */
const NAMED = 42;

/**
 * @typedef {object} Look
 * @property {string} rule
 * @property {View | null} view
 * @property {number[]} angles of each layer's update to backpropagation's, in degrees
 * @property {string[]} names of the layers
 * @property {Preview | null} tests
 * @property {number} chosen layer
 * @property {number} reached how far the image has come up, and then its error down: from 0 to 2
 */

/**
 * The layer at a height of the drawing.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} y
 */
export function layer_at({ clientHeight }, y) {
  const share = (clientHeight - BOTTOM - y) / (clientHeight - BOTTOM - TOP);
  return Math.max(0, Math.min(3, Math.floor(4 * share)));
}

/** @param {HTMLCanvasElement} canvas @param {Look} look */
export function draw_network(canvas, look) {
  const fitted = fit_canvas(canvas);
  const { view, tests } = look;
  if (!fitted || !view) return;
  const { context, width, height } = fitted;
  const top = view.layers.length;
  const right = width - RIGHT;
  const y = (/** @type {number} */ level) => height - BOTTOM - (level * (height - BOTTOM - TOP)) / top;
  const x = (/** @type {number} */ level, /** @type {number} */ unit) =>
    SIDE + ((unit + 0.5) * (right - SIDE)) / (view.levels[level]?.units.length ?? 1);
  context.fillStyle = color(canvas, 'shade');
  context.fillRect(0, y(look.chosen + 1), width, y(look.chosen) - y(look.chosen + 1));
  for (const index of view.layers.keys()) draw_layer(canvas, context, look, index, { x, y, right });
  for (const level of view.levels.keys()) draw_level(canvas, context, look, level, { x, y });
  if (!tests) return;
  const label = tests.labels[0] ?? 0;
  const unit = view.levels[top]?.units.indexOf(label) ?? 0;
  const name = tests.classes[label] ?? '';
  context.fillStyle = color(canvas, 'ink');
  context.font = FONT;
  const half = context.measureText(name).width / 2;
  align(context, 'center', 'bottom');
  context.fillText(name, Math.max(half, Math.min(width - half, x(top, unit))), TOP - 22);
  context.fillRect(x(top, unit) - DISC, TOP - 18, 2 * DISC, 2);
  const picture = element('canvas', { width: tests.columns, height: tests.rows });
  const brush = picture.getContext('2d');
  draw_image(brush, tests, 0);
  // Of one channel only opacity is drawn: it gets the ink of the scheme.
  if (brush && tests.channels === 1) {
    brush.globalCompositeOperation = 'source-in';
    brush.fillStyle = color(canvas, 'ink');
    brush.fillRect(0, 0, tests.columns, tests.rows);
  }
  const middle = (SIDE + right) / 2;
  context.fillStyle = color(canvas, 'shade');
  context.fillRect(middle - IMAGE / 2, height - IMAGE - 2, IMAGE, IMAGE);
  context.drawImage(picture, middle - IMAGE / 2, height - IMAGE - 2, IMAGE, IMAGE);
}

/** @typedef {{ x: (level: number, unit: number) => number, y: (level: number) => number, right: number }} Places */

/**
 * The edges of a layer, and the arrow of its update.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {number} index
 * @param {Places} places
 */
function draw_layer(canvas, context, { rule, view, angles, names, chosen }, index, { x, y, right }) {
  const layer = view?.layers[index];
  if (!view || !layer) return;
  const above = view.levels[index + 1]?.units.length ?? 1;
  const edges = edges_of(layer);
  context.save();
  context.globalAlpha = index === chosen ? 1 : 0.45;
  // Wrong ones first, dashed too, so that no colour has to be told apart.
  for (const right_sign of [false, true]) {
    context.strokeStyle = color(canvas, right_sign ? rule : 'opposed');
    context.setLineDash(right_sign ? [] : [3, 3]);
    for (const [place, { width, agrees }] of edges.entries()) {
      if (agrees !== right_sign) continue;
      context.lineWidth = Math.max(0.4, width);
      line(context, x(index, Math.floor(place / above)), y(index), x(index + 1, place % above), y(index + 1));
    }
  }
  context.restore();
  context.fillStyle = color(canvas, index === chosen ? 'ink' : 'quiet');
  const middle = (y(index) + y(index + 1)) / 2;
  if (edges.length === 0) {
    align(context, 'center', 'middle');
    haloed(context, canvas, 'straight from the output', (SIDE + right) / 2, middle);
  }
  context.font = FONT;
  align(context, 'right', 'middle');
  const angle = angles[index];
  const edge = right + RIGHT;
  const row = y(index) - y(index + 1);
  if (row >= NAMED) {
    context.fillText(layer_title(names[index] ?? ''), edge - 2, middle - 22);
  }
  if (angle === undefined) return;
  context.fillText(`${angle.toFixed(0)}°`, edge - 2, middle + 4);
  context.save();
  const length = Math.min(ARROW, Math.max(NAMED, row) - 26);
  context.translate(right + 22, middle - 8);
  context.lineWidth = 2;
  context.setLineDash([2, 3]);
  context.strokeStyle = color(canvas, 'quiet');
  line(context, 0, 0, 0, length);
  context.setLineDash([]);
  context.strokeStyle = color(canvas, rule);
  context.rotate((-angle * Math.PI) / 180);
  line(context, 0, 0, 0, length);
  line(context, -4, length - 6, 0, length);
  line(context, 4, length - 6, 0, length);
  context.restore();
}

/**
 * The units of a level: how active, and the error at each, by backpropagation and by the rule.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {number} index
 * @param {Pick<Places, 'x' | 'y'>} places
 */
function draw_level(canvas, context, { rule, view, reached }, index, { x, y }) {
  const level = view?.levels[index];
  if (!view || !level) return;
  const share = index / view.layers.length;
  const { units, activity, sent, exact } = level;
  const [low, high] = [Math.min(...activity), Math.max(...activity)];
  const errors = [
    { values: exact, ink: 'ink', left: DISC + 1 },
    { values: sent, ink: rule, left: DISC + 5 },
  ];
  for (const unit of units.keys()) {
    const [across, up] = [x(index, unit), y(index)];
    context.beginPath();
    context.arc(across, up, DISC, 0, 2 * Math.PI);
    context.fillStyle = color(canvas, 'paper');
    context.fill();
    if (reached >= share) {
      context.globalAlpha = ((activity[unit] ?? 0) - low) / (high - low || 1);
      context.fillStyle = color(canvas, 'ink');
      context.fill();
      context.globalAlpha = 1;
    }
    context.lineWidth = 1;
    context.strokeStyle = color(canvas, 'quiet');
    context.stroke();
    if (reached < 2 - share) continue;
    for (const { values, ink, left } of errors) {
      const tall = (BAR * (values[unit] ?? 0)) / (Math.max(...values.map(Math.abs)) || 1);
      context.fillStyle = color(canvas, ink);
      context.fillRect(across + left, up - Math.max(0, tall), 3, Math.abs(tall));
    }
  }
}
