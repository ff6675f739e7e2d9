/**
 * The panels that can stand alone: each fills a root, and gives what it can be told to do.
 *
 * @import { Settings } from '../settings.js'
 * @import { Simulation } from '../figures/simulation.js'
 */
import { element } from '../dom.js';
import { engine } from '../engine.js';
import { in_words } from '../failure.js';
import { confounding } from '../figures/confounding.js';
import { layer } from '../figures/layer.js';
import { neuron } from '../figures/neuron.js';
import { transport } from '../figures/transport.js';
import { ImageStore } from '../image_store.js';
import { legend } from '../legend.js';
import { at_end } from '../lifetime.js';
import { accuracy } from '../panels/accuracy.js';
import { controls } from '../panels/controls.js';
import { lanes } from '../panels/lanes.js';
import { scatter } from '../panels/scatter.js';
import { Race } from '../race.js';
import { rule_names } from '../rules.js';

/**
 * What a panel can be told to do.
 *
 * @typedef {object} Panel
 * @property {() => Promise<void>} start
 * @property {() => void} pause
 * @property {() => void} reset
 * @property {Race | null} race whose records are shown, if it is of a race
 */

/** @typedef {'problem' | 'neuron' | 'confounding' | 'layer' | 'race' | 'scatter'} PanelName */

/** @type {{ [panel in PanelName]: (root: HTMLElement, settings: Settings, base: string) => Panel }} */
export const panels = {
  problem(root) {
    transport(root);
    return { start: async () => {}, pause() {}, reset() {}, race: null };
  },
  neuron: (root, { seed }) => of_simulation(neuron(root, { seed }).simulation),
  confounding: (root, { seed }) => of_simulation(confounding(root, { seed })),
  layer: (root, { seed, estimator }) => of_simulation(layer(root, { seed, estimator })),
  race(root, settings, base) {
    const panel = race_panel(root, settings, base);
    const chart = element('div', { class: 'chart-box' });
    const figure = element(
      'figure',
      { part: 'chart' },
      element('div', { class: 'choices' }),
      element(
        'div',
        { class: 'figure-head' },
        element('span', { class: 'y-title' }, 'Test accuracy'),
        legend(rule_names),
      ),
      chart,
      element('p', { class: 'x-title' }, 'training images seen'),
    );
    root.append(figure);
    accuracy(figure, panel.race, () => settings);
    return panel;
  },
  scatter(root, settings, base) {
    const panel = race_panel(root, settings, base);
    const figure = element('figure', { part: 'chart' });
    root.append(figure);
    scatter(figure, panel.race);
    return panel;
  },
};

/**
 * @param {string | null} name
 * @returns {name is PanelName}
 */
export function is_panel(name) {
  return name !== null && Object.hasOwn(panels, name);
}

/**
 * @param {Simulation} simulation
 * @returns {Panel}
 */
function of_simulation(simulation) {
  return {
    start: async () => simulation.play(),
    pause: () => simulation.pause(),
    reset: () => simulation.seek(0),
    race: null,
  };
}

/**
 * The controls and lanes of a race, and the race itself.
 *
 * @param {HTMLElement} root
 * @param {Settings} settings
 * @param {string} base the address beside which `data/` lies
 */
function race_panel(root, settings, base) {
  const race = new Race();
  const store = new ImageStore(base);
  const looked = store.look_beside();
  const bar = element('div', { class: 'bar', role: 'group', 'aria-label': 'Training', part: 'controls' });
  const notices = element('div', { role: 'alert' });
  const of_lanes = element('div', { part: 'lanes' });
  root.append(bar, notices, of_lanes);
  at_end(root, () => {
    race.reset();
    store.close();
  });
  const start = async (paused = false) => {
    notices.replaceChildren();
    await looked;
    const own = { ...settings };
    if (own.dataset === 'fashion-mnist' && !store.has_fashion_mnist) own.dataset = 'garments';
    try {
      await race.start(own, Promise.all([engine(), store.prepare(own)]), paused);
    } catch (error) {
      notices.replaceChildren(element('p', { class: 'notice failure' }, in_words(error)));
      throw error;
    }
  };
  // A failure is shown; whoever calls `start` gets it as well.
  controls(bar, race, { start: (paused) => void start(paused).catch(() => {}) });
  lanes(of_lanes, race, () => settings);
  return {
    race,
    async start() {
      if (race.state === 'paused') race.resume();
      else if (race.state !== 'running') await start();
    },
    pause: () => race.pause(),
    reset: () => race.reset(),
  };
}
