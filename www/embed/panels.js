/**
 * The panels that can stand alone: each fills a root, and gives what it can be told to do.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { Simulation } from '../figures/simulation.js'
 * @import { RecordDetail } from '../race/race.js'
 * @import { Settings } from '../settings/table.js'
 */
import { element } from '../base/dom.js';
import { engine } from '../workers/engine.js';
import { in_words } from '../base/failure.js';
import { confounding } from '../figures/confounding.js';
import { layer } from '../figures/layer.js';
import { neuron } from '../figures/neuron.js';
import { transport } from '../figures/transport.js';
import { ImageStore } from '../images/store.js';
import { legend } from '../plot/legend.js';
import { at_end } from '../base/lifetime.js';
import { accuracy } from '../panels/accuracy.js';
import { controls } from '../panels/controls.js';
import { lanes } from '../panels/lanes.js';
import { scatter } from '../panels/scatter.js';
import { Race } from '../race/race.js';

/**
 * What a panel is made with.
 *
 * @typedef {object} Setup
 * @property {Settings} settings
 * @property {string} base the address beside which `data/` lies
 * @property {(type: 'record' | 'done' | 'error', detail: unknown) => void} tell tells the page
 */

/**
 * What a panel can be told to do.
 *
 * @typedef {object} Panel
 * @property {() => Promise<void>} start or goes on; rejects with a sentence for the reader
 * @property {() => void} pause
 * @property {() => void} reset back to the beginning, where it waits
 * @property {() => Record[]} records of this run, if it is of a race
 */

/** @typedef {'problem' | 'neuron' | 'confounding' | 'layer' | 'race' | 'scatter'} PanelName */

/** @type {{ [panel in PanelName]: (root: HTMLElement, setup: Setup) => Panel }} */
export const panels = {
  problem(root, setup) {
    tell_failures(root, setup);
    transport(root);
    return { start: async () => {}, pause() {}, reset() {}, records: () => [] };
  },
  neuron: (root, setup) => of_simulation(root, setup, neuron(root, setup.settings).simulation),
  confounding: (root, setup) => of_simulation(root, setup, confounding(root, setup.settings)),
  layer: (root, setup) => of_simulation(root, setup, layer(root, setup.settings)),
  race(root, setup) {
    const { panel, race } = of_race(root, setup);
    const figure = element(
      'figure',
      {},
      element('div', { class: 'choices' }),
      element(
        'div',
        { class: 'figure-head' },
        element('span', { class: 'y-title' }, 'Test accuracy'),
        legend(setup.settings.rule),
      ),
      element('div', { class: 'chart-box' }),
      element('p', { class: 'x-title' }, 'training images seen'),
    );
    root.append(figure);
    accuracy(figure, race, () => setup.settings);
    return panel;
  },
  scatter(root, setup) {
    const { panel, race } = of_race(root, setup);
    const figure = element('figure');
    root.append(figure);
    scatter(figure, race, () => setup.settings);
    return panel;
  },
};

/**
 * @param {string} name
 * @returns {name is PanelName}
 */
export function is_panel(name) {
  return Object.hasOwn(panels, name);
}

/**
 * @param {HTMLElement} root
 * @param {Setup} setup
 * @param {Simulation} simulation
 * @returns {Panel}
 */
function of_simulation(root, setup, simulation) {
  tell_failures(root, setup);
  root.addEventListener('spikealign:over', () => setup.tell('done', { records: [] }));
  return {
    start: async () => simulation.play(),
    pause: () => simulation.pause(),
    reset() {
      simulation.pause();
      simulation.seek(0);
    },
    records: () => [],
  };
}

/**
 * @param {HTMLElement} root
 * @param {Setup} setup
 */
function tell_failures(root, { tell }) {
  root.addEventListener('spikealign:failure', (event) => {
    tell('error', /** @type {CustomEvent<{ message: string }>} */ (event).detail);
  });
}

/**
 * The controls and lanes of a race, and the race itself.
 *
 * @param {HTMLElement} root
 * @param {Setup} setup
 */
function of_race(root, { settings, base, tell }) {
  const race = new Race();
  const store = new ImageStore(base);
  const looked = store.look_beside();
  const bar = element('div', { class: 'bar', role: 'group', 'aria-label': 'Training' });
  const notices = element('div', { role: 'alert' });
  const of_lanes = element('div');
  root.append(bar, notices, of_lanes);

  /** How often it has been told to start or to stop: what was told last holds. */
  let told = 0;
  const reset = () => {
    told += 1;
    race.reset();
  };
  const start = async (paused = false) => {
    const own = { ...settings };
    const now = ++told;
    notices.replaceChildren();
    await looked;
    if (now !== told) return;
    if (own.dataset === 'fashion-mnist' && !store.has_fashion_mnist) {
      own.dataset = 'garments';
      const note = 'Fashion-MNIST is not beside this program: these networks learn from generated images.';
      notices.append(element('p', { class: 'notice', part: 'notice' }, note));
    }
    try {
      await race.start(own, Promise.all([engine(), store.prepare(own)]), paused);
    } catch (error) {
      const message = in_words(error);
      notices.replaceChildren(element('p', { class: 'notice failure', part: 'notice' }, message));
      tell('error', { message });
      throw new Error(message, { cause: error });
    }
  };
  // A failure is shown; whoever calls `start` gets it as well.
  controls(bar, race, { start: (paused) => start(paused).catch(() => {}) });
  lanes(of_lanes, race, () => settings);
  tell_of_race(race, tell);
  at_end(root, () => {
    reset();
    store.close();
  });
  /** @type {Panel} */
  const panel = {
    async start() {
      if (race.state === 'paused') race.resume();
      else if (race.state === 'idle' || race.state === 'done') await start();
    },
    pause: () => race.pause(),
    reset,
    records: () => race.records,
  };
  return { panel, race };
}

/**
 * @param {Race} race
 * @param {Setup['tell']} tell
 */
function tell_of_race(race, tell) {
  const told = new Set();
  race.addEventListener('record', (event) => {
    const { record, again } = /** @type {CustomEvent<RecordDetail>} */ (event).detail;
    if (!again) tell('record', record);
  });
  race.addEventListener('done', () => tell('done', { records: race.records }));
  race.addEventListener('change', () => {
    for (const runner of race.runners.values()) {
      if (runner.stage !== 'failed' || told.has(runner)) continue;
      told.add(runner);
      tell('error', { rule: runner.rule, message: runner.message });
    }
  });
}
