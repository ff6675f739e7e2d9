/** The few statistics that figures say of what they draw. */

/**
 * The standard deviation.
 *
 * @param {number[]} values
 */
export function deviation(values) {
  if (values.length === 0) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/**
 * The angle between two vectors, in degrees; 90 where one of them is 0.
 *
 * @param {number[]} one
 * @param {number[]} other
 */
export function angle(one, other) {
  const norms = Math.sqrt(product(one, one) * product(other, other));
  if (norms === 0) return 90;
  return (180 / Math.PI) * Math.acos(Math.max(-1, Math.min(1, product(one, other) / norms)));
}

/**
 * @param {number[]} one
 * @param {number[]} other
 */
function product(one, other) {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
