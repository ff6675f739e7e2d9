/**
 * Where the images of a run come from, as workers hand it to each other. A `Blob` is a handle: passing it
 * to several workers copies nothing on the page's own thread.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 */
import { Images } from '../../pkg/spikealign.js';

/**
 * @typedef {object} ImageSource
 * @property {string} dataset
 * @property {Blob[]} files its official files in order, unpacked, cut after the items that are used; none
 *   if the images are generated; or arrays: pixels and labels to train, pixels and labels to test
 * @property {{ shape: number[], classes: string[], normalisation: Float32Array }} [arrays] what the arrays mean
 */

/**
 * @param {ImageSource} source
 * @param {Pick<Configuration, 'seed' | 'examples' | 'test_examples'>} configuration
 */
export async function open_images({ dataset, files, arrays }, { seed, examples, test_examples }) {
  if (arrays) {
    const { shape, classes, normalisation } = arrays;
    // Only workers have it.
    const reader = new /** @type {any} */ (globalThis).FileReaderSync();
    const read = (/** @type {number} */ array, /** @type {number} */ start, /** @type {number} */ end) =>
      new Uint8Array(reader.readAsArrayBuffer(files[array]?.slice(start, end)));
    const lengths = new Uint32Array(files.map(({ size }) => size));
    return Images.of_arrays(new Uint32Array(shape), classes, normalisation, lengths, read);
  }
  const bytes = files.map(async (file) => new Uint8Array(await file.arrayBuffer()));
  return Images.open(dataset, await Promise.all(bytes), seed, examples, test_examples);
}
