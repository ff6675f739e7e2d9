/**
 * The latest numbers as a table: a measure a row, a rule a column.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { Panel } from './frame.js'
 */
import { description } from '../../pkg/description.js';
import { element, set_text } from '../base/dom.js';
import { count, decimal, layer_title, percent } from '../base/format.js';
import { drawing } from '../base/frames.js';
import { measured } from '../base/measured.js';
import { rules } from '../plot/rules.js';
import { draw_at } from './frame.js';

/** @type {[string, (record: Record) => string][]} */
const MEASURES = [
  ['Training images seen', ({ examples }) => count(examples)],
  ['Test accuracy', ({ test_accuracy }) => percent(test_accuracy)],
  ['Test accuracy, mean of the classes', ({ test_balanced_accuracy }) => percent(test_balanced_accuracy)],
  ['Test loss', ({ test_loss }) => decimal(test_loss)],
  ['Training accuracy', ({ train_accuracy }) => percent(train_accuracy)],
];

/** @type {Panel} */
export const results = {
  id: 'results',
  build(root, { race, settings }) {
    const caption = element('caption', { class: 'visually-hidden' }, 'The latest measurement of every rule');
    const table = element('table', {}, caption);
    // Many rules are wider than the page.
    const box = { class: 'table-box', role: 'region', tabindex: 0, 'aria-label': 'The latest measurements' };
    root.append(element('div', box, table));
    const draw = drawing(root, () => {
      const shown = settings().rule;
      const columns = shown.map((rule) => race.runners.get(rule)?.records.at(-1));
      fill(table, 0, ['Latest measurement', ...shown.map((rule) => rules[rule].title)]);
      for (const [index, rule] of shown.entries()) {
        const heading = table.rows[0]?.cells[index + 1];
        heading?.setAttribute('class', 'name');
        heading?.setAttribute('data-rule', rule);
      }
      for (const [index, [name, read]] of [...MEASURES, ...layer_measures(race.layer_names)].entries()) {
        fill(table, index + 1, [name, ...columns.map((record) => (record ? read(record) : '–'))]);
      }
    });
    return draw_at(race, ['record', 'change'], draw);
  },
};

/**
 * @param {string[]} names of the layers, once they are known
 * @returns {typeof MEASURES}
 */
function layer_measures(names) {
  return description.layers.map((layer, index) => {
    const name = names[index] ? ` (${layer_title(names[index])})` : '';
    const title = `Signs that agree, ${layer.toLowerCase()}${name}`;
    return [
      title,
      ({ layers }) => {
        const share = measured(layers[index], 'sign_agreement');
        return share === undefined ? '–' : percent(share);
      },
    ];
  });
}

/**
 * Sets the cells of a row. The first row and the first column are headings.
 *
 * @param {HTMLTableElement} table
 * @param {number} index
 * @param {string[]} texts
 */
function fill(table, index, texts) {
  const row = table.rows[index] ?? table.insertRow();
  while (row.cells.length > texts.length) row.deleteCell(-1);
  for (const [column, text] of texts.entries()) {
    let cell = row.cells[column];
    if (!cell) {
      const scope = index === 0 ? 'col' : column === 0 ? 'row' : undefined;
      cell = element(scope ? 'th' : 'td', { scope });
      row.append(cell);
    }
    set_text(cell, text);
  }
}
