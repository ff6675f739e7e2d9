/**
 * The same race with more seeds, and what they say of the rules together.
 *
 * @import { Panel, Shown } from './frame.js'
 */
import init, { interval_of_mean } from '../../pkg/spikealign.js';
import { element, set_text } from '../base/dom.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { dataset_of } from '../images/datasets.js';
import { picture } from '../plot/axes.js';
import { rules } from '../plot/rules.js';
import { engine } from '../workers/engine.js';
import { draw_at } from './frame.js';
import { draw_differences } from './seeds_drawing.js';
import { compare, described, verdict } from './seeds_model.js';

/** @type {Panel} */
export const seeds = { id: 'seeds', build };

/**
 * @param {HTMLElement} root
 * @param {Shown} shown
 */
function build(root, { race, settings }) {
  const button = element('button', { type: 'button', class: 'small', disabled: true }, 'Add a seed');
  const state = element('span', { class: 'reading' });
  const verdicts = element('ul');
  const plot = picture('differences', 'Differences in test accuracy, seed by seed');
  plot.hidden = true;
  root.append(
    element('div', { class: 'row' }, button, state),
    plot,
    element('div', { role: 'status' }, verdicts),
  );
  const count = () => {
    const running = race.others.filter((other) => other.state !== 'done').length;
    // Such images are arrays that the seed has drawn from the pictures.
    const are_drawn = dataset_of(settings().dataset).shape[0] === 0;
    button.disabled = race.state !== 'done' || are_drawn;
    if (are_drawn)
      return 'A seed also divides your pictures into those to learn from and to test with: change it in the settings, and start again.';
    const more = race.others.length;
    if (race.state !== 'done')
      return 'Once the race is done, run it again with another seed: one run can be luck.';
    if (more === 0) return 'One seed so far: the differences can be luck.';
    return `${1 + more - running} seeds done${running > 0 ? `, ${running} running` : ''}. Thin lines are seeds, a bold line is their mean, the band one standard deviation. Below, a ring is the difference of a seed; from ten seeds on, their mean has its 95% interval.`;
  };
  const draw = drawing(root, async () => {
    set_text(state, count());
    const comparisons = race.others.length > 0 ? compare(settings().rule, [race, ...race.others]) : [];
    const several = comparisons.filter(({ differences }) => differences.length > 1);
    if (several.length > 0) await init({ module_or_path: await engine() });
    const { seed } = settings();
    const compared = several.map((one) => ({
      ...one,
      interval: interval_of_mean(Float64Array.from(one.differences), seed),
    }));
    const names_of = (/** @type {[string, string]} */ [one, other]) =>
      /** @type {[string, string]} */ ([rules[one].title, rules[other].title]);
    plot.hidden = compared.length === 0;
    if (!plot.hidden) draw_differences(plot, compared);
    const all = compared.map((one) => described(one, names_of(one.rules))).join(' ');
    plot.setAttribute(
      'aria-label',
      `Differences in test accuracy, seed by seed, in percentage points. ${all}`,
    );
    const sentences = compared.map((one) => element('li', {}, verdict(one, names_of(one.rules))));
    const told = sentences.map(({ textContent }) => textContent).join();
    if (verdicts.dataset.told !== told) verdicts.replaceChildren(...sentences);
    verdicts.dataset.told = told;
  });
  button.addEventListener('click', () => race.add_seed());
  on_new_looks(plot, draw);
  return draw_at(race, ['change', 'seeds'], draw);
}
