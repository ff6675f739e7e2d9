/**
 * The latest numbers as a table: a measure a row, a rule a column.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { Race } from '../race/race.js'
 * @import { Settings } from '../settings/table.js'
 */
import { element, set_text } from '../base/dom.js';
import { count, decimal, layer_title, percent } from '../base/format.js';
import { drawing } from '../base/frames.js';
import { rules } from '../plot/rules.js';

/** @type {[string, (record: Record) => string][]} */
const MEASURES = [
  ['Training images seen', ({ examples }) => count(examples)],
  ['Test accuracy', ({ test_accuracy }) => percent(test_accuracy)],
  ['Test loss', ({ test_loss }) => decimal(test_loss)],
  ['Training accuracy', ({ train_accuracy }) => percent(train_accuracy)],
];

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function results(root, race, planned) {
  const caption = element('caption', { class: 'visually-hidden' }, 'The latest measurement of every rule');
  const table = element('table', {}, caption);
  root.append(table);
  const draw = drawing(root, () => {
    const shown = (race.settings ?? planned()).rule;
    const columns = shown.map((rule) => race.runners.get(rule)?.records.at(-1));
    const rows = [...MEASURES, ...layer_measures(race.layer_names)];
    fill(table, 0, ['Latest measurement', ...shown.map((rule) => rules[rule].name)]);
    for (const [index, rule] of shown.entries()) {
      table.rows[0]?.cells[index + 1]?.setAttribute('class', `name ${rule}`);
    }
    for (const [index, [name, read]] of rows.entries()) {
      fill(table, index + 1, [name, ...columns.map((record) => (record ? read(record) : '–'))]);
    }
  });
  for (const type of ['record', 'change']) race.addEventListener(type, draw);
  draw();
  return { draw };
}

/**
 * @param {string[]} names of the layers, once they are known
 * @returns {typeof MEASURES}
 */
function layer_measures(names) {
  return [0, 1, 2].map((layer) => {
    const name = names[layer];
    const title = `Signs that agree, layer ${layer + 1}${name ? ` (${layer_title(name)})` : ''}`;
    return [title, ({ layers }) => percent(layers[layer]?.sign_agreement ?? NaN)];
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
