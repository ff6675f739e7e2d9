/**
 * A run that was measured before, to look at until the reader starts one.
 *
 * @import { LayerAlignment, Progress, Record } from '../../pkg/spikealign.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { default_settings } from '../settings/table.js';

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

/** @typedef {{ runners: Course[], settings: Settings }} Courses */

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
    // Like the native program's, the other defaults of the page are those of the core.
    return { settings: { ...default_settings(), ...settings }, runners };
  } catch {
    return null;
  }
}
