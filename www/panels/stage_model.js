/**
 * What the stage tells of a view of the core.
 *
 * @import { View, ViewLayer } from '../../pkg/spikealign.js'
 */

/** Edges are at most this many times as thick as the typical one. */
const THICKEST = 3;

/**
 * The moments of which there are views, in training images seen.
 *
 * @param {Iterable<{ views: Map<number, View> }>} runners
 */
export function moments(runners) {
  const all = new Set([...runners].flatMap(({ views }) => [...views.keys()]));
  return [...all].sort((one, other) => one - other);
}

/**
 * The view at a moment: the last one until then.
 *
 * @param {Map<number, View>} views
 * @param {number} moment
 */
export function view_at(views, moment) {
  const reached = [...views.keys()].filter((examples) => examples <= moment);
  return views.get(Math.max(...reached)) ?? null;
}

/**
 * The connections of a layer, from each unit below to each above: how thick relative to the typical one, and whether
 * the feedback has the sign of the forward weight. While the layer is measured, these are the effects so far.
 *
 * @param {ViewLayer} layer
 */
export function edges_of({ forward, feedback, effects }) {
  const values = effects.length > 0 ? effects : feedback;
  const typical = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length) || 1;
  return values.map((value, index) => ({
    width: Math.min(THICKEST, Math.abs(value) / typical),
    agrees: value * (forward[index] ?? 0) > 0,
  }));
}

/**
 * What a layer shows, in words.
 *
 * @param {ViewLayer} layer
 * @param {number | undefined} angle of its update to backpropagation's, in degrees
 */
export function describe_layer(layer, angle) {
  const edges = edges_of(layer);
  const right = edges.filter(({ agrees }) => agrees).length;
  const signs =
    edges.length === 0
      ? 'errors come straight from the output'
      : `${right} of ${edges.length} connections drawn have the right sign${layer.effects.length > 0 ? ', measured so far' : ''}`;
  return angle === undefined ? signs : `${signs}; update ${angle.toFixed(1)}° from backpropagation’s`;
}
