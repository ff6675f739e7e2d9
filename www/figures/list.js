/**
 * The figures above the race, in the order in which they are built.
 *
 * @import { Figure } from './running_figure.js'
 */
import { confounding } from './confounding.js';
import { guess } from './guess.js';
import { layer } from './layer.js';
import { neuron } from './neuron.js';
import { transport } from './transport.js';

/**
 * Each by the name of its section on the page and of its panel in other pages, with the name of its
 * pictures.
 *
 * @type {{ id: string, saved: string, build: (root: HTMLElement, start?: { seed?: number, estimator?: string }) => Figure }[]}
 */
export const figures = [
  { id: 'guess', saved: 'guess', build: guess },
  { id: 'problem', saved: 'weight-transport', build: transport },
  { id: 'neuron', saved: 'neuron', build: neuron },
  { id: 'confounding', saved: 'confounding', build: confounding },
  { id: 'layer', saved: 'layer', build: layer },
];
