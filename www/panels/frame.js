/**
 * Shared parts of the panels of the race.
 *
 * @import { Race } from '../race/race.js'
 * @import { ChosenLayer } from './chosen_layer.js'
 * @import { Courses } from '../race/stored.js'
 * @import { Settings } from '../settings/table.js'
 * @import { Prediction } from './prediction.js'
 */
import { element, set_text } from '../base/dom.js';
import { at_end, end_within } from '../base/lifetime.js';
import { legend } from '../plot/legend.js';

/**
 * What a panel shows.
 *
 * @typedef {object} Shown
 * @property {Race} race
 * @property {() => Settings} settings of this run, or of one that has not begun
 * @property {ChosenLayer} layer
 * @property {Courses | null} stored a run to draw until there is one
 * @property {Prediction} [prediction] of the next run and of this one
 */

/**
 * A panel: one module, one line in `panels/list.js`, and one empty place on the page.
 *
 * @typedef {object} Panel
 * @property {string} id of its place
 * @property {string} [saved] what its pictures are called; without it, the panel cannot be saved
 * @property {(root: HTMLElement, shown: Shown) => () => void} build gives what draws it, soon
 */

/**
 * Fills a figure: choices, a head with a title and a legend, and the picture.
 *
 * @param {HTMLElement} root
 * @param {{ choices?: HTMLElement[], title?: string, picture: HTMLElement }} parts
 */
export function frame(root, { choices = [], title = '', picture }) {
  const heading = element('span', { class: 'y-title' }, title);
  const key = legend();
  if (choices.length > 0) root.append(element('div', { class: 'choices' }, ...choices));
  root.append(element('div', { class: 'figure-head' }, heading, key.root), picture);
  return {
    /** @param {string[]} rules @param {string} [text] @param {boolean} [stored] whether another run is drawn */
    show(rules, text = title, stored = false) {
      key.show(rules);
      set_text(
        heading,
        stored ? `${text}: a stored run on generated garments, yours will replace this` : text,
      );
      root.classList.toggle('stored', stored);
    },
  };
}

/**
 * A part for each rule that is shown, made when it is first wanted.
 *
 * @template {{ root: HTMLElement }} Part
 * @param {HTMLElement} root
 * @param {(rule: string) => Part} make
 */
export function part_for_each(root, make) {
  /** @type {Map<string, Part>} */
  const made = new Map();
  // One that is not shown is not within the root, and ends with it.
  at_end(root, () => {
    for (const part of made.values()) end_within(part.root);
  });
  let order = '';
  return (/** @type {string[]} */ rules) => {
    const parts = rules.map((rule) => {
      const part = made.get(rule) ?? make(rule);
      made.set(rule, part);
      return part;
    });
    if (rules.join() !== order) root.replaceChildren(...parts.map((part) => part.root));
    order = rules.join();
    return parts;
  };
}

/**
 * What line charts draw: the race or, until it begins, the stored run.
 *
 * @param {Shown} shown
 * @returns {Courses & { is_stored: boolean }}
 */
export function courses({ race, settings, stored }) {
  if (stored && race.state === 'idle') return { ...stored, is_stored: true };
  return { runners: [...race.runners.values()], settings: settings(), is_stored: false };
}

/**
 * What the picture of a panel says of the run that it shows.
 *
 * @param {Shown} shown
 * @param {HTMLElement} root of the panel: not every one draws the stored run
 * @returns {{ settings: Settings, seen: number[] }} the images that each rule has seen by its last record
 */
export function run_of(shown, root) {
  const stored = root.classList.contains('stored') ? shown.stored : null;
  const { runners, settings } = courses({ ...shown, stored });
  return { settings, seen: runners.map(({ records }) => records.at(-1)?.examples ?? 0) };
}

/**
 * Calls `draw` at each of these events, and once now.
 *
 * @param {Race} race
 * @param {string[]} types
 * @param {() => void} draw
 */
export function draw_at(race, types, draw) {
  for (const type of types) race.addEventListener(type, draw);
  draw();
  return draw;
}
