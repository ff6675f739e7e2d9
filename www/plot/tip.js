/**
 * The values of a chart under the cursor.
 *
 * @import uPlot from 'uplot'
 * @import { Lines } from './lines.js'
 */
import { element, set_text } from '../base/dom.js';
import { count } from '../base/format.js';
import { rule_name } from './legend.js';
import { value_at } from './lines.js';
import { rule_names, rules } from './rules.js';

export class Tip {
  #title = element('strong');
  #rows = new Map(
    rule_names.map((rule) => {
      const value = element('span', { class: 'value' });
      return [rule, { root: element('div', {}, rule_name('span', rule, rules[rule].short), value), value }];
    }),
  );
  root = element(
    'div',
    { class: 'tip', hidden: true },
    this.#title,
    ...[...this.#rows.values()].map(({ root }) => root),
  );

  /**
   * @param {uPlot} plot
   * @param {Lines} lines
   * @param {(value: number) => string} format
   */
  show(plot, lines, format) {
    const { idx, left } = plot.cursor;
    const x = idx == null ? undefined : plot.data[0][idx];
    this.root.hidden = x === undefined || left === undefined || left < 0 || lines.size === 0;
    if (this.root.hidden || x === undefined || left === undefined) return;
    set_text(this.#title, `${count(x)} images`);
    for (const [rule, { root, value }] of this.#rows) {
      const line = lines.get(rule);
      root.hidden = !line;
      const reading = line && value_at(line, x);
      set_text(value, reading === undefined ? '–' : format(reading));
    }
    const right = left > plot.over.clientWidth / 2;
    const place = right ? left - this.root.offsetWidth - 14 : left + 14;
    this.root.style.transform = `translate(${Math.round(Math.max(0, place))}px, 0)`;
  }
}
