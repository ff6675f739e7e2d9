/**
 * What each network has learned, against images seen: accuracy, error or loss, of the test or the
 * training images.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { ChartOptions } from '../plot/line.js'
 * @import { Course } from '../race/stored.js'
 * @import { Run } from './earlier_runs.js'
 * @import { Panel } from './frame.js'
 */
import { choices } from '../base/choices.js';
import { element } from '../base/dom.js';
import { decimal, percent, tick } from '../base/format.js';
import { drawing } from '../base/frames.js';
import { Chart } from '../plot/line.js';
import { mean_line } from '../plot/lines.js';
import { rule_names } from '../plot/rules.js';
import { earlier_runs } from './earlier_runs.js';
import { courses, draw_at, frame } from './frame.js';

/** @typedef {'test' | 'train'} Split */

/**
 * @typedef {Omit<ChartOptions, 'label'> & {
 *   name: string, unit: string, read: (record: Record, split: Split) => number,
 * }} Measure
 */

/** @type {(value: number) => string} */
const percent_tick = (value) => `${Math.round(100 * value)}%`;

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

/** @type {Panel} */
export const accuracy = {
  id: 'accuracy',
  saved: 'learning',
  build(root, shown) {
    const { race, prediction } = shown;
    let measure = measures.accuracy;
    /** @type {Split} */
    let split = 'test';
    const described = () => {
      const name = `${split_names[split]} ${measure.name}`;
      const label = `Line chart: ${name.toLowerCase()}${measure.unit} against training images seen, one line per rule`;
      return { ...measure, title: `${name}${measure.unit}`, label };
    };
    const measure_choice = choices({
      name: 'learning',
      title: 'Measure',
      texts: { accuracy: 'accuracy', error: 'error', loss: 'loss' },
      chosen: 'accuracy',
      on_change: (value) => {
        measure = measures[value];
        draw();
      },
    });
    const split_choice = choices({
      name: 'split',
      title: 'Images',
      texts: { test: 'test', train: 'training' },
      chosen: 'test',
      on_change: (value) => {
        split = value;
        draw();
      },
    });
    const box = element('div', { class: 'chart-box' });
    const head = frame(root, {
      choices: [measure_choice.root, split_choice.root],
      title: described().title,
      picture: box,
    });
    const chart = new Chart(box, described());
    const earlier = earlier_runs(race, () => prediction?.begun?.run ?? '');
    const draw = drawing(box, () => {
      const { runners, settings, is_stored } = courses(shown);
      const lines = new Map(
        runners.map((runner) => {
          const points = (/** @type {Course} */ { records }) => ({
            x: records.map(({ examples }) => examples),
            y: records.map((record) => measure.read(record, split)),
          });
          const others = race.others.flatMap(({ runners }) => runners.get(runner.rule) ?? []);
          /** @type {Course[]} */
          const seeds = [runner, ...others];
          const done = seeds.filter(({ stage }) => stage === 'done');
          const stopped = runner.stage === 'failed';
          if (seeds.length === 1 || done.length === 0) return [runner.rule, { ...points(runner), stopped }];
          return [runner.rule, { ...mean_line(done.map(points)), seeds: seeds.map(points), stopped }];
        }),
      );
      const options = described();
      head.show(settings.rule, options.title, is_stored);
      const of_run = (/** @type {Run} */ { records: all, name: label }) =>
        rule_names.flatMap((rule) => {
          const records = all.filter((record) => record.rule === rule);
          const x = records.map(({ examples }) => examples);
          return x.length > 0
            ? [{ rule, label, x, y: records.map((record) => measure.read(record, split)) }]
            : [];
        });
      const guessed = measure === measures.accuracy && split === 'test' && prediction?.line;
      chart.update(lines, settings, options, [
        ...earlier().flatMap(of_run),
        ...(guessed ? [{ ...guessed, label: 'prediction' }] : []),
      ]);
    });
    prediction?.addEventListener('change', draw);
    chart.on_drag((x, y) => prediction?.draw(x, y));
    return draw_at(race, ['record', 'change', 'seeds'], draw);
  },
};
