/**
 * A row of three line charts, one a layer.
 *
 * @import { ChartOptions, Line } from '../plot/chart.js'
 * @import { Race, Runner } from '../race/race.js'
 * @import { Settings } from '../settings/table.js'
 */
import { Chart } from '../plot/chart.js';
import { element, set_text } from '../base/dom.js';
import { drawing } from '../base/frames.js';

/** How many layers are drawn. */
const LAYERS = 3;

/**
 * @typedef {object} LayerCharts
 * @property {(layer: number) => string} title of a layer, counted from 0, as it is known by now
 * @property {(layer: number) => ChartOptions} options
 * @property {(runner: Runner, layer: number, settings: Settings) => Line} line
 */

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 * @param {LayerCharts} charts
 * @returns {() => void} draws them all, soon
 */
export function layer_charts(root, race, planned, { title, options, line }) {
  const drawings = Array.from({ length: LAYERS }, (_, layer) => {
    const heading = element('h3', {}, title(layer));
    const box = element('div');
    root.append(element('div', { class: 'layer' }, heading, box));
    const chart = new Chart(box, options(layer));
    return drawing(box, () => {
      const settings = race.settings ?? planned();
      set_text(heading, title(layer));
      const runners = [...race.runners.values()];
      const lines = new Map(
        runners.map((runner) => {
          const stopped = runner.stage === 'failed';
          return [runner.rule, { ...line(runner, layer, settings), stopped }];
        }),
      );
      chart.update(lines, settings, options(layer));
    });
  });
  const draw = () => {
    for (const draw_one of drawings) draw_one();
  };
  for (const type of ['record', 'change']) race.addEventListener(type, draw);
  draw();
  return draw;
}
