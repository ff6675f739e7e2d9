/**
 * Where the images come from, and whether they are here yet: the page's side of the images worker.
 *
 * @import { Settings } from '../settings/configuration.js'
 * @import { WorkerLike } from '../workers/mailbox.js'
 * @import { ImagesWork, Loading } from './images.worker.js'
 * @import { Preview } from './preview.js'
 * @import { ImageSource } from './source.js'
 */
import { in_words } from '../base/failure.js';
import { count } from '../base/format.js';
import { configuration_of } from '../settings/configuration.js';
import { Mailbox } from '../workers/mailbox.js';
import { turns } from '../workers/turns.js';
import { dataset_of, generated, of_files } from './datasets.js';
import { kept } from './kept.js';

/**
 * @typedef {object} StoreState
 * @property {'waiting' | 'loading' | 'ready' | 'failed'} stage
 * @property {string} dataset
 * @property {boolean} own_files whether the images are the reader's own files
 * @property {number} fraction of the bytes that are needed, while loading
 * @property {string} message what is being loaded, or what failed
 * @property {Preview | null} preview
 */

/** The most files of which it says what is wrong with each. */
const MOST_PROBLEMS = 5;

/** Dispatches `change` when its state changes. */
export class ImageStore extends EventTarget {
  /** @type {StoreState} */
  state = {
    stage: 'waiting',
    dataset: generated.name,
    own_files: false,
    fraction: 0,
    message: '',
    preview: null,
  };

  #base;
  #hire;
  #engine;
  /** @type {Map<string, Mailbox<ImagesWork>>} one per data set: none waits for the download of another */
  #mailboxes = new Map();
  /** Data sets hosted beside the page, or stored in this browser. */
  #beside = new Set();
  #offline = false;
  /** @type {Map<string, File[]>} the reader's own files by data set, with holes */
  #own = new Map();
  #latest = 0;
  #closed = false;
  #key = '';
  /** @type {Promise<ImageSource> | null} */
  #prepared = null;

  /**
   * @param {string} base the address beside which `data/` lies
   * @param {() => WorkerLike} hire starts the images worker
   * @param {() => Promise<WebAssembly.Module>} engine the compiled core
   */
  constructor(base, hire, engine) {
    super();
    this.#base = base;
    this.#hire = hire;
    this.#engine = engine;
  }

  /** Looks which data sets lie beside the page, as `data/manifest.json` says. */
  async look_beside() {
    const response = await fetch(new URL('data/manifest.json', this.#base)).catch(() => null);
    if (response) {
      const manifest = response.ok ? await response.json().catch(() => null) : null;
      for (const { name } of of_files) if (manifest?.[name] === true) this.#beside.add(name);
      return;
    }
    this.#offline = true;
    for (const { name, files } of of_files) {
      const found = await Promise.all(files.map((file) => kept(name, `${this.#address(name)}${file.name}`)));
      if (found.every((beginning) => beginning !== null)) this.#beside.add(name);
    }
  }

  /** Whether a data set can be had, generated, from beside the page or from the reader's own files. @param {string} name */
  has(name) {
    return this.is_beside(name) || this.missing(name).length === 0;
  }

  /** Whether it can be had without the reader's own files. @param {string} name */
  is_beside(name) {
    return dataset_of(name).generated || this.#beside.has(name);
  }

  /** Why a data set cannot be had, where that is so. @param {string} name */
  absence(name) {
    const { title } = dataset_of(name);
    return this.#offline
      ? `${title} cannot be fetched offline, and this browser has no copy`
      : `${title} is not hosted with this page`;
  }

  /** The files of a data set that the reader has not given, by their place. @param {string} name */
  missing(name) {
    const own = this.#own.get(name) ?? [];
    return [...dataset_of(name).files.keys()].filter((index) => !own[index]);
  }

  /** Where the files of a data set lie. @param {string} name */
  #address(name) {
    return new URL(`data/${name}/`, this.#base).href;
  }

  /**
   * Gets the images that these settings use, if they are not here already.
   *
   * @param {Settings} settings
   * @returns {Promise<ImageSource>} rejects with a sentence for the reader
   */
  prepare(settings) {
    const { dataset, seed, examples, test_examples } = settings;
    const { generated, files } = dataset_of(dataset);
    const drawn = generated ? `seed ${seed}` : `${examples} ${test_examples}`;
    const own_files = files.length > 0 && this.missing(dataset).length === 0;
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
    const own = ++this.#latest;
    const { dataset } = settings;
    const request = async () => ({
      module: await this.#engine(),
      // The images are the same for all rules.
      configuration: configuration_of(settings, settings.rule[0] ?? ''),
      address: this.#address(dataset),
      files: own_files ? (this.#own.get(dataset) ?? []) : [],
    });
    /** @param {Loading} loading */
    const on_news = ({ label, done, total }) => {
      if (own === this.#latest) this.#update({ fraction: done / total, message: label });
    };
    try {
      const prepared = await this.#mailbox(dataset).ask('prepare', request, { without_turn: true, on_news });
      if (!prepared) throw new Error('These images are no longer needed.');
      if (own === this.#latest) {
        this.#update({ stage: 'ready', fraction: 1, message: '', preview: prepared.preview });
      }
      return prepared.source;
    } catch (error) {
      if (own === this.#latest) this.#update({ stage: 'failed', message: in_words(error) });
      throw error;
    }
  }

  /**
   * Takes files that the reader dropped or chose, in any order, a few or all at once.
   *
   * @param {File[]} files
   * @param {string} expected the data set that is named if a file is of none
   * @returns {Promise<{ dataset: string | null, problems: string[] }>} the data set of the last one, and what
   *   was wrong, in sentences
   */
  async take(files, expected) {
    const request = async () => ({ module: await this.#engine(), expected, files });
    let dataset = null;
    try {
      const answers = await this.#mailbox('identify').ask('identify', request, { without_turn: true });
      for (const { file, found } of answers ?? []) {
        if (!found) continue;
        dataset = found.dataset;
        const own = this.#own.get(dataset) ?? [];
        own[found.file] = file;
        this.#own.set(dataset, own);
      }
      this.#prepared = null;
      this.dispatchEvent(new Event('change'));
      const problems = (answers ?? []).map(({ message }) => message).filter(Boolean);
      const more = problems.splice(MOST_PROBLEMS).length;
      if (more > 0) problems.push(`${count(more)} more files cannot be used either.`);
      return { dataset, problems };
    } catch (error) {
      return { dataset, problems: [in_words(error)] };
    }
  }

  /** Ends it for good. */
  close() {
    this.#closed = true;
    for (const mailbox of this.#mailboxes.values()) mailbox.close();
  }

  /** @param {string} name */
  #mailbox(name) {
    const mailbox = this.#mailboxes.get(name) ?? new Mailbox(this.#hire, turns);
    if (this.#closed) mailbox.close();
    this.#mailboxes.set(name, mailbox);
    return mailbox;
  }

  /** @param {Partial<StoreState>} change */
  #update(change) {
    this.state = { ...this.state, ...change };
    this.dispatchEvent(new Event('change'));
  }
}
