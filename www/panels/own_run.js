/**
 * What the reader's own runs say, beside what the study says.
 *
 * @import { Race } from '../race/race.js'
 */
import { set_text } from '../base/dom.js';
import { decimal } from '../base/format.js';
import { mean } from '../plot/statistics.js';
import { draw_at } from './frame.js';
import { compare } from './seeds_model.js';

/**
 * @param {HTMLElement} root
 * @param {Race} race
 */
export function own_run(root, race) {
  draw_at(race, ['change', 'seeds'], () => {
    const [compared] = compare(['fa', 'rdd'], [race, ...race.others]);
    const { differences } = compared ?? { differences: [] };
    const points = 100 * mean(differences);
    const runs = differences.length === 1 ? 'your run' : `your ${differences.length} runs`;
    const size = `${decimal(Math.abs(points), 1)} points ${points < 0 ? 'less' : 'more'}`;
    set_text(root, differences.length > 0 ? ` (in ${runs}: ${size})` : '');
  });
}
