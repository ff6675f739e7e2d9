/** Files for the reader, by names that make sense side by side in a folder. */
import { element } from '../base/dom.js';

/**
 * Letters, digits and hyphens.
 *
 * @param {string} text
 */
const plain = (text) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/**
 * The name of a file: `spikealign-fashion-mnist-seed1-records.csv`.
 *
 * @param {(string | number)[]} parts of the name
 * @param {string} ending
 */
export function file_name(parts, ending) {
  return `${['spikealign', ...parts].map((part) => plain(String(part))).join('-')}.${ending}`;
}

/**
 * Hands a file over, as a download.
 *
 * @param {string} name
 * @param {Blob} file
 */
export function save(name, file) {
  const address = URL.createObjectURL(file);
  element('a', { href: address, download: name }).click();
  // By then it has been downloaded.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
