/**
 * Checkpoints of races, one per rule, in the browser's own storage: a race survives its tab. The worker that
 * trains keeps them; the page finds them again.
 *
 * Several pages share the storage. Each race has a name of its own, and a lock while a page holds it: no page
 * offers, continues or forgets what another one holds.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 */
import { createStore, delMany, get, keys, set, values } from 'idb-keyval';
import { answered } from '../base/answered.js';
import { is_same } from '../settings/configuration.js';

/**
 * The description of a checkpoint, without its bytes.
 *
 * @typedef {object} Kept
 * @property {string} race
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
  const key = [kept.race, kept.configuration.rule];
  // The two stores are not written at once. Bytes of the same configuration are of the same run, if
  // perhaps later in it.
  await answered(set(key, { configuration: kept.configuration, bytes }, of_bytes));
  await answered(set(key, kept, said));
}

/**
 * The races that have been kept and that no page holds, those kept last first.
 *
 * @returns {Promise<Kept[][]>} of each race its rules; nothing where nothing can be kept
 */
export async function kept_races() {
  try {
    const all = /** @type {Kept[]} */ (await answered(values(said)));
    const held = new Set((await navigator.locks?.query())?.held?.map(({ name }) => name));
    const free = all.filter(({ race }) => typeof race === 'string' && !held.has(lock_of(race)));
    /** @type {Map<string, Kept[]>} */
    const races = new Map();
    for (const kept of free.sort((a, b) => b.at - a.at)) {
      races.set(kept.race, [...(races.get(kept.race) ?? []), kept]);
    }
    return [...races.values()];
  } catch {
    return [];
  }
}

/**
 * Finds the checkpoints of a race: null for a rule that has none. It rejects, with a sentence for the reader, where there is
 * one that cannot be used: whoever began anew in silence would overwrite it.
 *
 * @param {string} race
 */
export function checkpoints_of(race) {
  return async (/** @type {Configuration} */ configuration) => {
    const found = await answered(get([race, configuration.rule], of_bytes));
    if (found && !is_same(found.configuration, configuration)) {
      throw new Error('The checkpoint in this browser is of other settings.');
    }
    return /** @type {Uint8Array | null} */ (found?.bytes ?? null);
  };
}

/** Forgets a race. @param {string} race */
export async function forget(race) {
  try {
    for (const store of [said, of_bytes]) {
      const own = (await answered(keys(store))).filter((key) => Array.isArray(key) && key[0] === race);
      await answered(delMany(own, store));
    }
  } catch {
    // Where nothing can be kept, there is nothing to forget.
  }
}

/**
 * Holds a race for this page, until the page is closed or releases it.
 *
 * @param {string} race
 * @returns {Promise<(() => void) | null>} releases it; null if another page holds it
 */
export function hold(race) {
  // Only pages of a secure context have locks.
  const { locks } = navigator;
  if (!locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const held = locks.request(lock_of(race), { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((release) => resolve(() => release(undefined)));
    });
    // A page without storage may have no locks, either.
    held.catch(() => resolve(() => {}));
  });
}

/** @param {string} race */
const lock_of = (race) => `spikealign race ${race}`;
