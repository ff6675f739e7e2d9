/** What charts draw: the course of a number, rule by rule. */

/** @typedef {{ x: number[], y: number[], stopped?: boolean }} Line `stopped` where its worker failed */
/** @typedef {Map<string, Line>} Lines by rule */

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
