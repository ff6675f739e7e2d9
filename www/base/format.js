/** Numbers as the page writes them. */

/**
 * Made when it is first asked for: with the first of them a browser reads its tables of languages, for 20 ms or so.
 *
 * @template Made
 * @param {() => Made} make
 */
function when_asked(make) {
  /** @type {Made | undefined} */
  let made;
  return () => (made ??= make());
}

const whole = when_asked(() => new Intl.NumberFormat('en', { maximumFractionDigits: 0 }));
const three_digits = when_asked(
  () => new Intl.NumberFormat('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 }),
);
const alternatives = when_asked(() => new Intl.ListFormat('en-GB', { type: 'disjunction' }));

/** “a, b or c”. @param {readonly string[]} words */
export const either = (words) => alternatives().format(words);

/** A share of one as a percentage, to a tenth. @param {number} share */
export function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

/** A count, in groups of three digits. @param {number} number */
export function count(number) {
  return whole().format(number);
}

/**
 * A number to some decimals: a loss or a correlation has two. What is rounded to 0 has no sign.
 *
 * @param {number} number
 * @param {number} [digits]
 */
export function decimal(number, digits = 2) {
  const text = number.toFixed(digits).replace('-', '−');
  return /^−[0.]+$/.test(text) ? text.slice(1) : text;
}

/**
 * The same with its sign.
 *
 * @param {number} number
 * @param {number} [digits]
 */
export function signed(number, digits = 2) {
  const text = decimal(number, digits);
  return number > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** An angle in degrees, to a tenth. @param {number} angle */
export function degrees(angle) {
  return `${angle.toFixed(1)}°`;
}

/** A number of any size, to three digits. @param {number} number */
export function significant(number) {
  return Math.abs(number) < 1e-6 ? '0' : three_digits().format(number).replace('-', '−');
}

/**
 * A value of an axis, with the decimals that tell it from its neighbours.
 *
 * @param {number} value
 * @param {number} step from one to the next
 * @returns {string}
 */
export function tick(value, step) {
  if (value === 0) return '0';
  if (step >= 1_000) return `${tick(value / 1_000, step / 1_000)}k`;
  let decimals = 0;
  while (decimals < 9 && Math.abs((step * 10 ** decimals) % 1) > 1e-6) decimals += 1;
  return value.toFixed(decimals).replace('-', '−');
}

/** Seconds, to a tenth. @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Minutes and seconds. @param {number} milliseconds */
export function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A layer as `512 → 128`. @param {string} name */
export function layer_title(name) {
  return name.replace('→', '\u00a0→\u00a0');
}
