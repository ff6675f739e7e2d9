/**
 * The ways to say how far the feedback weights B of a layer agree with its forward weights W: three that
 * are read at a glance, and the six alignment functions of Kunin et al. (2019).
 *
 * @import { AlignmentFunctions, LayerAlignment } from '../../pkg/spikealign.js'
 * @import { ChartOptions } from '../plot/chart.js'
 */
import { decimal, degrees, percent, significant, tick } from '../base/format.js';

/**
 * @typedef {Omit<ChartOptions, 'label'> & {
 *   choice: string, title: string, about: string, formula: string,
 *   read: (alignment: LayerAlignment) => number,
 * }} Measure `choice` is its name among the others, `title` what its axis says, `about` a sentence
 */

export const measures = {
  /** @type {Measure} */
  signs: {
    choice: 'signs',
    title: 'Weights whose sign agrees',
    about: 'The share of connections whose feedback weight has the sign of the forward weight.',
    formula: '',
    range: [0.42, 1.02],
    tick: (value) => `${Math.round(100 * value)} %`,
    format: percent,
    reference: { value: 0.5, label: 'chance' },
    read: ({ sign_agreement }) => sign_agreement,
  },
  /** @type {Measure} */
  angle: {
    choice: 'angle',
    title: 'Angle between forward and feedback',
    about: 'The forward and the feedback weights taken as two long arrows: 0° is a copy, but for its length.',
    formula: '∠ ( W , B^T )',
    range: [0, 120],
    tick: (value) => `${value}°`,
    format: degrees,
    reference: { value: 90, label: 'chance', above: true },
    read: ({ angle }) => angle,
  },
  /** @type {Measure} */
  correlation: {
    choice: 'correlation',
    title: 'Correlation of forward and feedback',
    about: 'How well a straight line fits the dots of the scatter plot below: 1 is perfect.',
    formula: 'r ( W , B^T )',
    range: [-0.2, 1.04],
    tick,
    format: decimal,
    reference: { value: 0, label: 'chance' },
    read: ({ correlation }) => correlation,
  },
  decay: kunin(
    'decay',
    '‖ W x ‖^2 + ‖ x^T B ‖^2',
    'How strong the signals are that the layer sends, both ways.',
  ),
  sparse: kunin(
    'sparse',
    '‖ W ‖^2 + ‖ B ‖^2',
    'How large all the weights are. It says nothing of alignment.',
  ),
  self: kunin(
    'self',
    '− tr ( B W )',
    'Whether each input that goes up and back returns to itself. The lower, the better aligned.',
  ),
  amp: kunin(
    'amp',
    '− x^T B W x',
    'Whether activity that goes up and back returns in its own direction. The lower, the better aligned.',
  ),
  null: kunin('null', '‖ x − B W x ‖^2', 'How much of an input is lost on the way up and back.'),
  symmetric: kunin(
    'symmetric',
    '‖ W − B^T ‖^2',
    'How far the feedback weights are from the transposed forward weights: 0 is a perfect copy.',
  ),
};

/** @typedef {keyof typeof measures} MeasureName */

/**
 * @param {keyof AlignmentFunctions} name
 * @param {string} formula
 * @param {string} about
 * @returns {Measure}
 */
function kunin(name, formula, about) {
  return {
    choice: name,
    title: `Alignment function “${name}”`,
    about,
    formula,
    tick,
    format: significant,
    read: ({ functions }) => functions[name],
  };
}
