/**
 * A run that was measured before, to look at until the reader starts one.
 *
 * @import { LayerAlignment, Progress, Record } from '../../pkg/spikealign.js'
 * @import { Settings } from '../settings/configuration.js'
 */

/**
 * What line charts draw of a runner.
 *
 * @typedef {object} Course
 * @property {string} rule
 * @property {string} stage
 * @property {Record[]} records
 * @property {(LayerAlignment | undefined)[] | null} fresh
 * @property {Progress | null} progress
 */

/** @typedef {{ runners: Course[], settings: Pick<Settings, 'rule' | 'examples' | 'epochs'> }} Courses */

const address = new URL('../../study/page_run.json', import.meta.url);

/** @returns {Promise<Courses | null>} nothing if it cannot be fetched: the charts are empty then */
export async function stored_run() {
  try {
    const { settings, records } = await (await fetch(address)).json();
    const of = (/** @type {string} */ rule) =>
      records.filter((/** @type {Record} */ one) => one.rule === rule);
    const runners = settings.rule.map((/** @type {string} */ rule) => {
      return { rule, stage: 'done', records: of(rule), fresh: null, progress: null };
    });
    return { settings, runners };
  } catch {
    return null;
  }
}
