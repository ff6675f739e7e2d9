/**
 * One rule of a race: its worker, how far it has come, and what it has recorded.
 *
 * @import { Configuration, LayerAlignment, Progress, Record, View } from '../../pkg/spikealign.js'
 * @import { Preview } from '../images/preview.js'
 * @import { ImageSource } from '../images/source.js'
 * @import { AnswerOf, WorkerLike } from '../workers/mailbox.js'
 * @import { Turns } from '../workers/turns.js'
 * @import { TrainingWork, Which } from './training.worker.js'
 */
import { in_words } from '../base/failure.js';
import { Mailbox } from '../workers/mailbox.js';

/** How long a worker works between two answers, in milliseconds: a pause takes no longer. */
const SLICE = 35;

/** A checkpoint is kept after every epoch, on request, and after this many milliseconds. */
const KEEP_EVERY = 10_000;

/** @typedef {AnswerOf<TrainingWork, 'answers'>} Answers */
/** @typedef {(configuration: Configuration) => Promise<Uint8Array | null>} CheckpointOf */

/**
 * What a runner needs.
 *
 * @typedef {object} Setup
 * @property {Configuration} configuration
 * @property {WebAssembly.Module} module
 * @property {ImageSource} source
 * @property {() => WorkerLike} hire starts its worker
 * @property {Turns} turns
 * @property {CheckpointOf | null} checkpoint_of what it resumes from, if not the beginning
 * @property {string} race the name by which its checkpoints are kept
 * @property {CheckpointOf | null} kept_of finds the checkpoint that its worker has kept; null if none are kept
 * @property {() => boolean} is_running whether the race is running, and not paused
 * @property {number} told images seen by the latest record that an earlier runner announced
 */

/**
 * Dispatches `change` when its stage changes, `progress` when it has moved, `alignment` when its spiking
 * phase has measured something, `record` with a detail, `answers` when those of a record have come, `kept`
 * after a checkpoint, and `unkept` with a sentence if that failed.
 *
 * @typedef {{ record: Record, again: boolean }} RecordNews `again` if it was announced before its worker died
 */
export class Runner extends EventTarget {
  /** @type {'preparing' | 'training' | 'done' | 'failed'} */
  stage = 'preparing';
  /** What failed. */
  message = '';
  /** @type {Progress | null} */
  progress = null;
  /** @type {Record[]} */
  records = [];
  /** @type {(LayerAlignment | undefined)[] | null} by layer, measured by the current phase */
  fresh = null;
  /** @type {Answers | null} those of the last record */
  answers = null;
  /** @type {Map<number, View>} samples of the network, by the images seen by the record that each belongs to */
  views = new Map();
  /** @type {string[]} */
  layer_names = [];
  /** @type {Preview | null} the first test images */
  tests = null;
  /** @type {CheckpointOf | null} the last checkpoint, if any */
  last_checkpoint = null;

  #setup;
  /** @type {Mailbox<TrainingWork>} */
  #mailbox;
  #told;
  #steps = 0;
  #advancing = false;
  #closed = false;
  #keeping = 0;
  #kept_at = performance.now();

  /** @param {Setup} setup */
  constructor(setup) {
    super();
    this.#setup = setup;
    this.#told = setup.told;
    this.#mailbox = new Mailbox(setup.hire, setup.turns, (message) => this.#fail(message));
  }

  get rule() {
    return this.#setup.configuration.rule;
  }

  get configuration() {
    return this.#setup.configuration;
  }

  /** Whether there is a network that can be asked for its weights. */
  get living() {
    return this.stage === 'training' || this.stage === 'done';
  }

  /** Whether it is done or has failed. */
  get over() {
    return this.stage === 'done' || this.stage === 'failed';
  }

  /** Whether there is a checkpoint to resume from. */
  get kept() {
    return this.last_checkpoint !== null;
  }

  /** Whether a checkpoint is being kept, or waits to be. */
  get keeping() {
    return this.#keeping > 0;
  }

  /** Images seen by the latest record announced. */
  get told() {
    return this.#told;
  }

  /** Starts its worker. */
  async start() {
    const { module, configuration, source, checkpoint_of } = this.#setup;
    const request = async () => {
      const checkpoint = (await checkpoint_of?.(configuration)) ?? null;
      return { module, configuration, source, checkpoint };
    };
    const ready = await this.#ask(() => this.#mailbox.ask('start', request, { without_turn: true }));
    // Its worker may have died since it answered.
    if (!ready || this.#closed) return;
    this.stage = 'training';
    this.records = ready.records;
    this.layer_names = ready.layer_names;
    this.tests = ready.tests;
    if (ready.records.length > 0) this.#ask_answers();
    if (ready.progress) {
      this.last_checkpoint = checkpoint_of;
      this.#move(ready.progress);
      // A checkpoint from a file is not in this browser yet.
      this.keep();
    }
    if (this.stage === 'training') this.#tell('change');
    this.go_on();
  }

  /** Advances for as long as the race is running, and for the steps that were asked for. */
  async go_on() {
    if (this.#advancing || !this.#may_advance()) return;
    this.#advancing = true;
    // When its turn comes, the race may have been paused.
    const slice = () => {
      if (this.#setup.is_running()) return SLICE;
      if (this.#steps === 0) return null;
      this.#steps -= 1;
      return 0;
    };
    const progress = await this.#ask(() => this.#mailbox.ask('advance', slice));
    this.#advancing = false;
    if (progress && !this.#closed) this.#move(progress);
    this.go_on();
  }

  /** One chunk, as soon as its worker answers. */
  step() {
    this.#steps += 1;
    this.go_on();
  }

  /** Keeps a checkpoint, if checkpoints are kept and training has begun. */
  async keep() {
    if (!this.#setup.kept_of || !this.progress || !this.living) return;
    this.#keeping += 1;
    this.#kept_at = performance.now();
    const request = () => ({ race: this.#setup.race, at: Date.now() });
    const kept = await this.#ask(() => this.#mailbox.ask('keep', request, { latest: true }));
    this.#keeping -= 1;
    if (kept === true) this.last_checkpoint = this.#setup.kept_of;
    else if (kept) this.#tell('unkept', kept);
    if (kept) this.#tell('kept');
  }

  /**
   * A sample of a layer's weights: pairs of forward and feedback weight, interleaved.
   *
   * @param {number} layer
   * @param {number} most how many pairs
   * @returns {Promise<Float32Array | null>} null if a newer sample was asked for, or there is no network
   */
  weights(layer, most) {
    if (!this.living) return Promise.resolve(null);
    return this.#ask(() => this.#mailbox.ask('weights', () => ({ layer, most }), { latest: true }));
  }

  /**
   * A sample of the network now.
   *
   * @returns {Promise<View | null>} null if another one was asked for, or there is no network
   */
  view() {
    if (!this.living) return Promise.resolve(null);
    return this.#ask(() => this.#mailbox.ask('view', () => undefined, { latest: true }));
  }

  /**
   * The probabilities of the classes for an image that is not of the data set.
   *
   * @param {Uint8Array} image
   * @returns {Promise<Float32Array | null>} null if a newer image was asked about, or there is no network
   */
  answer(image) {
    if (!this.living) return Promise.resolve(null);
    return this.#ask(() => this.#mailbox.ask('answer', () => image, { latest: true }));
  }

  /**
   * All of a layer's weights, or a checkpoint, as a file.
   *
   * @param {number} layer
   * @param {Which} which
   * @returns {Promise<Uint8Array | null>}
   */
  file(layer, which) {
    if (!this.living) return Promise.resolve(null);
    return this.#ask(() => this.#mailbox.ask('file', () => ({ layer, which })));
  }

  /** Ends its worker; no more events follow. */
  close() {
    this.#closed = true;
    this.#mailbox.close();
  }

  #may_advance() {
    if (this.#closed || this.stage !== 'training') return false;
    return this.#setup.is_running() || this.#steps > 0;
  }

  /** Asked before further training, so that the answers belong to the record. */
  async #ask_answers() {
    const count = this.tests?.labels.length ?? 0;
    const examples = this.records.at(-1)?.examples ?? 0;
    const answers = await this.#ask(() => this.#mailbox.ask('answers', () => count));
    if (!answers) return;
    this.answers = answers;
    this.views.set(examples, answers.view);
    this.#tell('answers');
  }

  /**
   * Asks its worker; any failure there ends this runner.
   *
   * @template Answer
   * @param {() => Promise<Answer | null>} ask
   * @returns {Promise<Answer | null>}
   */
  async #ask(ask) {
    try {
      const answer = await ask();
      return this.#closed ? null : answer;
    } catch (error) {
      this.#fail(in_words(error));
      return null;
    }
  }

  /** @param {Progress} progress */
  #move(progress) {
    const epoch_is_over = this.progress !== null && progress.epoch > this.progress.epoch;
    this.progress = progress;
    for (const { layer, alignment } of progress.measured) {
      this.fresh ??= [];
      this.fresh[layer] = alignment;
    }
    if (progress.measured.length > 0) this.#tell('alignment');
    for (const record of progress.records) {
      this.records.push(record);
      this.fresh = null;
      const again = record.examples <= this.#told;
      this.#told = Math.max(this.#told, record.examples);
      this.#tell('record', { record, again });
    }
    if (progress.records.length > 0) this.#ask_answers();
    this.#tell('progress');
    const is_done = progress.stage === 'done';
    if (epoch_is_over || is_done || performance.now() - this.#kept_at > KEEP_EVERY) this.keep();
    if (!is_done) return;
    this.stage = 'done';
    this.#tell('change');
  }

  /** @param {string} message */
  #fail(message) {
    if (this.#closed) return;
    this.stage = 'failed';
    this.message = message;
    this.close();
    this.dispatchEvent(new CustomEvent('change'));
  }

  /**
   * @param {string} type
   * @param {RecordNews | string} [detail]
   */
  #tell(type, detail) {
    if (!this.#closed) this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
