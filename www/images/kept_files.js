/**
 * The reader's own files, and what they call the classes, kept in this browser for the next visit.
 *
 * @import { OwnFile } from './readers.worker.js'
 */
import { createStore, get, set } from 'idb-keyval';
import { answered } from '../base/answered.js';

/**
 * @typedef {object} Kept
 * @property {string} dataset
 * @property {OwnFile[]} files
 * @property {string[]} names of the classes, in place of those in the files; or none
 */

/** The most files that are kept: with more, to keep them would hold up the page for over a second. */
export const MOST_KEPT = 2000;

const KEY = 'own';
const store = createStore('spikealign-own-images', 'files');

/** @param {Kept} own @returns {Promise<boolean>} whether it could be kept */
export async function keep_files(own) {
  if (own.files.length > MOST_KEPT) return false;
  try {
    await answered(set(KEY, own, store));
    return true;
  } catch {
    return false;
  }
}

/** What was kept last. @returns {Promise<Kept | undefined>} nothing where nothing can be kept */
export async function kept_files() {
  try {
    return await answered(get(KEY, store));
  } catch {
    return undefined;
  }
}
