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
 *   if the images are generated
 */

/**
 * @param {ImageSource} source
 * @param {Pick<Configuration, 'seed' | 'examples' | 'test_examples'>} configuration
 */
export async function open_images({ dataset, files }, { seed, examples, test_examples }) {
  const bytes = files.map(async (file) => new Uint8Array(await file.arrayBuffer()));
  return Images.open(dataset, await Promise.all(bytes), seed, examples, test_examples);
}
