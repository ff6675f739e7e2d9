/**
 * Which classes get confused: of the test images of each class, how many were given each answer.
 *
 * @import { Panel, Shown } from './frame.js'
 */
import { description } from '../../pkg/description.js';
import { element, set_text } from '../base/dom.js';
import { drawing } from '../base/frames.js';
import { rule_name } from '../plot/legend.js';
import { Matrix, describe_confusion } from '../plot/matrix.js';
import { rules } from '../plot/rules.js';
import { draw_at, part_for_each } from './frame.js';

/** @type {Panel} */
export const confusion = {
  id: 'confusion',
  saved: 'confusion',
  build(root, shown) {
    root.classList.add('matrices');
    const parts = part_for_each(root, (rule) => make_part(rule, shown));
    return draw_at(shown.race, ['answers', 'change'], () => {
      for (const { draw } of parts(shown.settings().rule)) draw();
    });
  },
};

/**
 * @param {string} rule
 * @param {Shown} shown
 */
function make_part(rule, { race, settings }) {
  const matrix = new Matrix();
  const reading = element('p', { class: 'reading' });
  const root = element('div', { 'data-rule': rule }, rule_name('h3', rule), matrix.root, reading);
  const draw = drawing(root, () => {
    const classes =
      race.tests?.classes ??
      description.datasets.find(({ name }) => name === settings().dataset)?.classes ??
      [];
    const counts = race.runners.get(rule)?.answers?.confusion;
    matrix.draw(counts, classes);
    const found = counts ? describe_confusion(counts, classes) : 'Not tested yet.';
    set_text(reading, found);
    matrix.root.setAttribute('aria-label', `${rules[rule].title}: ${found}`);
  });
  return { root, draw };
}
