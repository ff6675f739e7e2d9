/**
 * One lane per rule: its activity, progress and accuracy. The phase that measures feedback is a hatched
 * stretch at the start of every epoch.
 *
 * @import { Race, Runner } from '../race/race.js'
 * @import { Settings } from '../settings/table.js'
 * @import { Panel } from './frame.js'
 */
import { color } from '../base/colors.js';
import { element, fit_canvas, set_text } from '../base/dom.js';
import { count, percent, seconds } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { rule_name, rule_sample } from '../plot/legend.js';
import { rules } from '../plot/rules.js';
import { draw_at, part_for_each } from './frame.js';

/** The share of an epoch's stretch that is given to its phase of measurement. */
const MEASURING_SHARE = 0.4;

/** Milliseconds between two drawings. */
const EVERY = 125;

/** @type {Panel} */
export const lanes = {
  id: 'lanes',
  build(root, { race, settings }) {
    const list = element('ul', { class: 'lanes' });
    root.append(list);
    const parts = part_for_each(list, (rule) => make_lane(rule, () => race.retry(rule)));
    const draw = drawing(
      root,
      () => {
        for (const lane of parts(settings().rule)) draw_lane(lane, race, settings());
      },
      EVERY,
    );
    on_new_looks(root, draw);
    return draw_at(race, ['change', 'progress', 'record'], draw);
  },
};

/** @typedef {ReturnType<typeof make_lane>} Lane */

/**
 * @param {string} rule
 * @param {() => void} on_retry
 */
function make_lane(rule, on_retry) {
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const doing = element('p', { class: 'doing' });
  const accuracy = element('span');
  const latest = element('p', { class: 'latest' }, element('span', {}, 'test accuracy '), accuracy);
  const retry = element('button', { type: 'button', class: 'small', hidden: true });
  const name = element('p', { class: 'who' }, rule_sample(rule), rule_name('span', rule));
  const explanation = element('p', { class: 'explanation' }, rules[rule].explanation);
  const root = element('li', { class: 'lane' }, name, latest, explanation, canvas, doing, retry);
  root.tabIndex = -1;
  retry.addEventListener('click', () => {
    // The button goes.
    root.focus();
    on_retry();
  });
  return { rule, root, canvas, doing, accuracy, retry };
}

/**
 * @param {Lane} lane
 * @param {Race} race
 * @param {Settings} settings
 */
function draw_lane(lane, race, settings) {
  const runner = race.runners.get(lane.rule);
  const failed = runner?.stage === 'failed';
  lane.root.classList.toggle('failed', failed);
  lane.retry.hidden = !failed;
  set_text(lane.retry, runner?.kept ? 'Continue from the last checkpoint' : 'Start this rule again');
  set_text(lane.doing, describe(race, settings, runner));
  const last = runner?.records.at(-1);
  set_text(lane.accuracy, last ? percent(last.test_accuracy) : '–');
  draw_track(lane.canvas, lane.rule, settings, runner);
}

/**
 * @param {Race} race
 * @param {Settings} settings
 * @param {Runner | undefined} runner
 */
function describe(race, settings, runner) {
  if (!runner) return race.state === 'preparing' ? 'waiting for images' : 'ready to start';
  if (runner.stage === 'failed') return runner.message;
  if (runner.stage === 'preparing') return 'waiting for images';
  if (!runner.progress) return race.state === 'paused' ? 'ready for its first step' : 'starting';
  const { stage, epoch, done, total } = runner.progress;
  if (stage === 'done') return `finished ${settings.epochs} ${settings.epochs === 1 ? 'epoch' : 'epochs'}`;
  const now = {
    spiking: () => `spiking, ${seconds(done)} of ${seconds(total)}`,
    training: () => `learning, ${count(done)} of ${count(total)} images`,
    testing: () => `testing, ${count(done)} of ${count(total)} images`,
  }[stage]();
  return `Epoch ${epoch} of ${settings.epochs}: ${now}`;
}

/**
 * The whole run from left to right.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} rule
 * @param {Settings} settings
 * @param {Runner | undefined} runner
 */
function draw_track(canvas, rule, settings, runner) {
  const fitted = fit_canvas(canvas);
  if (!fitted) return;
  const { context, width, height } = fitted;
  const ink = color(canvas, rule);
  const stretch = width / settings.epochs;
  const gap = stretch > 6 ? 2 : 0;
  const measuring_share = rules[rule].measures && settings.rdd_seconds > 0 ? MEASURING_SHARE : 0;
  const reached = position(runner, settings, measuring_share) * stretch;
  const hatched = measuring_share > 0 ? hatch(context, ink, color(canvas, 'paper')) : ink;
  for (const filled of [false, true]) {
    context.save();
    context.beginPath();
    context.rect(filled ? 0 : reached, 0, filled ? reached : width - reached, height);
    context.clip();
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      const start = epoch * stretch;
      const middle = start + measuring_share * stretch;
      context.fillStyle = filled ? hatched : color(canvas, 'track-spiking');
      context.fillRect(start, 0, middle - start, height);
      context.fillStyle = filled ? ink : color(canvas, 'track');
      context.fillRect(middle, 0, start + stretch - gap - middle, height);
    }
    context.restore();
  }
}

/**
 * How far a runner has come, in epochs.
 *
 * @param {Runner | undefined} runner
 * @param {Settings} settings
 * @param {number} measuring_share
 */
function position(runner, { epochs, examples }, measuring_share) {
  if (!runner?.progress) return 0;
  const { stage, epoch, done, total, examples: seen } = runner.progress;
  if (stage === 'done') return epochs;
  if (stage === 'spiking') return epoch - 1 + (measuring_share * done) / Math.max(1, total);
  const learned = (seen - (epoch - 1) * examples) / examples;
  return epoch - 1 + measuring_share + (1 - measuring_share) * Math.min(1, learned);
}

/**
 * Upright strokes, like a train of spikes.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} ink
 * @param {string} paper
 */
function hatch(context, ink, paper) {
  const tile = new OffscreenCanvas(4, 4);
  const brush = tile.getContext('2d');
  if (!brush) return ink;
  brush.fillStyle = paper;
  brush.fillRect(0, 0, 4, 4);
  brush.fillStyle = ink;
  brush.fillRect(0, 0, 2, 4);
  return context.createPattern(tile, 'repeat') ?? ink;
}
