/** What several seeds say of two rules. */
import { decimal } from '../base/format.js';
import { mean } from '../plot/statistics.js';

/**
 * @typedef {object} Comparison
 * @property {[string, string]} rules
 * @property {number[]} differences of their accuracies after the last epoch, seed by seed, as shares
 */

/** @typedef {Comparison & { interval: Float64Array | undefined }} Compared with the interval of the mean, if there are seeds enough */

/** @typedef {{ runners: Map<string, { stage: string, records: { test_accuracy: number }[] }> }} OneSeed */

/**
 * Every later rule against every earlier one, over the seeds with which both are done.
 *
 * @param {string[]} rules
 * @param {OneSeed[]} seeds
 * @returns {Comparison[]}
 */
export function compare(rules, seeds) {
  const end = (/** @type {OneSeed} */ { runners }, /** @type {string} */ rule) => {
    const runner = runners.get(rule);
    return runner?.stage === 'done' ? runner.records.at(-1)?.test_accuracy : undefined;
  };
  return rules.flatMap((one, place) =>
    rules.slice(0, place).map((other) => ({
      rules: /** @type {[string, string]} */ ([one, other]),
      differences: seeds.flatMap((seed) => {
        const [first, second] = [end(seed, one), end(seed, other)];
        return first === undefined || second === undefined ? [] : [first - second];
      }),
    })),
  );
}

/**
 * @param {Compared} compared
 * @param {[string, string]} names of the rules
 */
export function verdict({ differences, interval }, [one, other]) {
  const difference = mean(differences);
  const size = `${points(Math.abs(difference))} points ${difference < 0 ? 'below' : 'above'}`;
  const seeds = `After ${differences.length} ${differences.length === 1 ? 'seed' : 'seeds'}`;
  if (!interval) {
    const range = `${points(Math.min(...differences))} to ${points(Math.max(...differences))}`;
    const spread = differences.length > 1 ? ` on average (seeds: ${range})` : '';
    return `${seeds}, ${one} ends ${size} ${other}${spread}: too few seeds to tell.`;
  }
  const [low = 0, high = 0] = interval;
  const within = `95% interval ${points(low)} to ${points(high)}`;
  return low > 0 || high < 0
    ? `${seeds}, ${one} ends ${size} ${other} (${within}).`
    : `${seeds}, ${one} and ${other} cannot be told apart: ${one} ends ${size} (${within}).`;
}

/**
 * What the plot of the differences shows.
 *
 * @param {Compared} compared
 * @param {[string, string]} names of the rules
 */
export function described({ differences, interval }, [one, other]) {
  const [low = 0, high = 0] = interval ?? [];
  const within = interval ? `, 95% interval ${points(low)} to ${points(high)}` : '';
  return `${one} − ${other}: ${differences.map(points).join(', ')}; mean ${points(mean(differences))}${within}.`;
}

/** A share in percentage points. @param {number} share */
function points(share) {
  return decimal(100 * share, 1);
}
