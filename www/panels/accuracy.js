/**
 * What each network has learned, against images seen: accuracy, error or loss, of the test or the
 * training images.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { ChartOptions } from '../plot/chart.js'
 * @import { Race } from '../race/race.js'
 * @import { Settings } from '../settings/table.js'
 */
import { Chart } from '../plot/chart.js';
import { choices } from '../base/choices.js';
import { part, set_text } from '../base/dom.js';
import { decimal, percent, tick } from '../base/format.js';
import { drawing } from '../base/frames.js';

/** @typedef {'test' | 'train'} Split */

/**
 * @typedef {Omit<ChartOptions, 'label'> & {
 *   name: string, unit: string, read: (record: Record, split: Split) => number,
 * }} Measure
 */

/** @type {(value: number) => string} */
const percent_tick = (value) => `${Math.round(100 * value)} %`;

/** @type {{ [measure in 'accuracy' | 'error' | 'loss']: Measure }} */
const measures = {
  accuracy: {
    name: 'accuracy',
    unit: '',
    range: [0.6, 0.94],
    tick: percent_tick,
    format: percent,
    read: (record, split) => record[`${split}_accuracy`],
  },
  error: {
    name: 'error',
    unit: '',
    range: [0.06, 0.4],
    tick: percent_tick,
    format: percent,
    read: (record, split) => 1 - record[`${split}_accuracy`],
  },
  loss: {
    name: 'loss',
    unit: ' (cross-entropy, nats)',
    range: [0.2, 1.2],
    tick,
    format: decimal,
    read: (record, split) => record[`${split}_loss`],
  },
};

/** @type {{ [split in Split]: string }} */
const split_names = { test: 'Test', train: 'Training' };

/**
 * @param {HTMLElement} root a figure with places for choices, a title and a chart
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function accuracy(root, race, planned) {
  /** @type {Measure} */
  let measure = measures.accuracy;
  /** @type {Split} */
  let split = 'test';
  const title = part(root, '.y-title');
  const box = part(root, '.chart-box');
  const described = () => {
    const name = `${split_names[split]} ${measure.name}`;
    const label = `Line chart: ${name.toLowerCase()}${measure.unit} against training images seen, one line a rule`;
    return { ...measure, name, label };
  };
  const chart = new Chart(box, described());
  const draw = drawing(box, () => {
    const lines = new Map(
      [...race.runners.values()].map(({ rule, records, stage }) => {
        const x = records.map(({ examples }) => examples);
        const y = records.map((record) => measure.read(record, split));
        return [rule, { x, y, stopped: stage === 'failed' }];
      }),
    );
    const options = described();
    set_text(title, `${options.name}${measure.unit}`);
    chart.update(lines, race.settings ?? planned(), options);
  });
  part(root, '.choices').append(
    choices({
      name: 'learning',
      title: 'Measure',
      texts: { accuracy: 'accuracy', error: 'error', loss: 'loss' },
      chosen: 'accuracy',
      on_change: (value) => {
        measure = measures[value];
        draw();
      },
    }).root,
    choices({
      name: 'split',
      title: 'Images',
      texts: { test: 'test', train: 'training' },
      chosen: 'test',
      on_change: (value) => {
        split = value;
        draw();
      },
    }).root,
  );
  race.addEventListener('record', draw);
  race.addEventListener('change', draw);
  draw();
}
