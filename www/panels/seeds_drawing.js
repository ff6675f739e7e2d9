/**
 * The differences between two rules, seed by seed, with their mean and its interval: a row a pair of rules.
 *
 * @import { Compared } from './seeds_model.js'
 */
import { color } from '../base/colors.js';
import { zoom_of } from '../base/dom.js';
import { tick } from '../base/format.js';
import { begin_plot, line } from '../plot/axes.js';
import { rules } from '../plot/rules.js';
import { range_of, ticks } from '../plot/scale.js';
import { mean } from '../plot/statistics.js';

/** In units of the drawing: a row, and what else the plot needs. */
const [ROW, REST] = [26, 66];
/** About the width of a letter. */
const LETTER = 6.5;
const MOST_TICKS = 6;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Compared[]} compared
 */
export function draw_differences(canvas, compared) {
  canvas.style.height = `${zoom_of(canvas) * (ROW * compared.length + REST)}px`;
  const points = compared.map(({ differences }) => differences.map((share) => 100 * share));
  const intervals = compared.map(({ interval }) => Array.from(interval ?? [], (share) => 100 * share));
  const all = [0, ...points.flat(), ...intervals.flat()];
  const range = range_of(Math.min(...all), Math.max(...all));
  const at = ticks(range, MOST_TICKS);
  const step = (at[1] ?? 1) - (at[0] ?? 0);
  const names = compared.map(({ rules: [one, other] }) => `${rules[one].short} − ${rules[other].short}`);
  const plot = begin_plot(
    canvas,
    {
      range,
      ticks: at,
      title: 'percentage points',
      format: (value) => `${value > 0 ? '+' : ''}${tick(value, step)}`,
    },
    {
      range: [compared.length + 0.5, 0.5],
      ticks: compared.map((_, row) => row + 1),
      title: 'Difference in test accuracy, seed by seed',
      format: (row) => names[row - 1] ?? '',
    },
    { left: LETTER * Math.max(...names.map(({ length }) => length)) + 10, right: 16 },
  );
  if (!plot) return;
  const { context, x, y, box } = plot;
  context.strokeStyle = color(canvas, 'quiet');
  line(context, x(0), box.top, x(0), box.bottom);
  for (const [
    row,
    {
      rules: [rule],
    },
  ] of compared.entries()) {
    const level = y(row + 1);
    context.strokeStyle = context.fillStyle = color(canvas, rule);
    context.lineWidth = 1.25;
    for (const difference of points[row] ?? []) {
      context.beginPath();
      context.arc(x(difference), level, 3.5, 0, 2 * Math.PI);
      context.stroke();
    }
    const [low, high] = intervals[row] ?? [];
    context.lineWidth = 3;
    if (low !== undefined && high !== undefined) line(context, x(low), level, x(high), level);
    const middle = x(mean(points[row] ?? []));
    line(context, middle, level - 8, middle, level + 8);
  }
  context.restore();
}
