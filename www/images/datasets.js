/**
 * The data sets, as the core describes them.
 *
 * @import { DatasetDescription } from '../../pkg/spikealign.js'
 */
import { description } from '../../pkg/description.js';

/** @typedef {DatasetDescription['files'][number]} DataFile one of the official files of a data set */

/** @param {string} name @returns {DatasetDescription} */
export function dataset_of(name) {
  const found = description.datasets.find((dataset) => dataset.name === name);
  if (!found) throw new Error(`There is no data set called “${name}”.`);
  return found;
}

/** The data set that the program draws itself: the fallback. */
export const generated = /** @type {DatasetDescription} */ (
  description.datasets.find((dataset) => dataset.generated)
);

/** The data sets that consist of files which can lie beside the page. */
export const of_files = description.datasets.filter((dataset) => dataset.files.length > 0);

/**
 * How many items of a file a run uses.
 *
 * @param {DataFile} file
 * @param {{ examples: number, test_examples: number }} configuration
 */
export function items_used({ split }, { examples, test_examples }) {
  return split === 'train' ? examples : test_examples;
}

/** How many bytes hold the first `count` items. @param {DataFile} file @param {number} count */
export function bytes_needed({ header, item }, count) {
  return header + item * count;
}

/** How many whole items the first `bytes` hold. @param {DataFile} file @param {number} bytes */
export function items_in({ header, item }, bytes) {
  return Math.max(0, Math.floor((bytes - header) / item));
}
