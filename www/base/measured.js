/**
 * Reads measures of alignment.
 *
 * @import { LayerAlignment } from '../../pkg/spikealign.js'
 */

/**
 * A measure of a layer.
 *
 * @param {LayerAlignment | undefined} alignment
 * @param {string} measure
 * @returns {number | undefined} nothing where the layer has no feedback weights, or has not been measured by it
 */
export function measured(alignment, measure) {
  const value = alignment?.[measure];
  return typeof value === 'number' ? value : undefined;
}

/** The message for a rule without feedback weights. */
export const NO_FEEDBACK = 'This rule has no feedback weights: errors come straight from the output.';
