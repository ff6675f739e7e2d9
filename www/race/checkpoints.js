/**
 * Checkpoints of the latest run, one per rule, in the browser's own storage: a run survives its tab. The
 * worker that trains keeps them; the page finds them again.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 */
import { clear, createStore, get, set, values } from 'idb-keyval';
import { is_same } from '../settings/configuration.js';

/**
 * The description of a checkpoint, without its bytes.
 *
 * @typedef {object} Kept
 * @property {Configuration} configuration
 * @property {number} epoch from 1
 * @property {boolean} done
 * @property {number} at when it was kept, in milliseconds since 1970
 */

/** Descriptions and bytes in separate stores, so that describing a run reads no megabytes. */
const said = createStore('spikealign', 'checkpoints');
const of_bytes = createStore('spikealign-bytes', 'checkpoints');

/**
 * Keeps a checkpoint instead of an older one.
 *
 * @param {Kept} kept
 * @param {Uint8Array} bytes
 */
export async function keep(kept, bytes) {
  const { rule } = kept.configuration;
  // The two stores are not written at once. Bytes of the same configuration are of the same run, if
  // perhaps later in it.
  await set(rule, { configuration: kept.configuration, bytes }, of_bytes);
  await set(rule, kept, said);
}

/**
 * What has been kept.
 *
 * @returns {Promise<Kept[]>} nothing where nothing can be kept
 */
export async function all_kept() {
  try {
    return await values(said);
  } catch {
    return [];
  }
}

/**
 * The checkpoint of an experiment, if there is one.
 *
 * @param {Configuration} configuration
 * @returns {Promise<Uint8Array | null>}
 */
export async function kept_bytes(configuration) {
  try {
    const found = await get(configuration.rule, of_bytes);
    return found && is_same(found.configuration, configuration) ? found.bytes : null;
  } catch {
    return null;
  }
}

/** Forgets them all. */
export async function forget() {
  try {
    await Promise.all([clear(said), clear(of_bytes)]);
  } catch {
    // Where nothing can be kept, there is nothing to forget.
  }
}
