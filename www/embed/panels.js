/**
 * The panels that can stand alone: each fills a root, and returns its methods.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { Race, RecordDetail } from '../race/race.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { element } from '../base/dom.js';
import { in_words } from '../base/failure.js';
import { at_end } from '../base/lifetime.js';
import { figures } from '../figures/list.js';
import { dataset_of, generated } from '../images/datasets.js';
import { images_in_browser } from '../images/in_browser.js';
import { ChosenLayer } from '../panels/chosen_layer.js';
import { controls } from '../panels/controls.js';
import { panels as race_panels } from '../panels/list.js';
import { race_in_browser } from '../race/in_browser.js';
import { engine } from '../workers/engine.js';

/**
 * The parts that a panel needs.
 *
 * @typedef {object} Setup
 * @property {Settings} settings
 * @property {string} base the address beside which `data/` lies
 * @property {(type: 'record' | 'done' | 'error', detail: unknown) => void} tell tells the page
 */

/**
 * The methods of a panel.
 *
 * @typedef {object} Panel
 * @property {() => Promise<void>} start or resumes; rejects with a sentence for the reader
 * @property {() => void} pause
 * @property {() => void} reset back to the beginning, where it waits
 * @property {() => Record[]} records of this run, if it is of a race
 */

/** @typedef {(root: HTMLElement, setup: Setup) => Panel} Build */

/**
 * Every figure, every panel of the race with its controls and lanes, and `race`, which is that of the
 * accuracy.
 *
 * @type {{ [name: string]: Build }}
 */
export const panels = Object.fromEntries([
  ...figures.map(({ id, build }) => [id, of_figure(build)]),
  ...race_panels.map(({ id }) => [id, of_race(id)]),
  ['race', of_race('accuracy')],
]);

/** @param {string} name */
export function is_panel(name) {
  return Object.hasOwn(panels, name);
}

/**
 * @param {typeof figures[number]['build']} build
 * @returns {Build}
 */
function of_figure(build) {
  return (root, setup) => {
    tell_failures(root, setup);
    root.addEventListener('spikealign:over', () => setup.tell('done', { records: [] }));
    const { simulation } = build(root, setup.settings);
    return {
      start: async () => simulation?.play(),
      pause: () => simulation?.pause(),
      reset() {
        simulation?.pause();
        simulation?.seek(0);
      },
      records: () => [],
    };
  };
}

/**
 * A race with the panel of this id, and below it the lanes.
 *
 * @param {string} id
 * @returns {Build}
 */
function of_race(id) {
  return (root, setup) => {
    const { panel, race } = begin_race(root, setup);
    const shown = {
      race,
      settings: () => race.settings ?? setup.settings,
      layer: new ChosenLayer(),
      stored: null,
    };
    for (const name of new Set([id, 'lanes'])) {
      const own = race_panels.find((panel) => panel.id === name);
      const place = element(own?.saved ? 'figure' : 'div');
      root.append(place);
      own?.build(place, shown);
    }
    return panel;
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
 * A race with its controls.
 *
 * @param {HTMLElement} root
 * @param {Setup} setup
 */
function begin_race(root, { settings, base, tell }) {
  const race = race_in_browser();
  const store = images_in_browser(base);
  const looked = store.look_beside();
  const bar = element('div', { class: 'bar', role: 'group', 'aria-label': 'Training' });
  const notices = element('div', { role: 'alert' });
  root.append(bar, notices);

  /** Counts calls to start and reset: the last one holds. */
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
    if (!store.has(own.dataset)) {
      const { title } = dataset_of(own.dataset);
      own.dataset = generated.name;
      const note = `${title} is not hosted with this page: these networks learn from generated images.`;
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
  // A failure is shown here; callers of `start` get it too.
  controls(bar, race, { start: (paused) => start(paused).catch(() => {}), reset });
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
