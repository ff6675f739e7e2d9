/**
 * Where the images come from, and whether they are here yet: the page's side of the images worker.
 *
 * @import { Settings } from '../settings/table.js'
 * @import { Files, ImageSource, ImagesReply, ImagesRequest, Preview } from '../race/messages.js'
 */
import { engine } from '../workers/engine.js';
import { in_words } from '../base/failure.js';
import program from './images.worker.js?worker&url';
import { part_names, parts } from './idx.js';
import { kept } from './kept.js';
import { start_worker } from '../workers/start.js';

/**
 * @typedef {object} StoreState
 * @property {'waiting' | 'loading' | 'ready' | 'failed'} stage
 * @property {Settings['dataset']} dataset
 * @property {boolean} own_files whether the images are the reader's own files
 * @property {number} fraction of the bytes that are needed, while loading
 * @property {string} message what is being loaded, or what failed
 * @property {Preview | null} preview
 */

/** Dispatches `change` when its state changes. */
export class ImageStore extends EventTarget {
  /** @type {StoreState} */
  state = {
    stage: 'waiting',
    dataset: 'garments',
    own_files: false,
    fraction: 0,
    message: '',
    preview: null,
  };

  /** @type {Files} */
  files = {};

  /** Whether Fashion-MNIST lies beside the page, or this browser keeps of it what a run has used. */
  beside = false;

  /** Why it cannot be had, where that is so. */
  absence = 'Fashion-MNIST is not beside this page';

  /** @type {Worker | null} */
  #worker = null;
  #requests = 0;
  #generation = 0;
  #key = '';
  /** @type {Promise<ImageSource> | null} */
  #prepared = null;
  /** @type {{ [generation: number]: (reply: ImagesReply) => void }} */
  #waiting = {};

  #closed = false;
  #base;

  /** @param {string} base the address beside which `data/` lies */
  constructor(base) {
    super();
    this.#base = base;
  }

  /** Looks whether Fashion-MNIST lies beside the page, as `data/manifest.json` says. */
  async look_beside() {
    const response = await fetch(new URL('data/manifest.json', this.#base)).catch(() => null);
    if (response) {
      const manifest = response.ok ? await response.json().catch(() => null) : null;
      this.beside = manifest?.['fashion-mnist'] === true;
      return;
    }
    const found = part_names.map((part) => kept(`${this.#address}${parts[part].file}`));
    this.beside = (await Promise.all(found)).every((beginning) => beginning !== null);
    this.absence = 'Fashion-MNIST cannot be fetched without a network, and this browser keeps none of it';
  }

  /** Whether Fashion-MNIST can be had, from beside the page or from the reader's own files. */
  get has_fashion_mnist() {
    return this.beside || this.missing.length === 0;
  }

  /** Where its four files lie. */
  get #address() {
    return new URL('data/fashion-mnist/', this.#base).href;
  }

  /** The parts that the reader has not given. */
  get missing() {
    return part_names.filter((part) => !this.files[part]);
  }

  /**
   * Gets the images that these settings use, if they are not here already.
   *
   * @param {Settings} settings
   * @returns {Promise<ImageSource>} rejects with a sentence for the reader
   */
  prepare(settings) {
    const { dataset, seed, examples, test_examples } = settings;
    const drawn = dataset === 'garments' ? `seed ${seed}` : `${examples} ${test_examples}`;
    const own_files = dataset === 'fashion-mnist' && this.missing.length === 0;
    const key = `${dataset} ${own_files} ${drawn}`;
    if (this.#prepared && this.#key === key && this.state.stage !== 'failed') return this.#prepared;
    this.#key = key;
    this.#update({ stage: 'loading', dataset, own_files, fraction: 0, message: 'images' });
    this.#prepared = this.#prepare(settings, own_files);
    return this.#prepared;
  }

  /**
   * @param {Settings} settings
   * @param {boolean} own_files
   */
  async #prepare(settings, own_files) {
    const generation = (this.#generation = ++this.#requests);
    try {
      const reply = await this.#ask(generation, {
        type: 'prepare',
        generation,
        module: await engine(),
        configuration: { ...settings, rule: 'bp' },
        address: this.#address,
        files: own_files ? this.files : {},
      });
      if (reply.type !== 'prepared') throw new Error(reply.type === 'failed' ? reply.message : '');
      if (generation === this.#generation) {
        this.#update({ stage: 'ready', fraction: 1, message: '', preview: reply.preview });
      }
      return reply.source;
    } catch (error) {
      if (generation === this.#generation) {
        this.#update({ stage: 'failed', message: in_words(error) });
      }
      throw error;
    }
  }

  /**
   * Takes files that the reader dropped or chose, in any order, a few or all at once.
   *
   * @param {File[]} files
   * @returns {Promise<string[]>} what was wrong with them, in sentences
   */
  async take(files) {
    const generation = ++this.#requests;
    const reply = await this.#ask(generation, { type: 'identify', generation, files });
    if (reply.type !== 'identified') {
      return [reply.type === 'failed' ? reply.message : 'The files could not be read.'];
    }
    for (const { file, part } of reply.files) if (part) this.files[part] = file;
    this.#prepared = null;
    this.dispatchEvent(new Event('change'));
    return reply.files.filter(({ part }) => !part).map(({ message }) => message);
  }

  /** Forgets the reader's own files. */
  forget_files() {
    this.files = {};
    this.#prepared = null;
    this.dispatchEvent(new Event('change'));
  }

  /** Ends it for good. */
  close() {
    this.#closed = true;
    this.#dismiss();
  }

  #dismiss() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  /**
   * @param {number} generation
   * @param {ImagesRequest} request
   * @returns {Promise<ImagesReply>} the last answer to this request
   */
  #ask(generation, request) {
    if (this.#closed) return Promise.reject(new Error('These images are no longer needed.'));
    return new Promise((resolve) => {
      this.#waiting[generation] = resolve;
      this.#worker ??= this.#hire();
      this.#worker.postMessage(request);
    });
  }

  #hire() {
    const worker = start_worker(program, 'images');
    worker.onmessage = ({ data }) => this.#hear(data);
    for (const type of ['error', 'messageerror']) {
      worker.addEventListener(type, (event) => {
        event.preventDefault();
        this.#dismiss();
        const message = 'The worker that reads the images died.';
        for (const generation of Object.keys(this.#waiting).map(Number)) {
          this.#hear({ type: 'failed', generation, message });
        }
      });
    }
    return worker;
  }

  /** @param {ImagesReply} reply */
  #hear(reply) {
    if (reply.type === 'loading') {
      if (reply.generation !== this.#generation) return;
      this.#update({ fraction: reply.done / reply.total, message: parts[reply.part].label });
      return;
    }
    this.#waiting[reply.generation]?.(reply);
    delete this.#waiting[reply.generation];
  }

  /** @param {Partial<StoreState>} change */
  #update(change) {
    this.state = { ...this.state, ...change };
    this.dispatchEvent(new Event('change'));
  }
}
