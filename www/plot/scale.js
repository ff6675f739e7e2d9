/** Scales and ticks of every axis, of charts and canvases alike. */

/**
 * From values to pixels.
 *
 * @param {readonly [number, number]} range
 * @param {readonly [number, number]} pixels
 */
export function scale([low, high], [from, to]) {
  return (/** @type {number} */ value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * A step of 1, 2 or 5 times a power of ten, of which at most `most` span an axis.
 *
 * @param {number} span
 * @param {number} most
 */
export function round_step(span, most) {
  const power = 10 ** Math.floor(Math.log10(span / most));
  const digit = span / most / power;
  return power * ([1, 2, 5].find((round) => digit <= round * (1 + 1e-9)) ?? 10);
}

/**
 * Round values between the ends of an axis.
 *
 * @param {readonly [number, number]} range
 * @param {number} most
 */
export function ticks([low, high], most) {
  const step = round_step(high - low, Math.max(1, most));
  const values = [];
  for (let index = Math.ceil(low / step - 1e-6); index * step <= high + step * 1e-6; index++) {
    values.push(Number((index * step).toPrecision(12)));
  }
  return values;
}

/**
 * Of values that are equally far apart every one, every second, or so on, whose labels do not meet.
 *
 * @param {number[]} values
 * @param {(value: number) => number} place in pixels
 * @param {number} height of a label
 */
export function with_room(values, place, height) {
  const [first, second] = values;
  if (first === undefined || second === undefined) return values;
  const every = Math.ceil(height / Math.abs(place(second) - place(first)));
  return values.filter((_, index) => index % every === 0);
}

/**
 * The range of an axis, which grows in round steps, so that lines move because values do.
 *
 * @param {number | null} low
 * @param {number | null} high
 * @param {[number, number] | null} [range] what is always shown
 * @returns {[number, number]}
 */
export function range_of(low, high, range) {
  if (low === null || high === null) return range ?? [0, 1];
  const step = round_step(range ? range[1] - range[0] : high - low || Math.abs(high) || 1, 5);
  const [below, above] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  if (!range) return below < above ? [below, above] : [below - step, above + step];
  return [low < range[0] ? below : range[0], high > range[1] ? above : range[1]];
}

/**
 * Half the range of an axis around 0. It doubles, so that it seldom changes.
 *
 * @param {number} needed
 * @param {number} least
 */
export function doubled(needed, least) {
  return least * 2 ** Math.max(0, Math.ceil(Math.log2(needed / least)));
}

/**
 * Moves labels apart: each at least so far below the one before, and the last within the bottom.
 *
 * @template {{ y: number }} Label
 * @param {Label[]} labels
 * @param {number} height of one
 * @param {number} top
 * @param {number} bottom
 * @returns {{ label: Label, y: number }[]}
 */
export function spread_out(labels, height, top, bottom) {
  const placed = [...labels].sort((a, b) => a.y - b.y).map((label) => ({ label, y: label.y }));
  const step = Math.min(height, (bottom - top) / Math.max(1, placed.length));
  let last = top - step / 2;
  for (const one of placed) last = one.y = Math.max(one.y, last + step);
  let next = bottom + step / 2;
  for (const one of placed.reverse()) next = one.y = Math.min(one.y, next - step);
  return placed;
}
