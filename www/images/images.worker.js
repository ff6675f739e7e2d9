/**
 * Gets images: fetches files, unpacks them, has the core generate or read them, and shows the first few, all of it off the page's own thread.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 * @import { DataFile } from './datasets.js'
 * @import { ImageSource } from './source.js'
 */
import init, { check_configuration } from '../../pkg/spikealign.js';
import { in_words } from '../base/failure.js';
import { count as grouped } from '../base/format.js';
import { serve } from '../workers/serve.js';
import { read_beginning } from './beginning.js';
import { bytes_needed, dataset_of, items_in, items_used } from './datasets.js';
import { keep, kept } from './kept.js';
import { preview } from './preview.js';
import { open_images } from './source.js';

/** How many images the page shows. */
const SHOWN = 200;

/** How often progress is told, in bytes. */
const REPORT_EVERY = 250_000;

/** @typedef {typeof work} ImagesWork */

/**
 * @typedef {object} Needed
 * @property {WebAssembly.Module} module
 * @property {Configuration} configuration
 * @property {string} address of the folder of the data set
 * @property {boolean} keeps whether the files are kept for use without a network
 */

/** @typedef {{ label: string, done: number, total: number }} Loading bytes of a file, of those needed; or files */

const work = {
  /**
   * Gets the images that a configuration uses.
   *
   * @param {Needed} needed
   * @param {(loading: Loading) => void} tell
   */
  async prepare({ module, configuration, address, keeps }, tell) {
    await init({ module_or_path: module });
    check_configuration(configuration);
    const { files } = dataset_of(configuration.dataset);
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const read = [];
    // Small ones first: after the labels, everything can be shown.
    const by_size = [...files.entries()].sort(([, a], [, b]) => a.item - b.item);
    for (const [index, file] of by_size) {
      const count = items_used(file, configuration);
      const stream = await fetch_file(configuration.dataset, `${address}${file.name}`, file, count);
      read[index] = await read_file(stream, file, count, tell);
    }
    const source = { dataset: configuration.dataset, files: read.map((bytes) => new Blob([bytes])) };
    // Generated images cost time, and only the first are shown.
    const drawn = files.length > 0 ? configuration : { ...configuration, examples: SHOWN, test_examples: 1 };
    const images = await open_images(source, drawn);
    const shown = preview(images, 'train', SHOWN);
    images.free();
    // The core has read them, so they are good.
    for (const [index, { name }] of files.entries()) {
      const bytes = read[index];
      if (bytes && keeps) keep(configuration.dataset, `${address}${name}`, bytes);
    }
    return { source, preview: shown };
  },
};

serve(work);

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 * @param {DataFile} file
 * @param {number} count
 * @param {(loading: Loading) => void} tell
 */
async function read_file(stream, file, count, tell) {
  const { label } = file;
  const total = bytes_needed(file, count);
  let told = 0;
  try {
    return await read_beginning(stream, total, (done) => {
      if (done - told < REPORT_EVERY && done < total) return;
      told = done;
      tell({ label, done, total });
    });
  } catch (error) {
    throw new Error(`Failed to read the ${label}: ${in_words(error)}`);
  }
}

/**
 * The file from beside the page; or, without a network, what this browser keeps of it.
 *
 * @param {string} dataset
 * @param {string} address
 * @param {DataFile} file
 * @param {number} count
 */
async function fetch_file(dataset, address, file, count) {
  const { label } = file;
  const response = await fetch(address).catch(() => null);
  if (response?.ok && response.body) return response.body;
  if (response) throw new Error(`Failed to fetch the ${label}: the server answered ${response.status}.`);
  const beginning = await kept(dataset, address);
  if (!beginning) throw new Error(`Failed to fetch the ${label}: the connection failed.`);
  const items = items_in(file, beginning.length);
  if (items < count) {
    throw new Error(
      `The connection failed, and this browser has only the first ${grouped(items)} ${label}: ` +
        'choose no more than that, or use generated images.',
    );
  }
  return beginning.body;
}
