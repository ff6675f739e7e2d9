/** What a reader chooses in panels and figures, as far as it is part of an address. */

/**
 * What a reader chooses in the panels, as far as it is part of an address: groups of radio buttons and
 * lists, by the name that they have on the page, and their values, the default first.
 */
export const views = {
  feedback: ['random', 'once', 'always'],
  learning: ['accuracy', 'error', 'loss'],
  split: ['test', 'train'],
  alignment: ['signs', 'angle', 'correlation', 'decay', 'sparse', 'self', 'amp', 'null', 'symmetric'],
  layer: ['1', '2', '3'],
  shown: ['all', 'bp', 'fa', 'rdd'],
  neuron_estimator: ['least-squares', 'gradient', 'means', 'shrinkage', 'observed'],
  layer_estimator: ['gradient', 'least-squares', 'means', 'shrinkage', 'observed'],
};

/** @typedef {{ value: number, min: number, max: number, step: number }} Dial a number, and its default */

/**
 * Numbers that a reader sets in the figures, as far as they are part of an address, by the name that
 * their control has on the page. A draw is a seed.
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
