/**
 * The latest numbers of every rule as a table.
 *
 * @import { Race } from '../race.js'
 * @import { Settings } from '../settings.js'
 */
import { element, set_text } from '../dom.js';
import { count, decimal, layer_title, percent } from '../format.js';
import { drawing } from '../frames.js';
import { rules } from '../rules.js';

const MEASURES = ['Images seen', 'Test accuracy', 'Test loss', 'Training accuracy'];

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function results(root, race, planned) {
  const top = element('tr');
  const body = element('tbody');
  const caption = element('caption', {}, 'The latest measurement of every rule');
  root.append(element('table', {}, caption, element('thead', {}, top), body));

  const draw = drawing(() => {
    const layers = race.layer_names.map(layer_title);
    const names = layers.length > 0 ? layers : ['layer 1', 'layer 2', 'layer 3'];
    const headings = ['Rule', ...MEASURES, ...names.map((name) => `Signs agree, ${name}`)];
    fill(top, 'th', headings);
    const shown = (race.settings ?? planned()).rule;
    while (body.rows.length > shown.length) body.deleteRow(-1);
    for (const [index, rule] of shown.entries()) {
      const row = body.rows[index] ?? body.insertRow();
      const record = race.runners.get(rule)?.records.at(-1);
      const cells = record
        ? [
            count(record.examples),
            percent(record.test_accuracy),
            decimal(record.test_loss),
            percent(record.train_accuracy),
            ...record.layers.map(({ sign_agreement }) => percent(sign_agreement)),
          ]
        : headings.slice(1).map(() => '–');
      fill(row, 'td', [rules[rule].name, ...cells]);
      row.dataset.rule = rule;
    }
  });
  for (const type of ['record', 'change']) race.addEventListener(type, draw);
  draw();
  return { draw };
}

/**
 * Sets the cells of a row; the first one heads it.
 *
 * @param {HTMLTableRowElement} row
 * @param {'th' | 'td'} tag
 * @param {string[]} texts
 */
function fill(row, tag, texts) {
  for (const [index, text] of texts.entries()) {
    let cell = row.cells[index];
    if (!cell) {
      const heads = tag === 'th' ? 'col' : index === 0 ? 'row' : undefined;
      cell = element(heads ? 'th' : 'td', { scope: heads });
      row.append(cell);
    }
    set_text(cell, text);
  }
}
