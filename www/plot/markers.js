/**
 * The shapes and dashes by which rules are told apart without colour.
 *
 * @import { RuleDescription } from '../../pkg/spikealign.js'
 */

/**
 * The corners of a star, on the unit circle and on one within it.
 *
 * @param {number} points
 * @param {number} inner radius
 */
const star = (points, inner) =>
  Array.from({ length: 2 * points }, (_, index) => {
    const [radius, angle] = [index % 2 === 0 ? 1 : inner, Math.PI * (index / points - 0.5)];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

const PLUS = [
  [1, 3, 3, 1, 1, -1, -1, -3, -3, -1, -1, 1],
  [1, 1, -1, -1, -3, -3, -1, -1, 1, 1, 3, 3],
];
const plus = Array.from({ length: 12 }, (_, index) => [
  (PLUS[0]?.[index] ?? 0) / 2.8,
  (PLUS[1]?.[index] ?? 0) / 2.8,
]);

/** Corners in units of the radius, y downwards; null is a circle. @type {(number[][] | null)[]} */
const MARKERS = [
  [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]], // prettier-ignore
  [
    [0, -1.2],
    [1.1, 0.8],
    [-1.1, 0.8],
  ],
  null,
  [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  [
    [0, 1.2],
    [1.1, -0.8],
    [-1.1, -0.8],
  ],
  plus,
  plus.map(([x = 0, y = 0]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2]),
  star(5, 0.45).map(([x = 0, y = 0]) => [1.3 * x, 1.3 * y]),
];

/**
 * The dash of each group of rules, as lengths of strokes and gaps in CSS pixels (the empty one is a solid line), and
 * the marker of its first rule.
 *
 * @type {{ [group in RuleDescription['group']]: { dash: number[], first: number } }}
 */
const LOOKS = {
  exact: { dash: [10, 4], first: 0 },
  random: { dash: [2.5, 3], first: 1 },
  signs: { dash: [9, 3, 2.5, 3], first: 5 },
  rates: { dash: [5, 3], first: 3 },
  spikes: { dash: [], first: 2 },
};

/**
 * The dash is that of the group, and within a group of up to eight no two rules have the same marker.
 *
 * @param {RuleDescription['group']} group
 * @param {number} place in the group
 */
export function look_of(group, place) {
  const { dash, first } = LOOKS[group];
  return { marker: (first + place) % MARKERS.length, dash };
}

/**
 * Fills a marker.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} marker
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function draw_marker(context, marker, x, y, radius) {
  const corners = MARKERS[marker];
  context.beginPath();
  if (!corners) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (const [right = 0, down = 0] of corners ?? []) context.lineTo(x + radius * right, y + radius * down);
  context.closePath();
  context.fill();
}

/**
 * The same as the path of an SVG.
 *
 * @param {number} marker
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function marker_path(marker, x, y, radius) {
  const corners = MARKERS[marker];
  if (!corners) return `M${x} ${y - radius}a${radius} ${radius} 0 1 0 .01 0Z`;
  const places = corners.map(([right = 0, down = 0]) =>
    [x + radius * right, y + radius * down].map((at) => at.toFixed(2)).join(' '),
  );
  return `M${places.join('L')}Z`;
}
