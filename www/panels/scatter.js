/**
 * Feedback against forward weight, one dot a connection: a cloud where feedback is random, a line
 * where it has been measured. A dot that is chosen is announced to the page as `spikealign:pair`.
 *
 * @import { Panel, Shown } from './frame.js'
 */
import { description } from '../../pkg/description.js';
import { choices } from '../base/choices.js';
import { element, set_text } from '../base/dom.js';
import { significant } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { rule_names, rules } from '../plot/rules.js';
import { draw_at, part_for_each } from './frame.js';
import { Cloud } from './cloud.js';
import { layer_choice } from './layer_choice.js';

/** How many connections are drawn, and how often they are asked for, in milliseconds. */
const MOST = 3_000;
const EVERY = 300;
/** Plots in a row, at most. */
const IN_A_ROW = 4;

const short_names = Object.fromEntries(rule_names.map((rule) => [rule, rules[rule].short]));

const INVITATION = 'Click a dot to inspect its connection.';

/**
 * What `spikealign:pair` tells of the connection that was chosen.
 *
 * @typedef {object} PairDetail
 * @property {string} rule
 * @property {number} layer its index in the layers of a record
 * @property {number} forward
 * @property {number} feedback
 * @property {number} spread standard deviation of the layer's forward weights drawn
 */

/** @type {Panel} */
export const scatter = {
  id: 'scatter',
  saved: 'weights',
  build(root, shown) {
    const { race } = shown;
    const clouds = new Clouds(root, shown);
    const renew = () => {
      if (race.runners.size === 0) clouds.forget();
      clouds.ask();
    };
    race.addEventListener('change', renew);
    renew();
    return draw_at(race, ['change'], () => clouds.draw());
  },
};

/** A cloud for each rule, all of one layer. */
class Clouds {
  #root;
  #shown;
  #parts;
  /** The rule that is shown, or `all`. */
  #view = 'all';
  /** @type {{ cloud: Cloud, pair: number } | null} */
  #chosen = null;
  #layers;
  /** The labels of the choice of a rule. @type {{ [rule: string]: HTMLElement }} */
  #views = {};
  #boxes = element('div', { class: 'plots' });
  #about = element('p', { class: 'reading about-chosen' }, INVITATION);
  #said = element('p', { class: 'visually-hidden', role: 'status' });

  /**
   * @param {HTMLElement} root
   * @param {Shown} shown
   */
  constructor(root, shown) {
    this.#root = root;
    this.#shown = shown;
    this.#layers = layer_choice('layer', shown.layer, shown.race);
    shown.layer.addEventListener('change', () => {
      this.forget();
      this.ask();
    });
    this.#parts = part_for_each(this.#boxes, (rule) => this.#make(rule));
    const head = element('div', { class: 'choices' }, this.#layers, this.#view_choice());
    root.append(head, this.#boxes, this.#about, this.#said);
    on_new_looks(this.#boxes, () => this.draw());
  }

  get #layer() {
    return this.#shown.layer.index;
  }

  draw() {
    const { rule: running } = this.#shown.settings();
    for (const [rule, label] of Object.entries(this.#views)) label.hidden = !running.includes(rule);
    const seen = running.includes(this.#view) ? [this.#view] : running;
    const rows = Math.ceil(seen.length / IN_A_ROW);
    this.#boxes.classList.toggle('single', seen.length === 1);
    this.#boxes.style.setProperty('--columns', String(Math.ceil(seen.length / rows)));
    this.#boxes.style.setProperty('--narrow', String(Math.min(3, seen.length)));
    for (const { draw } of this.#parts(seen)) draw();
    set_text(this.#about, this.#chosen ? this.#describe(this.#chosen) : INVITATION);
  }

  /** Asks for the weights of every rule. */
  ask() {
    const { race } = this.#shown;
    for (const rule of race.runners.keys()) this.#ask_of(rule);
  }

  /** @param {string} rule */
  async #ask_of(rule) {
    const layer = this.#layer;
    const weights = await this.#shown.race.weights(rule, layer, MOST);
    if (!weights || layer !== this.#layer) return;
    // Named by its inputs and outputs, `512→128`.
    const sizes = this.#shown.race.layer_names[layer]?.split('→') ?? [];
    const size = sizes.reduce((size, number) => size * Number(number), 1);
    this.#clouds.get(rule)?.take(weights, weights.length === 2 * size);
  }

  forget() {
    this.#chosen = null;
    for (const cloud of this.#clouds.values()) cloud.forget();
    this.draw();
  }

  /** @type {Map<string, Cloud>} of the rules that have been shown */
  #clouds = new Map();

  /** @param {string} rule */
  #make(rule) {
    const cloud = new Cloud(rule, (pair) => this.#choose(cloud, pair));
    this.#clouds.set(rule, cloud);
    // Separately, so that no frame has to draw them all.
    const draw = drawing(cloud.canvas, () =>
      cloud.draw(this.#chosen?.cloud === cloud ? this.#chosen.pair : null),
    );
    cloud.changed = draw;
    const { race } = this.#shown;
    const ask = drawing(cloud.root, () => void this.#ask_of(rule), EVERY);
    race.addEventListener('progress', ask);
    return { root: cloud.root, draw };
  }

  /** @param {Cloud} cloud @param {number} pair */
  #choose(cloud, pair) {
    this.#chosen = { cloud, pair };
    set_text(this.#said, `Chosen: ${this.#describe(this.#chosen)}`);
    this.draw();
    const { forward, feedback } = cloud.pair(pair);
    /** @type {PairDetail} */
    const detail = { rule: cloud.rule, layer: this.#layer, forward, feedback, spread: cloud.spread };
    this.#root.dispatchEvent(new CustomEvent('spikealign:pair', { detail, bubbles: true, composed: true }));
  }

  /** @param {{ cloud: Cloud, pair: number }} choice */
  #describe({ cloud, pair }) {
    const { forward, feedback } = cloud.pair(pair);
    const signs = forward * feedback > 0 ? 'the signs agree' : 'the signs differ';
    const weights = `forward weight ${significant(forward)}, feedback weight ${significant(feedback)}`;
    const layer = description.layers[this.#layer].toLowerCase();
    return `${rules[cloud.rule].title}, a connection of ${layer}: ${weights}; ${signs}.`;
  }

  #view_choice() {
    const { root, labels } = choices({
      name: 'shown',
      title: 'Rules',
      texts: { all: 'side by side', ...short_names },
      chosen: 'all',
      on_change: (value) => {
        this.#view = value;
        this.draw();
      },
    });
    for (const [index, rule] of rule_names.entries()) {
      const label = labels[index + 1]?.closest('label');
      if (label) this.#views[rule] = label;
    }
    return root;
  }
}
