/**
 * The stage: a diagram of each network, at any moment of which there is a record, or now.
 *
 * @import { View } from '../../pkg/spikealign.js'
 * @import { Panel, Shown } from './frame.js'
 */
import { description } from '../../pkg/description.js';
import { element, set_text } from '../base/dom.js';
import { count } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { rule_name } from '../plot/legend.js';
import { rules } from '../plot/rules.js';
import { draw_at, part_for_each } from './frame.js';
import { layer_choice } from './layer_choice.js';
import { draw_network, layer_at } from './stage_drawing.js';
import { describe_layer, moments, view_at } from './stage_model.js';

/** How often a running network is asked for, and how long an image takes up and down, in milliseconds. */
const [EVERY, PASS] = [300, 2_400];

/** @type {Panel} */
export const stage = { id: 'stage', build };

/**
 * @param {HTMLElement} root
 * @param {Shown} shown
 */
function build(root, { race, settings, layer }) {
  /** @type {number | null} images seen, or null for now */
  let moment = null;
  let reached = 2;
  /** @type {Map<string, View>} how the networks are now */
  const now = new Map();

  const slider = element('input', {
    type: 'range',
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    'aria-label': 'Moment',
  });
  // The slider itself says it.
  const said = element('output', { 'aria-live': 'off' }, 'now');
  const play = element('button', { type: 'button', class: 'small' }, 'Send the image');
  play.hidden = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const networks = element('div', { class: 'networks' });
  const head = element(
    'div',
    { class: 'choices' },
    layer_choice('stage_layer', layer, race),
    element('label', { class: 'moment' }, 'Epoch', slider, said),
    play,
  );
  root.append(head, networks);

  const parts = part_for_each(networks, (rule) => {
    const canvas = element('canvas', { role: 'img' });
    const reading = element('p', { class: 'reading' });
    const part = element('div', {}, rule_name('h3', rule), canvas, reading);
    canvas.addEventListener('click', ({ offsetY }) => layer.choose(layer_at(canvas, offsetY)));
    const ask = drawing(part, () => void look(rule), EVERY);
    race.addEventListener('progress', ask);
    const draw = drawing(canvas, () => {
      const runner = race.runners.get(rule);
      const at = moment ?? Infinity;
      const view = (moment === null && now.get(rule)) || view_at(runner?.views ?? new Map(), at);
      const angles = runner?.records.findLast(({ examples }) => examples <= at)?.gradient_angles ?? [];
      const told = (view?.layers ?? []).map((one, index) => describe_layer(one, angles[index]));
      set_text(reading, told[layer.index] ?? 'No network yet.');
      const listed = told.map((words, index) => `${description.layers[index]}: ${words}`).join('. ');
      canvas.setAttribute('aria-label', `${rules[rule].title}. ${listed || 'No network yet'}.`);
      const { layer_names: names, tests } = race;
      draw_network(canvas, { rule, view, angles, names, tests, chosen: layer.index, reached });
    });
    return { root: part, draw };
  });

  const draw = () => {
    const all = moments(race.runners.values());
    slider.max = String(all.length);
    slider.value = String(moment === null ? all.length : all.indexOf(moment));
    const per_epoch = settings().examples;
    const words = moment === null ? 'now' : `${(moment / per_epoch).toFixed(2)}: ${count(moment)} images`;
    set_text(said, words);
    slider.setAttribute('aria-valuetext', words);
    for (const part of parts(settings().rule)) part.draw();
  };
  /** @param {string} rule */
  const look = async (rule) => {
    const view = moment === null ? await race.view(rule) : null;
    if (!view) return;
    now.set(rule, view);
    draw();
  };

  slider.addEventListener('input', () => {
    moment = moments(race.runners.values())[Number(slider.value)] ?? null;
    draw();
  });
  layer.addEventListener('change', draw);
  play.addEventListener('click', () => {
    const start = performance.now();
    const step = (/** @type {number} */ time) => {
      reached = Math.min(2, (2 * Math.max(0, time - start)) / PASS);
      draw();
      if (reached < 2) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  race.addEventListener('change', () => {
    if (race.runners.size === 0) {
      now.clear();
      moment = null;
    }
    for (const rule of race.runners.keys()) look(rule);
  });
  on_new_looks(networks, draw);
  return draw_at(race, ['answers', 'change'], draw);
}
