/**
 * How far the feedback weights of every layer agree with its forward weights, against images seen, by any
 * of the measures that the core knows.
 *
 * @import { LayerAlignment, MeasureDescription } from '../../pkg/spikealign.js'
 * @import { Line } from '../plot/lines.js'
 * @import { Course } from '../race/stored.js'
 * @import { Panel } from './frame.js'
 */
import { description } from '../../pkg/description.js';
import { choices } from '../base/choices.js';
import { element } from '../base/dom.js';
import { decimal, degrees, percent, significant, tick } from '../base/format.js';
import { formula } from '../base/formula.js';
import { measured } from '../base/measured.js';
import { courses, draw_at, frame } from './frame.js';
import { layer_charts } from './layer_charts.js';

/**
 * How values of each format are written where they are read off, and along the axis.
 *
 * @type {{ [format in MeasureDescription['format']]:
 *   { format: (value: number) => string, tick: (value: number, step: number) => string } }}
 */
const formats = {
  share: { format: percent, tick: (value) => `${Math.round(100 * value)}%` },
  degrees: { format: degrees, tick: (value) => `${value}°` },
  decimal: { format: decimal, tick },
  significant: { format: significant, tick },
};

/** @type {{ [name: string]: MeasureDescription }} */
const measures = Object.fromEntries(description.measures.map((measure) => [measure.name, measure]));

/** @type {Panel} */
export const alignment = {
  id: 'alignment',
  saved: 'alignment',
  build(root, shown) {
    let measure = description.measures[0];
    const about = element('p', { class: 'about' });
    const explain = () => {
      about.replaceChildren(measure.about);
      if (measure.formula) about.append(' ', formula(measure.formula));
    };
    const choice = choices({
      name: 'alignment',
      title: 'Measure',
      texts: Object.fromEntries(description.measures.map(({ name, label }) => [name, label])),
      chosen: measure.name,
      on_change: (name) => {
        measure = measures[name];
        explain();
        draw();
      },
    });
    const charts = layer_charts(shown, {
      layers: description.layers.length,
      options: (layer) => ({
        ...formats[measure.format],
        range: measure.range,
        reference: measure.reference,
        label: `Line chart: ${measure.title.toLowerCase()}, ${layer}, against training images seen`,
      }),
      line: (runner, layer, { examples }) => line(runner, layer, examples, measure.name),
    });
    const head = frame(root, {
      choices: [choice.root, about],
      title: measure.title,
      picture: charts.root,
    });
    explain();
    const draw = () => {
      const { settings, is_stored } = courses(shown);
      head.show(settings.rule, measure.title, is_stored);
      charts.draw();
    };
    return draw_at(shown.race, ['record', 'change', 'alignment'], draw);
  },
};

/**
 * The line of one rule: its records, and what was measured before an epoch.
 *
 * @param {Course} runner
 * @param {number} layer
 * @param {number} examples in an epoch
 * @param {string} name of the measure
 */
function line({ records, fresh, progress }, layer, examples, name) {
  /** @type {Line} */
  const points = { x: [], y: [] };
  /**
   * @param {number} x
   * @param {LayerAlignment | undefined} alignment
   */
  const add = (x, alignment) => {
    const value = measured(alignment, name);
    if (value === undefined || x <= (points.x.at(-1) ?? -1)) return;
    points.x.push(x);
    points.y.push(value);
  };
  // Half an image after the end of the epoch before: a step up, drawn as one.
  for (const record of records) {
    add((record.epoch - 1) * examples + 0.5, record.layers_after_spiking[layer]);
    add(record.examples, record.layers[layer]);
  }
  if (progress) add((progress.epoch - 1) * examples + 0.5, fresh?.[layer]);
  return points;
}
