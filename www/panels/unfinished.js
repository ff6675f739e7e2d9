/**
 * Offers to continue an interrupted run from this browser's checkpoints.
 *
 * @import { Settings } from '../settings/configuration.js'
 */
import { all_kept, forget } from '../race/checkpoints.js';
import { is_of_one_run } from '../settings/configuration.js';
import { settings_of } from '../settings/table.js';
import { element } from '../base/dom.js';
import { rule_names, rules } from '../plot/rules.js';

/**
 * @param {HTMLElement} root an empty place, which stays empty if there is nothing to continue
 * @param {(settings: Settings) => void} go_on
 */
export async function unfinished(root, go_on) {
  const kept = (await all_kept()).sort((a, b) => b.at - a.at);
  const latest = kept[0];
  if (!latest) return;
  const run = kept.filter(({ configuration }) => is_of_one_run(configuration, latest.configuration));
  if (run.every(({ done }) => done)) return;
  const rule = rule_names.filter((name) => run.some(({ configuration }) => configuration.rule === name));
  const reached = rule.map((name) => {
    const of_rule = run.find(({ configuration }) => configuration.rule === name);
    return `${rules[name]?.title} ${of_rule?.done ? 'has finished' : `in epoch ${of_rule?.epoch}`}`;
  });
  const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' }).format(latest.at);
  const accept = element('button', { type: 'button', class: 'small' }, 'Continue');
  const refuse = element('button', { type: 'button', class: 'small' }, 'Discard');
  const sentence = `A race of ${when} was interrupted: ${reached.join(', ')}, of ${latest.configuration.epochs}. `;
  root.replaceChildren(element('p', { class: 'notice' }, sentence, accept, ' ', refuse));
  accept.addEventListener('click', () => {
    root.replaceChildren();
    go_on(settings_of([latest.configuration, ...run.map(({ configuration }) => configuration)]));
  });
  refuse.addEventListener('click', () => {
    root.replaceChildren();
    forget();
  });
}
