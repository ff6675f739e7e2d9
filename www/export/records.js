/**
 * Records as text: JSON lines as the native program prints them, to the letter, and CSV, a row a record.
 *
 * @import { LayerAlignment, Record } from '../../pkg/spikealign.js'
 */

/** The fields that are whole numbers; every other number is a fraction, also when it has no decimals. */
const WHOLE = ['seed', 'epoch', 'examples'];

/** @param {Record[]} records */
export function json_lines(records) {
  return records.map((record) => `${json(record)}\n`).join('');
}

/**
 * @param {unknown} value
 * @param {string} [name] of its field
 * @returns {string}
 */
function json(value, name = '') {
  if (Array.isArray(value)) return `[${value.map((one) => json(one, name)).join()}]`;
  if (typeof value === 'number') return WHOLE.includes(name) ? String(value) : fraction(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${json(one, name)}`)}}`;
}

/** A number as the native program writes it: the shortest that is read as the same. @param {number} number */
function fraction(number) {
  if (!Number.isFinite(number)) return 'null';
  const short = number.toExponential();
  const exponent = Number(short.split('e')[1]);
  if (exponent < -5 || exponent > 15) return short.replace('e+', 'e');
  const sign = Object.is(number, -0) ? '-' : '';
  return Number.isInteger(number) ? `${sign}${number}.0` : String(number);
}

/**
 * A table with a column for every number; what one record has and another lacks is empty.
 *
 * @param {Record[]} records
 */
export function csv(records) {
  const rows = records.map(columns);
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const lines = [names, ...rows.map((row) => names.map((name) => row.get(name) ?? ''))];
  return lines.map((line) => `${line.join()}\n`).join('');
}

/** @param {Record} record @returns {Map<string, string | number>} */
function columns({ layers, layers_after_spiking, gradient_angles, ...plain }) {
  const convolution_and_layers = ['second_convolution', ...layers.map(layer_name)];
  return new Map([
    ...Object.entries(plain),
    ...layers.flatMap((layer) => layer_columns('', layer)),
    ...layers_after_spiking.flatMap((layer) => layer_columns('after_spiking_', layer)),
    ...gradient_angles.map(
      (angle, index) => /** @type {const} */ ([`gradient_angle_${convolution_and_layers[index]}`, angle]),
    ),
  ]);
}

/**
 * @param {string} prefix
 * @param {LayerAlignment} layer
 * @returns {[string, number][]}
 */
function layer_columns(prefix, layer) {
  const { name: _, functions, ...measures } = layer;
  const numbers = Object.entries({ ...measures, ...functions });
  return numbers.map(([name, value]) => [`${prefix}${name}_${layer_name(layer)}`, value]);
}

/** @param {LayerAlignment} layer */
function layer_name({ name }) {
  return name.replace('→', '-');
}
