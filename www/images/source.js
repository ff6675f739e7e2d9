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
  const bytes = files.map(async (file) => new Uint8Array(await file.arrayBuffer()));
  if (arrays) {
    const { shape, classes, normalisation } = arrays;
    return Images.of_arrays(new Uint32Array(shape), classes, normalisation, await Promise.all(bytes));
  }
  return Images.open(dataset, await Promise.all(bytes), seed, examples, test_examples);
}
