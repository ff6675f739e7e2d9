/**
 * The angle between the update that a rule makes and the one that backpropagation would make, of the
 * layers below the output, against images seen.
 *
 * @import { Race } from '../race/race.js'
 * @import { Settings } from '../settings/table.js'
 */
import { degrees, layer_title } from '../base/format.js';
import { part } from '../base/dom.js';
import { layer_charts } from './layer_charts.js';

/**
 * @param {HTMLElement} root a figure with a place for the charts
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function gradients(root, race, planned) {
  /** @param {number} layer */
  const short = (layer) => (layer === 0 ? 'Second convolution' : `Layer ${layer}`);
  layer_charts(part(root, '.layers'), race, planned, {
    title: (layer) => {
      const name = layer > 0 && race.layer_names[layer - 1];
      return name ? `${short(layer)}: ${layer_title(name)}` : short(layer);
    },
    options: (layer) => ({
      label: `Line chart: angle to the update of backpropagation, ${short(layer).toLowerCase()}, against training images seen`,
      range: [0, 105],
      tick: (value) => `${value}°`,
      format: degrees,
      reference: { value: 90, label: 'chance', above: true },
    }),
    line: ({ records }, layer) => {
      const measured = records.filter(({ gradient_angles }) => gradient_angles[layer] !== undefined);
      return {
        x: measured.map(({ examples }) => examples),
        y: measured.map(({ gradient_angles }) => gradient_angles[layer] ?? 0),
      };
    },
  });
}
