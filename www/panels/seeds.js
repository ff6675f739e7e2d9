/**
 * The same race with more seeds, and what they say of the rules together.
 *
 * @import { Shown } from './frame.js'
 */
import init, { interval_of_mean } from '../../pkg/spikealign.js';
import { element, set_text } from '../base/dom.js';
import { drawing } from '../base/frames.js';
import { rules } from '../plot/rules.js';
import { engine } from '../workers/engine.js';
import { draw_at } from './frame.js';
import { compare, verdict } from './seeds_model.js';

/**
 * @param {HTMLElement} root
 * @param {Shown} shown
 */
export function build(root, { race, settings }) {
  const button = element('button', { type: 'button', class: 'small', disabled: true }, 'Add a seed');
  const state = element('span', { class: 'reading' });
  const verdicts = element('ul');
  root.append(element('div', { class: 'row' }, button, state), element('div', { role: 'status' }, verdicts));
  const count = () => {
    const running = race.others.filter((other) => other.state !== 'done').length;
    button.disabled = race.state !== 'done';
    const more = race.others.length;
    if (race.state !== 'done')
      return 'Once the race is done, run it again with another seed: one run can be luck.';
    if (more === 0) return 'One seed so far: the differences can be luck.';
    return `${1 + more - running} seeds done${running > 0 ? `, ${running} running` : ''}. Thin lines are seeds, a bold line is their mean, the band one standard deviation.`;
  };
  const draw = drawing(root, async () => {
    set_text(state, count());
    const comparisons = race.others.length > 0 ? compare(settings().rule, [race, ...race.others]) : [];
    const compared = comparisons.filter(({ differences }) => differences.length > 1);
    if (compared.length > 0) await init({ module_or_path: await engine() });
    const { seed } = settings();
    const sentences = compared.map((one) => {
      const names = one.rules.map((rule) => rules[rule].title);
      const interval = interval_of_mean(Float64Array.from(one.differences), seed);
      return element('li', {}, verdict(one, /** @type {[string, string]} */ (names), interval));
    });
    const told = sentences.map(({ textContent }) => textContent).join();
    if (verdicts.dataset.told !== told) verdicts.replaceChildren(...sentences);
    verdicts.dataset.told = told;
  });
  button.addEventListener('click', () => race.add_seed());
  return draw_at(race, ['change', 'seeds'], draw);
}
