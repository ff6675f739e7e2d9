/** The choices in panels and figures that are part of an address. */
import { description } from '../../pkg/description.js';

const estimators = description.estimators.map(({ name }) => name);
/** Estimators that use the windows of a neuron. */
export const window_estimators = description.estimators
  .filter(({ of_windows }) => of_windows)
  .map(({ name }) => name);
/** Indices of layers, counted from the second convolution; a scatter starts with the first dense one. */
const layers = [...description.layers.keys()].map(String);

/**
 * Groups of radio buttons and lists, by the name that they have on the page, and their values, the
 * default first.
 */
export const views = {
  feedback: ['random', 'once', 'always'],
  learning: ['accuracy', 'error', 'loss'],
  split: ['test', 'train'],
  alignment: description.measures.map(({ name }) => name),
  layer: first('1', layers),
  shown: ['all', ...description.rules.map(({ name }) => name)],
  neuron_estimator: first('least-squares', window_estimators),
  layer_estimator: first('gradient', estimators),
};

/** @typedef {{ value: number, min: number, max: number, step: number }} Dial a number, and its default */

/**
 * Numbers that a reader sets in the figures, by the name that their control has on the page. A draw is a
 * seed.
 */
export const dials = {
  neuron_weight: { value: 4, min: -6, max: 6, step: 0.1 },
  neuron_noise: { value: 200, min: 0, max: 400, step: 10 },
  neuron_draw: { value: 1, min: 1, max: 999_999, step: 1 },
  confounding_shared: { value: 0.5, min: 0, max: 0.9, step: 0.05 },
  confounding_draw: { value: 1, min: 1, max: 999_999, step: 1 },
  layer_draw: { value: 1, min: 1, max: 999_999, step: 1 },
};

/**
 * What is chosen other than the defaults.
 *
 * @typedef {{ [name in keyof typeof views | keyof typeof dials]?: string }} View
 */

/** @param {string} name @param {string[]} names */
function first(name, names) {
  return [name, ...names.filter((other) => other !== name)];
}
