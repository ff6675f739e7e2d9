/**
 * The angle between the update that a rule makes and the one that backpropagation would make, of the
 * layers below the output, against images seen.
 *
 * @import { Panel } from './frame.js'
 */
import { description } from '../../pkg/description.js';
import { degrees } from '../base/format.js';
import { courses, draw_at, frame } from './frame.js';
import { layer_charts } from './layer_charts.js';

/** @type {Panel} */
export const gradients = {
  id: 'gradients',
  saved: 'updates',
  build(root, shown) {
    const charts = layer_charts(shown, {
      // The output layer learns from the error itself.
      layers: description.layers.length - 1,
      options: (layer) => ({
        label: `Line chart: angle to the update of backpropagation, ${layer}, against training images seen`,
        range: [0, 105],
        tick: (value) => `${value}°`,
        format: degrees,
        reference: 90,
      }),
      line: ({ records }, layer) => {
        const measured = records.filter(({ gradient_angles }) => gradient_angles[layer] !== undefined);
        return {
          x: measured.map(({ examples }) => examples),
          y: measured.map(({ gradient_angles }) => gradient_angles[layer]),
        };
      },
    });
    const head = frame(root, {
      title: 'Angle to backpropagation’s update',
      picture: charts.root,
    });
    return draw_at(shown.race, ['record', 'change'], () => {
      const { settings, is_stored } = courses(shown);
      head.show(settings.rule, undefined, is_stored);
      charts.draw();
    });
  },
};
