/**
 * Test accuracy against images seen.
 *
 * @import { Race } from '../race.js'
 * @import { Settings } from '../settings.js'
 */
import { Chart } from '../chart.js';
import { percent } from '../format.js';
import { drawing } from '../frames.js';

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function accuracy(root, race, planned) {
  const chart = new Chart(root, {
    label: 'Line chart: test accuracy against training images seen, one line a rule',
    range: [0.6, 0.94],
    tick: (value) => `${Math.round(100 * value)} %`,
    format: percent,
  });
  const draw = drawing(root, () => {
    const lines = new Map(
      [...race.runners.values()].map(({ rule, records }) => {
        const x = records.map(({ examples }) => examples);
        return [rule, { x, y: records.map(({ test_accuracy }) => test_accuracy) }];
      }),
    );
    chart.update(lines, race.settings ?? planned());
  });
  race.addEventListener('record', draw);
  race.addEventListener('change', draw);
  draw();
}
