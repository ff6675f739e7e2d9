/**
 * The race: one runner per rule, all from the same settings. It knows nothing about display or the browser:
 * workers and storage are passed in.
 *
 * @import { Record, View } from '../../pkg/spikealign.js'
 * @import { Preview } from '../images/preview.js'
 * @import { ImageSource } from '../images/source.js'
 * @import { Settings } from '../settings/configuration.js'
 * @import { WorkerLike } from '../workers/mailbox.js'
 * @import { Turns } from '../workers/turns.js'
 * @import { CheckpointOf, RecordNews } from './runner.js'
 * @import { Which } from './training.worker.js'
 */
import { configuration_of } from '../settings/configuration.js';
import { Runner } from './runner.js';

/** @typedef {'idle' | 'preparing' | 'running' | 'paused' | 'done'} RaceState */

/**
 * What a race needs.
 *
 * @typedef {object} Means
 * @property {(rule: string) => WorkerLike} hire starts the worker of a rule
 * @property {Turns} turns
 * @property {Storage | null} storage for checkpoints; null if none are kept
 */

/**
 * Where workers keep checkpoints. Each race has a name of its own there, and is held by one page at a time.
 *
 * @typedef {object} Storage
 * @property {(race: string) => CheckpointOf} checkpoints_of
 * @property {(race: string) => Promise<void>} forget
 * @property {(race: string) => Promise<(() => void) | null>} hold releases it; null if another page holds it
 */

/**
 * What a race resumes from: its name in the storage, if it was kept there, and its checkpoints.
 *
 * @typedef {{ race: string | null, checkpoint_of: CheckpointOf }} Resumed
 */

/** @typedef {RecordNews & { runner: Runner }} RecordDetail */

export { Runner };

/**
 * Dispatches `change` when its state or a runner's stage changes, `progress` when a runner has moved,
 * `alignment` when its spiking phase has measured something, `record` with a `RecordDetail`, `answers` when
 * those of a record have come, `unkept` with a sentence when checkpoints cannot be kept, `done` when every
 * runner is done or failed.
 */
export class Race extends EventTarget {
  /** @type {RaceState} */
  state = 'idle';
  /** @type {Settings | null} the settings of this run, not of the controls */
  settings = null;
  /** @type {Map<string, Runner>} by rule */
  runners = new Map();
  /** @type {string[]} */
  layer_names = [];
  /** @type {Race[]} the same race with other seeds, each of which dispatches `seeds` here when it has moved */
  others = [];
  /** @type {Preview | null} the first test images of this run, to which there are answers */
  tests = null;

  #means;
  /** @type {{ module: WebAssembly.Module, source: ImageSource } | null} */
  #ingredients = null;
  /** Numbers the runs: late answers of a reset one are dropped. */
  #run = 0;
  /** The name of this run in the storage. */
  #name = '';
  /** Lets other pages have it. */
  #release = () => {};

  /** @param {Means} means */
  constructor(means) {
    super();
    this.#means = means;
  }

  /** Whether checkpoints of the run are kept. */
  get keeps() {
    return this.#means.storage !== null;
  }

  /** Every record of this run. */
  get records() {
    return [...this.runners.values()].flatMap((runner) => runner.records);
  }

  /** Whether a reset would lose unfinished training. */
  get unfinished() {
    if (this.state !== 'running' && this.state !== 'paused') return false;
    return [...this.runners.values()].some(({ progress }) => progress !== null);
  }

  /**
   * Begins a run.
   *
   * @param {Settings} settings
   * @param {Promise<[WebAssembly.Module, ImageSource]>} ingredients
   * @param {boolean} paused whether to wait before the first chunk
   * @param {Resumed | null} [resumed] what it resumes from, if not the beginning
   * @returns {Promise<void>} rejects as the ingredients do, unless the run has been reset meanwhile
   */
  async start(settings, ingredients, paused, resumed = null) {
    if (this.state === 'done') this.#forget();
    this.#end();
    const run = this.#run;
    this.settings = structuredClone(settings);
    this.#name = resumed?.race ?? `${Date.now()} ${Math.random()}`;
    this.#enter('preparing');
    let arrived;
    try {
      [arrived] = await Promise.all([ingredients, this.#hold(run)]);
    } catch (error) {
      if (run !== this.#run) return;
      this.#end();
      throw error;
    }
    if (run !== this.#run) return;
    const [module, source] = arrived;
    this.#ingredients = { module, source };
    // Before the runners start, because they read it.
    this.state = paused ? 'paused' : 'running';
    for (const rule of this.settings.rule) this.#hire(rule, resumed?.checkpoint_of ?? null);
    this.#tell('change');
  }

  pause() {
    if (this.state !== 'running') return;
    this.#enter('paused');
    this.keep();
  }

  /** Keeps a checkpoint of every rule that is not at its end, as soon as its worker answers. */
  keep() {
    for (const runner of this.runners.values()) if (!runner.over) runner.keep();
  }

  resume() {
    if (this.state !== 'paused') return;
    this.#enter('running');
    for (const runner of this.runners.values()) runner.go_on();
  }

  /** One chunk for every rule. */
  step() {
    if (this.state !== 'paused') return;
    for (const runner of this.runners.values()) runner.step();
  }

  /** Ends the run and forgets it. */
  reset() {
    const was_idle = this.state === 'idle';
    this.#close();
    // After its workers, which might keep another checkpoint.
    if (!was_idle) this.#forget();
    this.#end();
  }

  /**
   * Restarts a failed rule: from its last checkpoint, or, without a usable one, from the beginning.
   *
   * @param {string} rule
   */
  retry(rule) {
    const former = this.runners.get(rule);
    if (former?.stage !== 'failed') return;
    if (this.state === 'done') this.state = 'running';
    this.#hire(rule, former.last_checkpoint, former.told);
    this.#tell('change');
  }

  /**
   * Lets more rules learn beside those that do, from the beginning.
   *
   * @param {Pick<Settings, 'rule' | 'rule_settings'>} settings all rules that learn from now on, in order
   * @returns {boolean} false if there is no race that they could join
   */
  add({ rule: rules, rule_settings }) {
    if (!this.settings) return false;
    const before = this.settings.rule;
    const added = rules.filter((rule) => !before.includes(rule));
    const own = Object.entries(rule_settings).filter(([name]) => added.includes(name.split('.', 1)[0] ?? ''));
    Object.assign(this.settings.rule_settings, Object.fromEntries(own));
    this.settings.rule = [...rules];
    // While images are being fetched, no rule has a worker yet: all start when the images arrive.
    if (this.#ingredients) {
      if (this.state === 'done' && added.length > 0) {
        this.state = 'running';
        // What was over has been forgotten, and is again part of a race that may be interrupted.
        for (const runner of this.runners.values()) if (runner.stage === 'done') runner.keep();
      }
      for (const rule of added) this.#hire(rule, null);
    }
    this.#tell('change');
    return true;
  }

  /** Runs a race that is done once more, with the next seed. */
  add_seed() {
    if (this.state !== 'done' || !this.settings || !this.#ingredients) return;
    const { module, source } = this.#ingredients;
    const other = new Race({ ...this.#means, storage: null });
    this.others.push(other);
    for (const type of ['record', 'change']) other.addEventListener(type, () => this.#tell('seeds'));
    // Only its records are needed then.
    other.addEventListener('done', () => other.#close());
    const seed = this.settings.seed + this.others.length;
    other.start({ ...this.settings, seed }, Promise.resolve([module, source]), false);
  }

  /**
   * A sample of a layer's weights: pairs of forward and feedback weight, interleaved.
   *
   * @param {string} rule
   * @param {number} layer
   * @param {number} most how many pairs
   * @returns {Promise<Float32Array | null>} null if a newer sample was asked for, or there is no network
   */
  async weights(rule, layer, most) {
    return (await this.runners.get(rule)?.weights(layer, most)) ?? null;
  }

  /**
   * A sample of a network now.
   *
   * @param {string} rule
   * @returns {Promise<View | null>} null if a newer one was asked for, or there is no network
   */
  async view(rule) {
    return (await this.runners.get(rule)?.view()) ?? null;
  }

  /**
   * A file: all of a layer's weights, or a checkpoint.
   *
   * @param {string} rule
   * @param {number} layer
   * @param {Which} which
   * @returns {Promise<Uint8Array | null>} null if there is no network
   */
  async file(rule, layer, which) {
    return (await this.runners.get(rule)?.file(layer, which)) ?? null;
  }

  /** Holds its name, so that no other page continues it. @param {number} run */
  async #hold(run) {
    const { storage } = this.#means;
    if (!storage) return;
    const release = await storage.hold(this.#name);
    if (!release) throw new Error('Another page of this browser has continued this race.');
    if (run === this.#run) this.#release = release;
    else release();
  }

  /** Forgets its checkpoints, before another page may have it. */
  #forget() {
    const release = this.#release;
    this.#release = () => {};
    this.#means.storage?.forget(this.#name).then(release);
  }

  #close() {
    for (const runner of this.runners.values()) runner.close();
  }

  #end() {
    this.#run += 1;
    this.#close();
    this.#release();
    this.#release = () => {};
    for (const other of this.others) other.#close();
    this.others = [];
    this.runners = new Map();
    this.layer_names = [];
    this.tests = null;
    this.settings = null;
    this.#ingredients = null;
    this.#enter('idle');
  }

  /**
   * @param {string} rule
   * @param {CheckpointOf | null} checkpoint_of
   * @param {number} [told]
   */
  #hire(rule, checkpoint_of, told = 0) {
    if (!this.settings || !this.#ingredients) return;
    const { hire, turns, storage } = this.#means;
    const runner = new Runner({
      ...this.#ingredients,
      configuration: configuration_of(this.settings, rule),
      hire: () => hire(rule),
      turns,
      checkpoint_of,
      race: this.#name,
      kept_of: storage?.checkpoints_of(this.#name) ?? null,
      is_running: () => this.state === 'running',
      told,
    });
    this.runners.set(rule, runner);
    for (const type of ['progress', 'alignment', 'answers']) {
      runner.addEventListener(type, () => this.#tell(type));
    }
    runner.addEventListener('record', (event) => {
      const { detail } = /** @type {CustomEvent<RecordNews>} */ (event);
      this.#tell('record', { ...detail, runner });
    });
    runner.addEventListener('unkept', (event) => {
      this.#tell('unkept', /** @type {CustomEvent<string>} */ (event).detail);
    });
    runner.addEventListener('kept', () => this.#forget_if_over());
    runner.addEventListener('change', () => {
      if (runner.layer_names.length > 0) this.layer_names = runner.layer_names;
      this.tests = runner.tests ?? this.tests;
      this.#tell('change');
      this.#finish();
    });
    runner.start();
  }

  #finish() {
    if (this.state === 'done' || ![...this.runners.values()].every(({ over }) => over)) return;
    this.#enter('done');
    this.#tell('done');
  }

  /** A run of which every rule is done needs no checkpoints any more. */
  #forget_if_over() {
    const runners = [...this.runners.values()];
    if (runners.every(({ stage, keeping }) => stage === 'done' && !keeping)) {
      this.#means.storage?.forget(this.#name);
    }
  }

  /** @param {RaceState} state */
  #enter(state) {
    this.state = state;
    this.#tell('change');
  }

  /**
   * @param {string} type
   * @param {RecordDetail | string} [detail]
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
