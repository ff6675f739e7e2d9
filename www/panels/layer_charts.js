/**
 * A line chart for each of some layers.
 *
 * @import { ChartOptions } from '../plot/line.js'
 * @import { Line } from '../plot/lines.js'
 * @import { Course } from '../race/stored.js'
 * @import { Settings } from '../settings/table.js'
 * @import { Shown } from './frame.js'
 */
import { description } from '../../pkg/description.js';
import { element, set_text } from '../base/dom.js';
import { layer_title } from '../base/format.js';
import { drawing } from '../base/frames.js';
import { Chart } from '../plot/line.js';
import { courses } from './frame.js';

/**
 * @typedef {object} LayerCharts
 * @property {number} layers how many are drawn, from the first
 * @property {(title: string) => ChartOptions} options of the chart of a layer
 * @property {(course: Course, layer: number, settings: Pick<Settings, 'examples'>) => Line} line
 */

/**
 * @param {Shown} shown
 * @param {LayerCharts} charts
 */
export function layer_charts(shown, { layers, options, line }) {
  const { race, layer: chosen } = shown;
  const root = element('div', { class: 'layers' });
  const drawings = description.layers.slice(0, layers).map((title, layer) => {
    const heading = element('h3', {}, title);
    const box = element('div');
    const part = element('div', { class: 'layer' }, heading, box);
    const mark = () => part.classList.toggle('chosen', layer === chosen.index);
    chosen.addEventListener('change', mark);
    mark();
    root.append(part);
    const chart = new Chart(box, options(title.toLowerCase()));
    return drawing(box, () => {
      const name = race.layer_names[layer];
      set_text(heading, name ? `${title}: ${layer_title(name)}` : title);
      const { runners, settings } = courses(shown);
      const lines = new Map(
        runners.map((runner) => {
          const stopped = runner.stage === 'failed';
          return [runner.rule, { ...line(runner, layer, settings), stopped }];
        }),
      );
      chart.update(lines, settings, options(title.toLowerCase()));
    });
  });
  return {
    root,
    draw() {
      for (const draw_one of drawings) draw_one();
    },
  };
}
