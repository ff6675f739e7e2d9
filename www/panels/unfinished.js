/**
 * Offers to continue interrupted races from this browser's checkpoints.
 *
 * @import { Kept } from '../race/checkpoints.js'
 * @import { Resumed } from '../race/race.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { checkpoints_of, forget, hold } from '../race/checkpoints.js';
import { settings_of } from '../settings/table.js';
import { element } from '../base/dom.js';
import { gives_back_focus } from '../base/focus.js';
import { rule_names, rules } from '../plot/rules.js';

/** How many races are offered, and kept: checkpoints are large. */
const MOST = 5;

/**
 * @param {HTMLElement} root
 * @param {Kept[][]} races those kept last first
 * @param {(settings: Settings, resumed: Resumed) => void} go_on
 */
export function unfinished(root, races, go_on) {
  const offered = races.filter((race) => !race.every(({ done }) => done)).slice(0, MOST);
  for (const race of races) if (!offered.includes(race)) discard(race[0]?.race ?? '');
  const remove = gives_back_focus(root);
  root.replaceChildren(...offered.map((race) => offer(race, go_on, remove)));
}

/** @param {string} race */
async function discard(race) {
  // Another page may have continued it meanwhile.
  const release = await hold(race);
  if (release) forget(race).then(release);
}

/**
 * @param {Kept[]} kept of one race, one per rule
 * @param {(settings: Settings, resumed: Resumed) => void} go_on
 * @param {(offer: Element) => void} remove
 */
function offer(kept, go_on, remove) {
  const [latest, ...others] = kept.map(({ configuration }) => configuration);
  const { race, at } = kept[0] ?? { race: '', at: NaN };
  const reached = rule_names.flatMap((name) => {
    const of_rule = kept.find(({ configuration }) => configuration.rule === name);
    if (!of_rule) return [];
    return [`${rules[name].title} ${of_rule.done ? 'has finished' : `in epoch ${of_rule.epoch}`}`];
  });
  const form = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
  // A clock may have been anywhere.
  const when = Number.isNaN(new Date(at).getTime()) ? '' : ` of ${form.format(at)}`;
  const accept = element('button', { type: 'button', class: 'small' }, 'Continue');
  const refuse = element('button', { type: 'button', class: 'small' }, 'Discard');
  const sentence = `A race${when} was interrupted: ${reached.join(', ')}, of ${latest?.epochs}. `;
  const root = element('p', { class: 'notice' }, sentence, accept, ' ', refuse);
  accept.addEventListener('click', () => {
    remove(root);
    if (latest) go_on(settings_of([latest, ...others]), { race, checkpoint_of: checkpoints_of(race) });
  });
  refuse.addEventListener('click', () => {
    remove(root);
    discard(race);
  });
  return root;
}
