/** The panels of the race, in the order in which they are built. */

import { accuracy } from './accuracy.js';
import { alignment } from './alignment.js';
import { answers } from './answers.js';
import { confusion } from './confusion.js';
import { gradients } from './gradients.js';
import { lanes } from './lanes.js';
import { results } from './results.js';
import { scatter } from './scatter.js';
import { seeds } from './seeds.js';
import { stage } from './stage.js';

/** @import { Panel } from './frame.js' */

/** @type {Panel[]} */
export const panels = [
  lanes,
  accuracy,
  seeds,
  stage,
  results,
  answers,
  confusion,
  alignment,
  gradients,
  scatter,
];
