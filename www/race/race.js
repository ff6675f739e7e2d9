/**
 * The race: one worker per rule, all from the same settings. It knows nothing of how it is shown.
 *
 * @import { Configuration, LayerAlignment, Progress, Record } from '../../pkg/spikealign.js'
 * @import { Answers, ImageSource, Preview, TrainingReply, TrainingRequest, Which } from './messages.js'
 * @import { Rule } from '../plot/rules.js'
 * @import { Settings } from '../settings/table.js'
 * @import { Turn } from '../workers/turns.js'
 */
import { forget, kept_bytes } from './checkpoints.js';
import { in_words } from '../base/failure.js';
import program from './training.worker.js?worker&url';
import { ask_turn, end_turn } from '../workers/turns.js';
import { start_worker } from '../workers/start.js';

/** How long a worker works between two answers, in milliseconds: a pause takes no longer. */
const SLICE = 35;

/** A checkpoint is kept after every epoch, when the page is hidden, and after so many milliseconds. */
const KEEP_EVERY = 10_000;

/**
 * @typedef {object} Runner
 * @property {Rule} rule
 * @property {'preparing' | 'training' | 'done' | 'failed'} stage
 * @property {string} message what failed
 * @property {Progress | null} progress
 * @property {Record[]} records
 * @property {LayerAlignment[] | null} fresh measured in the spiking phase that is going on
 * @property {Worker | null} worker
 * @property {boolean} busy whether it has no answer yet to `start`
 * @property {Turn | null} turn while a request waits to be sent, or is unanswered
 * @property {number} steps chunks asked for one by one
 * @property {{ layer: number, most: number } | null} wanted weights to be asked for next
 * @property {{ layer: number, which: Which } | null} file to be asked for next
 * @property {boolean} recorded whether there is a record whose answers have not been asked for
 * @property {Answers | null} answers of the last record
 * @property {CheckpointOf | null} checkpoint_of what it went on from, if not from the beginning
 * @property {boolean} unkept whether a checkpoint is due
 * @property {boolean} kept whether there is one to go on from
 * @property {number} kept_at when the last one was asked for, in milliseconds
 * @property {number} told images that its latest record has seen, of those that have been told of
 */

/** @typedef {'idle' | 'preparing' | 'running' | 'paused' | 'done'} RaceState */

/**
 * What a race dispatches: `change` when its state or a runner's stage changes, `progress` when a
 * runner has moved, `alignment` when its spiking phase has measured something, `record`, `weights` and
 * `file` with a detail, `answers` when those of a record have come, `unkept` with a sentence when
 * checkpoints cannot be kept, `done` when every runner is done or failed.
 *
 * @typedef {(configuration: Configuration) => Promise<Uint8Array | null>} CheckpointOf
 * @typedef {{ runner: Runner, record: Record, again: boolean }} RecordDetail `again` if it was told of before its
 *   worker died
 * @typedef {{ rule: Rule, layer: number, weights: Float32Array }} WeightsDetail
 * @typedef {{ rule: Rule, layer: number, which: Which, file: Uint8Array }} FileDetail
 */

export class Race extends EventTarget {
  /** @type {RaceState} */
  state = 'idle';
  /** @type {Settings | null} the settings of this run, whatever the controls say by now */
  settings = null;
  /** @type {Map<Rule, Runner>} */
  runners = new Map();
  /** @type {string[]} */
  layer_names = [];
  /** @type {Preview | null} the first test images of this run, to which there are answers */
  tests = null;

  #keeps;
  #generation = 0;
  /** @type {WebAssembly.Module | null} */
  #module = null;
  /** @type {ImageSource | null} */
  #source = null;

  /** @param {{ keeps?: boolean }} [options] whether checkpoints of the run are kept in this browser */
  constructor({ keeps = false } = {}) {
    super();
    this.#keeps = keeps;
  }

  /** Every record of this run. */
  get records() {
    return [...this.runners.values()].flatMap((runner) => runner.records);
  }

  /**
   * Begins a run.
   *
   * @param {Settings} settings
   * @param {Promise<[WebAssembly.Module, ImageSource]>} ingredients
   * @param {boolean} paused whether to wait before the first chunk
   * @param {CheckpointOf | null} [checkpoint_of] what each rule goes on from, if not from the beginning
   * @returns {Promise<void>} rejects as the ingredients do, unless the run has been reset meanwhile
   */
  async start(settings, ingredients, paused, checkpoint_of = null) {
    this.#end();
    const generation = this.#generation;
    this.settings = structuredClone(settings);
    this.#enter('preparing');
    try {
      [this.#module, this.#source] = await ingredients;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#end();
      throw error;
    }
    if (this.#keeps && checkpoint_of !== kept_bytes) await forget();
    if (generation !== this.#generation) return;
    for (const rule of settings.rule) this.#hire(rule, checkpoint_of);
    this.#enter(paused ? 'paused' : 'running');
  }

  pause() {
    if (this.state !== 'running') return;
    this.#enter('paused');
    this.keep();
  }

  /** Keeps a checkpoint of every rule, as soon as its worker answers. */
  keep() {
    if (!this.#keeps) return;
    for (const runner of this.runners.values()) {
      runner.unkept = runner.stage === 'training' && runner.progress !== null;
      this.#ask_next(runner);
    }
  }

  resume() {
    if (this.state !== 'paused') return;
    this.#enter('running');
    for (const runner of this.runners.values()) this.#ask_next(runner);
  }

  /** One chunk for every rule. */
  step() {
    if (this.state !== 'paused') return;
    for (const runner of this.runners.values()) {
      runner.steps += 1;
      this.#ask_next(runner);
    }
  }

  /** Ends the run and forgets it. */
  reset() {
    if (this.#keeps && this.state !== 'idle') forget();
    this.#end();
  }

  #end() {
    this.#generation += 1;
    for (const runner of this.runners.values()) this.#dismiss(runner);
    this.runners = new Map();
    this.layer_names = [];
    this.tests = null;
    this.settings = null;
    this.#enter('idle');
  }

  /**
   * Starts one rule again after it failed: from its last checkpoint, or, if it has none or could not
   * go on from it, from the beginning.
   *
   * @param {Rule} rule
   */
  retry(rule) {
    this.#hire(rule, this.runners.get(rule)?.kept ? kept_bytes : null);
    if (this.state === 'done') this.#enter('running');
    else this.#tell('change');
  }

  /**
   * Asks for a sample of a layer's weights, to come with a `weights` event.
   *
   * @param {Rule} rule
   * @param {number} layer
   * @param {number} most how many pairs
   */
  want_weights(rule, layer, most) {
    const runner = this.runners.get(rule);
    if (!runner) return;
    runner.wanted = { layer, most };
    this.#ask_next(runner);
  }

  /**
   * Asks for a file, to come with a `file` event: all of a layer's weights, or a checkpoint.
   *
   * @param {Rule} rule
   * @param {number} layer
   * @param {Which} which
   */
  want_file(rule, layer, which) {
    const runner = this.runners.get(rule);
    if (!runner) return;
    runner.file = { layer, which };
    this.#ask_next(runner);
  }

  /**
   * @param {Rule} rule
   * @param {CheckpointOf | null} checkpoint_of
   */
  #hire(rule, checkpoint_of) {
    const generation = this.#generation;
    const former = this.runners.get(rule);
    const worker = start_worker(program, rule);
    /** @type {Runner} */
    const runner = {
      rule,
      stage: 'preparing',
      message: '',
      progress: null,
      records: [],
      fresh: null,
      worker,
      busy: true,
      turn: null,
      steps: 0,
      wanted: null,
      file: null,
      recorded: false,
      answers: null,
      checkpoint_of,
      unkept: false,
      kept: false,
      kept_at: performance.now(),
      told: former?.told ?? 0,
    };
    if (former) this.#dismiss(former);
    this.runners.set(rule, runner);
    worker.onmessage = ({ data }) => {
      if (data.generation === this.#generation) this.#hear(runner, data);
    };
    for (const type of ['error', 'messageerror']) {
      worker.addEventListener(type, (event) => {
        event.preventDefault();
        if (generation === this.#generation) this.#fail(runner, death(event));
      });
    }
    this.#send_start(runner, generation);
  }

  /**
   * @param {Runner} runner
   * @param {number} generation
   */
  async #send_start(runner, generation) {
    const [module, source, settings] = [this.#module, this.#source, this.settings];
    if (!module || !source || !settings) return;
    /** @type {Configuration} */
    const configuration = { ...settings, rule: runner.rule };
    const checkpoint = (await runner.checkpoint_of?.(configuration)) ?? null;
    if (generation !== this.#generation) return;
    try {
      /** @type {TrainingRequest} */
      const request = { type: 'start', generation, module, configuration, source, checkpoint };
      runner.worker?.postMessage(request);
    } catch (error) {
      this.#fail(runner, in_words(error));
    }
  }

  /**
   * @param {Runner} runner
   * @param {TrainingReply} reply
   */
  #hear(runner, reply) {
    runner.busy = false;
    end_turn(runner.turn);
    runner.turn = null;
    if (reply.type === 'failed') {
      this.#fail(runner, reply.message);
    } else if (reply.type === 'ready') {
      runner.stage = 'training';
      runner.records = reply.records;
      runner.recorded = reply.records.length > 0;
      this.layer_names = reply.layer_names;
      this.tests = reply.tests;
      if (reply.progress) {
        runner.kept = true;
        // One that came in a file is not in this browser yet.
        runner.unkept = this.#keeps;
        this.#move(runner, reply.progress);
      }
      this.#tell('change');
    } else if (reply.type === 'kept') {
      if (reply.problem) this.#tell('unkept', reply.problem);
      else runner.kept = true;
      this.#forget_if_over();
    } else if (reply.type === 'weights') {
      const { layer, weights } = reply;
      this.#tell('weights', { rule: runner.rule, layer, weights });
    } else if (reply.type === 'file') {
      const { layer, which, file } = reply;
      this.#tell('file', { rule: runner.rule, layer, which, file });
    } else if (reply.type === 'answers') {
      runner.answers = reply.answers;
      this.#tell('answers');
    } else {
      this.#move(runner, reply.progress);
    }
    this.#ask_next(runner);
  }

  /**
   * @param {Runner} runner
   * @param {Progress} progress
   */
  #move(runner, progress) {
    const epoch_is_over = runner.progress !== null && progress.epoch > runner.progress.epoch;
    runner.progress = progress;
    if (progress.layers) {
      runner.fresh = progress.layers;
      this.#tell('alignment');
    }
    for (const record of progress.records) {
      runner.records.push(record);
      runner.fresh = null;
      runner.recorded = true;
      const again = record.examples <= runner.told;
      runner.told = Math.max(runner.told, record.examples);
      this.#tell('record', { runner, record, again });
    }
    this.#tell('progress');
    const now = performance.now();
    if (this.#keeps && (epoch_is_over || progress.stage === 'done' || now - runner.kept_at > KEEP_EVERY)) {
      runner.unkept = true;
      runner.kept_at = now;
    }
    if (progress.stage === 'done') {
      runner.stage = 'done';
      this.#tell('change');
      this.#finish();
    }
  }

  /**
   * @param {Runner} runner
   * @param {string} message
   */
  #fail(runner, message) {
    runner.stage = 'failed';
    runner.message = message;
    this.#dismiss(runner);
    this.#tell('change');
    this.#finish();
  }

  #finish() {
    const over = [...this.runners.values()].every(({ stage }) => /done|failed/.test(stage));
    if (!over || this.state === 'done') return;
    this.#enter('done');
    this.#tell('done');
  }

  /** A run of which every rule is done needs no checkpoints any more. */
  #forget_if_over() {
    const runners = [...this.runners.values()];
    if (runners.every(({ stage, unkept }) => stage === 'done' && !unkept)) forget();
  }

  /**
   * Sends the next request when its turn comes, if there is one to send and none is unanswered.
   *
   * @param {Runner} runner
   */
  #ask_next(runner) {
    if (runner.busy || runner.turn || !runner.worker || !this.#has_request(runner)) return;
    runner.turn = ask_turn(() => {
      // While it waited, the race may have been paused.
      const request = this.#next_request(runner);
      if (request) return runner.worker?.postMessage(request);
      end_turn(runner.turn);
      runner.turn = null;
    });
  }

  /** Ends a runner's worker. @param {Runner} runner */
  #dismiss(runner) {
    runner.worker?.terminate();
    runner.worker = null;
    end_turn(runner.turn);
    runner.turn = null;
  }

  /** @param {Runner} runner */
  #has_request({ recorded, unkept, file, wanted, stage, steps }) {
    if (recorded || unkept || file || wanted) return true;
    return stage === 'training' && (this.state === 'running' || steps > 0);
  }

  /**
   * @param {Runner} runner
   * @returns {TrainingRequest | null}
   */
  #next_request(runner) {
    const generation = this.#generation;
    // Before anything is learned beyond the record, so that they belong to it.
    if (runner.recorded) {
      runner.recorded = false;
      return { type: 'answers', generation, count: this.tests?.labels.length ?? 0 };
    }
    if (runner.unkept) {
      runner.unkept = false;
      return { type: 'keep', generation };
    }
    if (runner.file) {
      const { layer, which } = runner.file;
      runner.file = null;
      return { type: 'file', generation, layer, which };
    }
    if (runner.wanted) {
      const { layer, most } = runner.wanted;
      runner.wanted = null;
      return { type: 'weights', generation, layer, most };
    }
    if (runner.stage !== 'training') return null;
    if (this.state === 'running') return { type: 'advance', generation, milliseconds: SLICE };
    if (runner.steps === 0) return null;
    runner.steps -= 1;
    return { type: 'advance', generation, milliseconds: 0 };
  }

  /** @param {RaceState} state */
  #enter(state) {
    this.state = state;
    this.#tell('change');
  }

  /**
   * @param {string} type
   * @param {RecordDetail | WeightsDetail | FileDetail | string} [detail]
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @param {Event} event of a worker that died */
function death(event) {
  const reason = event instanceof ErrorEvent && event.message ? ` (${event.message})` : '';
  return `The worker died${reason}.`;
}
