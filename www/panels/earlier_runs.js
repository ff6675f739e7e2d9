/**
 * The runs before the one that is shown, to compare with it.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { Race } from '../race/race.js'
 */

/** @typedef {{ name: string, records: Record[] }} Run */

/** How many are kept. */
const MOST = 3;

/**
 * @param {Race} race
 * @param {() => string} name_of what the reader calls the run that has finished, if anything
 * @returns {() => Run[]} the latest of them
 */
export function earlier_runs(race, name_of) {
  /** @type {Run[]} */
  let earlier = [];
  /** This run, once it has finished. @type {Run | null} */
  let finished = null;
  let number = 1;
  race.addEventListener('done', () => {
    finished = { name: name_of() || `run ${number}`, records: race.records };
  });
  race.addEventListener('change', () => {
    // Not when it is running once more: a rule that joins, or is started again, is of the same run.
    if (!finished || race.state !== 'idle') return;
    earlier = [...earlier, finished].slice(-MOST);
    finished = null;
    number += 1;
  });
  return () => earlier;
}
