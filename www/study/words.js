/** What the table of stored runs says. */

/**
 * The digests are equal.
 *
 * @param {object} found
 * @param {boolean} found.is_whole whether all of the run was repeated, or its first epoch
 * @param {number} found.test_accuracy of what was repeated
 * @param {number} found.records
 * @param {number} found.seconds
 */
export function equal({ is_whole, test_accuracy, records, seconds }) {
  const [what, those] = is_whole
    ? ['Equal', records === 1 ? 'its record' : `all ${records} records`]
    : ['Equal after the first epoch', accuracy(test_accuracy)];
  return `${what}: ${those}, digit for digit (${seconds.toFixed(1)} s).`;
}

/** @param {number} share */
export function accuracy(share) {
  return `${(100 * share).toFixed(2)}%`;
}

/**
 * What a button that verifies all runs does, and how long it takes.
 *
 * @param {{ is_whole: boolean }[]} runs
 * @param {number} seconds
 */
export function verify_all(runs, seconds) {
  const long = runs.some(({ is_whole }) => !is_whole) ? ', of long ones the first epoch' : '';
  return `Verify all ${runs.length} runs${long}: about ${duration(seconds)}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
