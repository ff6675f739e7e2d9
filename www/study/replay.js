/**
 * A stored run, run again in a worker of this browser.
 *
 * @import { Configuration, Progress, Record } from '../../pkg/spikealign.js'
 * @import { ImageSource } from '../images/source.js'
 * @import { TrainingWork } from '../race/training.worker.js'
 * @import { WorkerLike } from '../workers/mailbox.js'
 */
import { description } from '../../pkg/description.js';
import { native_default } from '../settings/table.js';
import { Mailbox } from '../workers/mailbox.js';
import { turns } from '../workers/turns.js';

/** How long the worker works between two answers, in milliseconds. */
const SLICE = 200;

/** What is stored of the records of a run, or of those of its first epoch. @typedef {{ test_accuracy: number, sha256: string }} Stored */

/**
 * A stored training run.
 *
 * @typedef {object} Run
 * @property {string} key
 * @property {string} name of its variant
 * @property {string} command
 * @property {{ [name: string]: string | number | boolean }} settings by the names of the program's flags
 * @property {number} test_accuracy after the last epoch
 * @property {string} [sha256] of all records; none in an early run, of which only the first epoch can be verified
 * @property {Stored} [first_epoch]
 */

/** Images of the longest run whose records are all verified; of longer ones, those of the first epoch. */
const LONG = 50_000;

/** @typedef {{ configuration: Configuration, stored: Stored, is_whole: boolean }} Verifiable a run, or its first epoch */

/**
 * What of a run can be verified: all, or its first epoch.
 *
 * @param {Run} run
 * @returns {Verifiable | null} null if it has no digest
 */
export function verifiable({ settings, test_accuracy, sha256, first_epoch }) {
  const defaults = description.settings.map(({ name }) => [name, native_default(name)]);
  const own = Object.entries(settings).map(([flag, value]) => [flag.replaceAll('-', '_'), value]);
  /** @type {Configuration} */
  const configuration = { ...Object.fromEntries([...defaults, ...own]), rule_settings: {} };
  const is_long = configuration.epochs * configuration.examples > LONG;
  if (sha256 && !is_long) return { configuration, stored: { test_accuracy, sha256 }, is_whole: true };
  // A shorter run has the same records, as far as it goes.
  if (!first_epoch) return null;
  return { configuration: { ...configuration, epochs: 1 }, stored: first_epoch, is_whole: false };
}

/**
 * Runs it, and gives all of its records.
 *
 * @param {Configuration} configuration
 * @param {object} means
 * @param {WebAssembly.Module} means.module
 * @param {ImageSource} means.source
 * @param {() => WorkerLike} means.hire starts a worker
 * @param {(progress: Progress) => void} means.on_progress
 * @returns {Promise<Record[]>} rejects with a sentence for the reader
 */
export async function replay(configuration, { module, source, hire, on_progress }) {
  /** @type {Mailbox<TrainingWork>} */
  const mailbox = new Mailbox(hire, turns);
  try {
    const request = { module, configuration, source, checkpoint: null };
    await mailbox.ask('start', () => request, { without_turn: true });
    /** @type {Record[]} */
    const records = [];
    for (;;) {
      const progress = await mailbox.ask('advance', () => SLICE);
      if (!progress) throw new Error('The worker ended.');
      records.push(...progress.records);
      on_progress(progress);
      if (progress.stage === 'done') return records;
    }
  } finally {
    mailbox.close();
  }
}
