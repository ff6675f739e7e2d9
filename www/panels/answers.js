/**
 * The first test images, and what each network says of them now: its answer, and how probable it holds
 * every class.
 *
 * @import { Preview } from '../race/messages.js'
 * @import { Race } from '../race/race.js'
 * @import { Rule } from '../plot/rules.js'
 * @import { Settings } from '../settings/table.js'
 */
import { color } from '../base/colors.js';
import { element, fit_canvas, set_text } from '../base/dom.js';
import { percent } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { draw_marker, rule_names, rules } from '../plot/rules.js';
import { draw_image } from '../images/preview.js';

/** How many images are shown, and classes there are. */
const IMAGES = 8;
const CLASSES = 10;

/** Width that the marker of the rule takes beside the bars, in CSS pixels. */
const MARKER = 16;

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function answers(root, race, planned) {
  const cards = Array.from({ length: IMAGES }, () => make_card());
  root.append(element('ul', { class: 'cards' }, ...cards.map((card) => card.root)));
  const drawings = cards.map((card, image) =>
    drawing(card.root, () => {
      const { tests } = race;
      draw_test(card, tests, image);
      for (const said of card.rules) {
        said.root.hidden = !(race.settings ?? planned()).rule.includes(said.rule);
        const all = race.runners.get(said.rule)?.answers?.probabilities;
        const probabilities = all?.subarray(image * CLASSES, (image + 1) * CLASSES);
        draw_said(said, tests, image, probabilities?.length === CLASSES ? probabilities : null);
      }
    }),
  );
  const draw = () => {
    for (const draw_one of drawings) draw_one();
  };
  for (const type of ['answers', 'change']) race.addEventListener(type, draw);
  on_new_looks(root, draw);
  draw();
  return { draw };
}

/** @typedef {ReturnType<typeof make_card>} Card */
/** @typedef {ReturnType<typeof make_said>} Said */

function make_card() {
  const canvas = element('canvas', { width: 28, height: 28, class: 'picture', 'aria-hidden': 'true' });
  const truth = element('p', { class: 'truth' }, '\u00a0');
  const rules = rule_names.map((rule) => make_said(rule));
  const list = element('ul', {}, ...rules.map((said) => said.root));
  const root = element('li', { class: 'card' }, canvas, truth, list);
  return { root, canvas, truth, rules, drawn: /** @type {Preview | null} */ (null) };
}

/** @param {Rule} rule */
function make_said(rule) {
  const mark = element('span', { class: 'mark' });
  const answer = element('span');
  const bars = element('canvas', { role: 'img', 'aria-label': `${rules[rule].name}: no answer yet` });
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
 * @param {Card} card
 * @param {Preview | null} tests
 * @param {number} image
 */
function draw_test(card, tests, image) {
  if (card.drawn === tests) return;
  card.drawn = tests;
  const label = tests?.labels[image];
  set_text(card.truth, (label !== undefined && tests?.classes[label]) || '\u00a0');
  const context = card.canvas.getContext('2d');
  context?.clearRect(0, 0, card.canvas.width, card.canvas.height);
  if (!tests || label === undefined) return;
  draw_image(context, tests, image);
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
  const name = tests?.classes[said] ?? '\u00a0';
  set_text(mark, said < 0 ? '' : said === label ? '✓' : '✗');
  mark.className = said === label ? 'mark right' : 'mark wrong';
  set_text(answer, name);
  set_text(value, probabilities ? percent(probabilities[said] ?? 0) : '–');
  draw_bars(bars, rule, probabilities, label);
  if (!probabilities) return bars.setAttribute('aria-label', `${rules[rule].name}: no answer yet`);
  const listed = [...probabilities.entries()]
    .sort(([, one], [, other]) => other - one)
    .filter(([, probability]) => probability >= 0.005)
    .map(([index, probability]) => `${tests?.classes[index] ?? index} ${percent(probability)}`);
  const verdict = said === label ? 'right' : 'wrong';
  bars.setAttribute('aria-label', `${rules[rule].name}, ${verdict}: ${listed.join(', ')}`);
}

/**
 * The marker of the rule, and a bar for each class; a tick under that of the truth.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Rule} rule
 * @param {Float32Array | null} probabilities
 * @param {number | undefined} label
 */
function draw_bars(canvas, rule, probabilities, label) {
  const fitted = fit_canvas(canvas);
  if (!fitted) return;
  const { context, width, height } = fitted;
  context.fillStyle = color(canvas, rule);
  draw_marker(context, rule, 6, height / 2, 4.5);
  const [stretch, base] = [(width - MARKER) / CLASSES, height - 4];
  for (let index = 0; index < CLASSES; index++) {
    const left = MARKER + index * stretch;
    context.fillStyle = color(canvas, 'track');
    context.fillRect(left, 0, stretch - 1, base);
    const high = base * (probabilities?.[index] ?? 0);
    context.fillStyle = color(canvas, rule);
    context.fillRect(left, base - high, stretch - 1, high);
    if (index !== label) continue;
    context.fillStyle = color(canvas, 'ink');
    context.fillRect(left, base + 2, stretch - 1, 2);
  }
}
