/**
 * How far the feedback weights of every fully connected layer agree with its forward weights, against
 * images seen, by any of the measures.
 *
 * @import { LayerAlignment } from '../../pkg/spikealign.js'
 * @import { Line } from '../plot/chart.js'
 * @import { Race, Runner } from '../race/race.js'
 * @import { Settings } from '../settings/table.js'
 * @import { Measure, MeasureName } from './alignment_measures.js'
 */
import { choices } from '../base/choices.js';
import { element, part, set_text } from '../base/dom.js';
import { layer_title } from '../base/format.js';
import { formula } from '../base/formula.js';
import { measures } from './alignment_measures.js';
import { layer_charts } from './layer_charts.js';

/**
 * @param {HTMLElement} root a figure with places for choices, a title and the charts
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function alignment(root, race, planned) {
  /** @type {Measure} */
  let measure = measures.signs;
  const about = element('p', { class: 'about' });
  const describe = () => {
    set_text(part(root, '.y-title'), measure.title);
    about.replaceChildren(measure.about);
    if (measure.formula) about.append(' ', formula(measure.formula));
  };
  const texts = /** @type {{ [name in MeasureName]: string }} */ (
    Object.fromEntries(Object.entries(measures).map(([name, { choice }]) => [name, choice]))
  );
  const choice = choices({
    name: 'alignment',
    title: 'Measure',
    texts,
    chosen: 'signs',
    on_change: (name) => {
      measure = measures[name];
      describe();
      draw();
    },
  });
  part(root, '.choices').append(choice.root, about);
  describe();
  const draw = layer_charts(part(root, '.layers'), race, planned, {
    title: (layer) => {
      const name = race.layer_names[layer];
      return name ? `Layer ${layer + 1}: ${layer_title(name)}` : `Layer ${layer + 1}`;
    },
    options: (layer) => ({
      ...measure,
      label: `Line chart: ${measure.title.toLowerCase()}, of fully connected layer ${layer + 1} against training images seen`,
    }),
    line: (runner, layer, settings) => line(runner, layer, settings, measure),
  });
  race.addEventListener('alignment', draw);
}

/**
 * The line of one rule: its records, and what the spiking phase measured at the start of an epoch.
 *
 * @param {Runner} runner
 * @param {number} layer
 * @param {Settings} settings
 * @param {Measure} measure
 * @returns {Line}
 */
function line({ records, fresh, progress }, layer, { examples }, { read }) {
  /** @type {Line} */
  const points = { x: [], y: [] };
  /**
   * @param {number} x
   * @param {LayerAlignment[]} alignments
   */
  const add = (x, alignments) => {
    const measured = alignments[layer];
    if (!measured || x <= (points.x.at(-1) ?? -1)) return;
    points.x.push(x);
    points.y.push(read(measured));
  };
  // Half an image after the end of the epoch before: a step up, drawn as one.
  for (const record of records) {
    add((record.epoch - 1) * examples + 0.5, record.layers_after_spiking);
    add(record.examples, record.layers);
  }
  if (fresh && progress) add((progress.epoch - 1) * examples + 0.5, fresh);
  return points;
}
