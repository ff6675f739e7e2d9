/** What charts draw: the course of a number, rule by rule. */
import { deviation, mean } from './statistics.js';

/** @typedef {{ x: number[], y: number[] }} Points */

/**
 * `stopped` where its worker failed. Of several seeds: the mean, its standard deviation, and the seeds.
 *
 * @typedef {Points & { stopped?: boolean, spread?: number[], seeds?: Points[] }} Line
 */
/** @typedef {Map<string, Line>} Lines by rule */

/**
 * The mean of lines, and their standard deviation, where all have a value.
 *
 * @param {Points[]} lines one at least
 */
export function mean_line(lines) {
  const [first] = lines;
  const rows = (first?.x ?? []).map((x) => lines.map((line) => line.y[line.x.indexOf(x)] ?? NaN));
  const known = rows.map((row) => !row.some(Number.isNaN));
  const all = rows.filter((_, index) => known[index]);
  const unbiased = Math.sqrt(lines.length / Math.max(1, lines.length - 1));
  return {
    x: (first?.x ?? []).filter((_, index) => known[index]),
    y: all.map(mean),
    spread: all.map((row) => unbiased * deviation(row)),
  };
}

/**
 * The last value at or before `x`; none beyond the end of the line.
 *
 * @param {Line} line
 * @param {number} x
 */
export function value_at(line, x) {
  if (x > (line.x.at(-1) ?? -1)) return undefined;
  return line.y[line.x.findLastIndex((at) => at <= x)];
}
