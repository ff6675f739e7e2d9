/**
 * Where the images come from, and whether they are here yet: the page's side of the images worker.
 *
 * @import { Settings } from '../settings/configuration.js'
 * @import { WorkerLike } from '../workers/mailbox.js'
 * @import { ImagesWork, Loading } from './images.worker.js'
 * @import { Kept } from './kept_files.js'
 * @import { Preview } from './preview.js'
 * @import { ImageSource } from './source.js'
 */
import { in_words } from '../base/failure.js';
import { configuration_of } from '../settings/configuration.js';
import { Mailbox } from '../workers/mailbox.js';
import { turns } from '../workers/turns.js';
import { dataset_of, generated, of_files } from './datasets.js';
import { kept_files } from './kept_files.js';
import { kept } from './kept.js';

/**
 * @typedef {object} StoreState
 * @property {'waiting' | 'loading' | 'ready' | 'failed'} stage
 * @property {string} dataset
 * @property {boolean} own_files whether the images are the reader's own files
 * @property {number} fraction of the bytes that are needed, while loading
 * @property {string} message what is being loaded, or what failed
 * @property {Preview | null} preview
 * @property {Kept | null} read the reader's own files that were read last
 * @property {number[][] | null} counts of the reader's own images: of each class, to train and to test
 */

/** How long the manifest may take, in milliseconds. Some networks never answer, and a race waits for it. */
const PATIENCE = 30_000;

/** @typedef {{ source: ImageSource, preview: Preview, counts?: number[][] }} Prepared */

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
    counts: null,
    read: null,
  };

  #base;
  #hire;
  #engine;
  /** @type {Map<string, Mailbox<ImagesWork>>} one per data set: none waits for the download of another */
  #mailboxes = new Map();
  /** Data sets hosted beside the page, or stored in this browser. */
  #beside = new Set();
  #offline = false;
  /** @type {Map<string, Kept>} the reader's own files by data set */
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

  /** Looks which data sets lie beside the page, as `data/manifest.json` says, and which the reader has brought. */
  async look_beside() {
    const own = await kept_files();
    if (own) this.#own.set(own.dataset, own);
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(new URL('data/manifest.json', this.#base), { signal }).catch(() => null);
    const manifest = response?.ok ? await response.json().catch(() => null) : null;
    if (response && !signal.aborted) {
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
    return this.is_beside(name) || this.#own.has(name);
  }

  /** Whether it can be had without the reader's own files. @param {string} name */
  is_beside(name) {
    return dataset_of(name).generated || this.#beside.has(name);
  }

  /** Why a data set cannot be had, where that is so. @param {string} name */
  absence(name) {
    const { title, files } = dataset_of(name);
    if (files.length === 0) return `The files of ${title} are not here`;
    return this.#offline
      ? `${title} cannot be fetched offline, and this browser has no copy`
      : `${title} is not hosted with this page`;
  }

  /** Takes the reader's own files. @param {Kept} own */
  bring(own) {
    this.#own.set(own.dataset, own);
    this.#prepared = null;
    this.dispatchEvent(new Event('change'));
  }

  /** Where the files of a data set lie. @param {string} name */
  #address(name) {
    return new URL(`data/${name}/`, this.#base).href;
  }

  /**
   * Gets the images that these settings use, if they are not here already.
   *
   * @param {Settings} planned
   * @returns {Promise<ImageSource>} rejects with a sentence for the reader
   */
  prepare(planned) {
    // They are read again when a worker has its turn: controls may have changed them by then.
    const settings = structuredClone(planned);
    const { dataset, seed, image_size, examples, test_examples } = settings;
    const { generated } = dataset_of(dataset);
    const own = this.#own.get(dataset);
    const counted = own || !generated ? [examples, test_examples] : [];
    const drawn = own || generated ? [seed] : [];
    const key = [dataset, ...counted, ...drawn, own ? image_size : ''].join(' ');
    if (this.#prepared && this.#key === key && this.state.stage !== 'failed') return this.#prepared;
    this.#key = key;
    this.#update({ stage: 'loading', dataset, own_files: own !== undefined, fraction: 0, message: 'images' });
    this.#prepared = this.#prepare(settings, own);
    return this.#prepared;
  }

  /**
   * @param {Settings} settings
   * @param {Kept} [own]
   */
  async #prepare(settings, own) {
    const number = ++this.#latest;
    try {
      /** @param {Loading} loading */
      const on_news = ({ label, done, total }) => {
        if (number === this.#latest) this.#update({ fraction: done / total, message: label });
      };
      const prepared = own ? await this.#read(settings, own, on_news) : await this.#fetch(settings, on_news);
      if (!prepared) throw new Error('These images are no longer needed.');
      if (number === this.#latest) {
        const { preview, counts = null } = prepared;
        this.#update({ stage: 'ready', fraction: 1, message: '', preview, counts, read: own ?? null });
      }
      return prepared.source;
    } catch (error) {
      // Files that cannot be read don't replace those that could.
      const { read } = this.state;
      if (own && read?.dataset === own.dataset) this.#own.set(read.dataset, read);
      if (number === this.#latest) this.#update({ stage: 'failed', message: in_words(error) });
      throw error;
    }
  }

  /**
   * Reads the reader's own images.
   *
   * @param {Settings} settings
   * @param {Kept} own
   * @param {(loading: Loading) => void} on_news
   * @returns {Promise<Prepared>}
   */
  async #read(settings, own, on_news) {
    const { read_own } = await import('./own.js');
    return read_own(own, configuration_of(settings, settings.rule[0] ?? ''), on_news);
  }

  /**
   * The first images of a data set that is not in use. Only those are fetched, nothing is kept, and no worker stays for it.
   *
   * @param {Settings} settings
   * @param {string} dataset
   * @returns {Promise<Preview | null>}
   */
  async glimpse(settings, dataset) {
    const few = { ...settings, dataset, examples: settings.batch_size, test_examples: 1, record_every: 0 };
    const prepared = await this.#fetch(few).catch(() => null);
    const mailbox = this.#mailbox(dataset);
    // Unless it has been chosen since.
    if (mailbox.idle) mailbox.restart();
    return prepared && prepared.preview;
  }

  /**
   * Has them generated, or fetched from beside the page.
   *
   * @param {Settings} settings
   * @param {(loading: Loading) => void} [on_news] they are kept for use without a network if somebody waits for them
   * @returns {Promise<Prepared | null>}
   */
  async #fetch(settings, on_news) {
    const { dataset } = settings;
    if (!dataset_of(dataset).generated && dataset_of(dataset).files.length === 0) {
      throw new Error(`${this.absence(dataset)}: drop them below, or use generated images.`);
    }
    const request = async () => ({
      module: await this.#engine(),
      // The images are the same for all rules.
      configuration: configuration_of(settings, settings.rule[0] ?? ''),
      address: this.#address(dataset),
      keeps: on_news !== undefined,
    });
    return this.#mailbox(dataset).ask('prepare', request, { without_turn: true, on_news });
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
