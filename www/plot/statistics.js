/** The statistics of what is drawn, each computed here and nowhere else. */

/** @param {ArrayLike<number>} values */
export function mean(values) {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
  return values.length > 0 ? sum / values.length : 0;
}

/** The standard deviation. @param {ArrayLike<number>} values */
export function deviation(values) {
  return Math.sqrt(covariance(values, values));
}

/**
 * 0 where one of them does not vary.
 *
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 */
export function correlation(one, other) {
  return covariance(one, other) / (deviation(one) * deviation(other) || 1);
}

/**
 * The share of pairs whose signs agree, of those whose second value is not 0: those that were measured.
 *
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 * @returns {number} NaN if nothing was measured
 */
export function same_sign(one, other) {
  let [same, measured] = [0, 0];
  for (let index = 0; index < other.length; index++) {
    if (other[index] !== 0) measured += 1;
    if ((one[index] ?? 0) * (other[index] ?? 0) > 0) same += 1;
  }
  return same / measured;
}

/**
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 */
function covariance(one, other) {
  const [of_one, of_other] = [mean(one), mean(other)];
  let sum = 0;
  for (let index = 0; index < one.length; index++) {
    sum += ((one[index] ?? 0) - of_one) * ((other[index] ?? 0) - of_other);
  }
  return one.length > 0 ? sum / one.length : 0;
}
