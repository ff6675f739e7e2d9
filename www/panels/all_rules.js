/**
 * All learning rules in one table, group by group: what each does, what a neuron must know for it, and a button that lets
 * it race.
 *
 * @import { Race } from '../race/race.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { element, set_text } from '../base/dom.js';
import { rule_name, rule_sample } from '../plot/legend.js';
import { groups, rules } from '../plot/rules.js';

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {{ planned: () => Settings, add: (rule: string) => string }} page `add` says what came of it
 * @returns {() => void} draws what has changed
 */
export function all_rules(root, race, { planned, add }) {
  const said = element('p', { class: 'note', role: 'status' });
  /** @type {Map<string, HTMLButtonElement>} */
  const buttons = new Map();
  const row = (/** @type {string} */ rule) => {
    const { title, explanation, needs } = rules[rule];
    const button = element('button', { type: 'button', class: 'small' });
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') set_text(said, add(rule));
    });
    buttons.set(rule, button);
    return element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        element('span', { class: 'who' }, rule_sample(rule), rule_name('span', rule, title)),
      ),
      element('td', {}, sentence(explanation)),
      element('td', {}, sentence(needs)),
      element('td', {}, button),
    );
  };
  const heads = ['Rule', 'What it does', 'What a neuron must know', 'In the race'];
  const table = element(
    'table',
    {},
    element('caption', { class: 'visually-hidden' }, 'All learning rules'),
    element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
    ...groups.map((group) =>
      element(
        'tbody',
        {},
        element('tr', {}, element('th', { scope: 'rowgroup', colspan: heads.length }, group.title)),
        ...group.rules.map(row),
      ),
    ),
  );
  root.append(said, table);

  const draw = () => {
    const learning = race.settings?.rule ?? [];
    for (const [rule, button] of buttons) {
      const is_chosen = planned().rule.includes(rule);
      const waits = is_chosen && (race.state === 'idle' || race.state === 'preparing');
      const text = learning.includes(rule) ? 'racing' : waits ? 'chosen' : 'Let it race';
      // Not disabled, which would take the focus from a button that has been pressed.
      button.setAttribute('aria-disabled', String(text !== 'Let it race'));
      set_text(button, text);
      button.setAttribute('aria-label', `${text}: ${rules[rule].title}`);
    }
  };
  race.addEventListener('change', draw);
  draw();
  return draw;
}

/** @param {string} half half a sentence */
function sentence(half) {
  return `${half.charAt(0).toUpperCase()}${half.slice(1)}.`;
}
