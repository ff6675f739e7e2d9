/**
 * A table of labels against answers, shaded by share; the diagonal is framed. Of many classes it is a square without
 * words, in which each cell says its own under the pointer.
 */

import { element, set_text } from '../base/dom.js';
import { count, percent } from '../base/format.js';

/** With more classes than these, names and numbers have no room. */
const MOST_IN_WORDS = 14;

export class Matrix {
  root = element('table');
  /** @type {HTMLElement[]} */
  #columns = [];
  /** @type {{ name: HTMLElement, cells: HTMLElement[] }[]} */
  #rows = [];

  /**
   * @param {Uint32Array | undefined} counts label by label
   * @param {string[]} classes
   */
  draw(counts, classes) {
    if (classes.length !== this.#rows.length) this.#build(classes.length);
    for (const [label, { name, cells }] of this.#rows.entries()) {
      set_text(name, classes[label] ?? '');
      set_text(this.#columns[label] ?? name, classes[label] ?? '');
      const row = counts?.subarray(label * classes.length, (label + 1) * classes.length);
      const total = sum(row);
      for (const [answer, cell] of cells.entries()) {
        const share = (row?.[answer] ?? 0) / Math.max(1, total);
        const title = share === 0 ? '' : `${classes[label]} → ${classes[answer]}: ${percent(share)}`;
        // Of ten thousand cells few have changed.
        if (title === cell.title) continue;
        cell.title = title;
        set_text(cell, share === 0 ? '' : share < 0.005 ? '·' : `${Math.round(100 * share)}`);
        cell.style.setProperty('--share', share.toFixed(3));
      }
    }
  }

  /** @param {number} size */
  #build(size) {
    this.root.classList.toggle('dense', size > MOST_IN_WORDS);
    this.root.style.setProperty('--classes', `${size}`);
    const numbers = Array.from({ length: size }, (_, index) => index);
    this.#columns = numbers.map(() => element('span'));
    this.#rows = numbers.map((label) => ({
      name: element('th', { scope: 'row' }),
      cells: numbers.map((answer) => element('td', { class: answer === label ? 'right' : undefined })),
    }));
    this.root.replaceChildren(
      element(
        'tr',
        {},
        element('td', { class: 'corner' }, 'answer →', element('br'), 'image ↓'),
        ...this.#columns.map((column) => element('th', { scope: 'col' }, column)),
      ),
      ...this.#rows.map(({ name, cells }) => element('tr', {}, name, ...cells)),
    );
  }
}

/**
 * The share of right answers, and the wrong answer that was given most often.
 *
 * @param {Uint32Array} counts
 * @param {string[]} classes
 */
export function describe_confusion(counts, classes) {
  const size = classes.length;
  let [right, worst] = [0, 1];
  for (const [index, count] of counts.entries()) {
    if (Math.floor(index / size) === index % size) right += count;
    else if (count > (counts[worst] ?? 0)) worst = index;
  }
  const accuracy = `${percent(right / Math.max(1, sum(counts)))} correct.`;
  const times = counts[worst] ?? 0;
  if (times === 0) return `${accuracy} No mistakes.`;
  const label = Math.floor(worst / size);
  const of_label = sum(counts.subarray(label * size, (label + 1) * size));
  const [shown, taken] = [classes[label], classes[worst % size]];
  return `${accuracy} Most often, “${shown}” was mistaken for “${taken}”: ${count(times)} of ${count(of_label)}.`;
}

/** @param {Uint32Array} [counts] */
function sum(counts) {
  return counts?.reduce((sum, count) => sum + count, 0) ?? 0;
}
