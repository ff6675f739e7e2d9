/**
 * The first test images, and each network's current answer and class probabilities.
 *
 * @import { Preview } from '../images/preview.js'
 * @import { Panel, Shown } from './frame.js'
 */
import { color } from '../base/colors.js';
import { element, fit_canvas, set_text } from '../base/dom.js';
import { percent } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { late } from '../base/late.js';
import { draw_image } from '../images/preview.js';
import { draw_marker } from '../plot/markers.js';
import { rules } from '../plot/rules.js';
import { draw_at, frame, part_for_each } from './frame.js';

/** How many images are shown. */
const IMAGES = 8;

/** Width that the marker of the rule takes beside the bars, in CSS pixels. */
const MARKER = 16;

/** @type {Panel} */
export const answers = {
  id: 'answers',
  saved: 'answers',
  build(root, shown) {
    const cards = Array.from({ length: IMAGES }, (_, image) => make_card(image, shown));
    const list = element('ul', { class: 'cards' }, ...cards.map((card) => card.root));
    const head = frame(root, { title: 'Answers and probabilities', picture: list });
    const draw = () => {
      head.show(shown.settings().rule);
      for (const card of cards) card.draw();
    };
    root.append(own_picture(shown));
    on_new_looks(root, draw);
    return draw_at(shown.race, ['answers', 'change'], draw);
  },
};

/** A place to draw, which is loaded when it is opened. @param {Shown} shown */
function own_picture(shown) {
  const board = element('div', { class: 'drawing-board' });
  const root = element('details', {}, element('summary', {}, 'Draw a picture, and ask the networks'), board);
  const open = async () => {
    const { drawing_board } = await late(board, () => import('./drawing.js'));
    drawing_board(board, shown);
  };
  root.addEventListener('toggle', open, { once: true });
  return root;
}

/**
 * @param {number} image
 * @param {Shown} shown
 */
function make_card(image, { race, settings }) {
  const canvas = element('canvas', { width: 1, height: 1, class: 'picture', 'aria-hidden': 'true' });
  const truth = element('p', { class: 'truth' }, '\u00a0');
  const list = element('ul');
  const parts = part_for_each(list, make_said);
  const root = element('li', { class: 'card' }, canvas, truth, list);
  /** @type {Preview | null} */
  let drawn = null;
  const draw = drawing(root, () => {
    const { tests } = race;
    if (drawn !== tests) draw_test(canvas, truth, tests, image);
    drawn = tests;
    for (const said of parts(settings().rule)) {
      const number = tests?.classes.length ?? 0;
      const all = race.runners.get(said.rule)?.answers?.probabilities;
      const probabilities = all?.subarray(image * number, (image + 1) * number);
      draw_said(said, tests, image, probabilities?.length ? probabilities : null);
    }
  });
  return { root, draw };
}

/** @typedef {ReturnType<typeof make_said>} Said */

/** @param {string} rule */
function make_said(rule) {
  const mark = element('span', { class: 'mark' });
  const answer = element('span');
  const bars = element('canvas', { role: 'img', 'aria-label': `${rules[rule].title}: no answer yet` });
  const value = element('span', { class: 'value' });
  const root = element(
    'li',
    {},
    element('p', { 'aria-hidden': 'true' }, mark, ' ', answer),
    element('div', { class: 'bars' }, bars, element('span', { 'aria-hidden': 'true' }, value)),
  );
  return { rule, root, mark, answer, bars, value };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} truth
 * @param {Preview | null} tests
 * @param {number} image
 */
function draw_test(canvas, truth, tests, image) {
  const label = tests?.labels[image];
  set_text(truth, (label !== undefined && tests?.classes[label]) || '\u00a0');
  [canvas.width, canvas.height] = [tests?.columns ?? 1, tests?.rows ?? 1];
  if (tests && label !== undefined) draw_image(canvas.getContext('2d'), tests, image);
}

/**
 * @param {Said} said
 * @param {Preview | null} tests
 * @param {number} image
 * @param {Float32Array | null} probabilities of the classes
 */
function draw_said({ rule, mark, answer, bars, value }, tests, image, probabilities) {
  const label = tests?.labels[image];
  const said = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
  set_text(mark, said < 0 ? '' : said === label ? '✓' : '✗');
  mark.className = said === label ? 'mark right' : 'mark wrong';
  set_text(answer, tests?.classes[said] ?? '\u00a0');
  set_text(value, probabilities ? percent(probabilities[said] ?? 0) : '–');
  draw_bars(bars, rule, probabilities, tests?.classes.length ?? 1, label);
  if (!probabilities) return bars.setAttribute('aria-label', `${rules[rule].title}: no answer yet`);
  const listed = [...probabilities.entries()]
    .sort(([, one], [, other]) => other - one)
    .filter(([, probability]) => probability >= 0.005)
    .map(([index, probability]) => `${tests?.classes[index] ?? index} ${percent(probability)}`);
  const verdict = said === label ? 'right' : 'wrong';
  bars.setAttribute('aria-label', `${rules[rule].title}, ${verdict}: ${listed.join(', ')}`);
}

/**
 * The marker of the rule, and a bar for each class; a tick under that of the correct one.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} rule
 * @param {Float32Array | null} probabilities
 * @param {number} classes
 * @param {number | undefined} label
 */
function draw_bars(canvas, rule, probabilities, classes, label) {
  const fitted = fit_canvas(canvas);
  if (!fitted) return;
  const { context, width, height } = fitted;
  context.fillStyle = color(canvas, rule);
  draw_marker(context, rules[rule].marker, 6, height / 2, 4.5);
  const [stretch, base] = [(width - MARKER) / classes, height - 4];
  for (let index = 0; index < classes; index++) {
    const left = MARKER + index * stretch;
    const wide = Math.max(1, stretch - 1);
    context.fillStyle = color(canvas, 'track');
    context.fillRect(left, 0, wide, base);
    const high = base * (probabilities?.[index] ?? 0);
    context.fillStyle = color(canvas, rule);
    context.fillRect(left, base - high, wide, high);
    if (index !== label) continue;
    context.fillStyle = color(canvas, 'ink');
    context.fillRect(left, base + 2, wide, 2);
  }
}
