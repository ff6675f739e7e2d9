/**
 * What each network takes for what: of the test images of each class, how many were given each answer.
 *
 * @import { Race } from '../race/race.js'
 * @import { Rule } from '../plot/rules.js'
 * @import { Settings } from '../settings/table.js'
 */
import { element, set_text } from '../base/dom.js';
import { count, percent } from '../base/format.js';
import { drawing } from '../base/frames.js';
import { rule_names, rules } from '../plot/rules.js';

const CLASSES = 10;

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {object} page
 * @param {() => Settings} page.planned the settings of a run that has not begun
 * @param {() => string[]} page.classes the names of the classes, as far as they are known
 */
export function confusion(root, race, { planned, classes }) {
  const matrices = rule_names.map((rule) => make_matrix(rule));
  root.append(...matrices.map((matrix) => matrix.root));
  const drawings = matrices.map((matrix) =>
    drawing(matrix.root, () => {
      const { rule } = matrix;
      matrix.root.hidden = !(race.settings ?? planned()).rule.includes(rule);
      draw_matrix(matrix, race.runners.get(rule)?.answers?.confusion, classes());
    }),
  );
  const draw = () => {
    for (const draw_one of drawings) draw_one();
  };
  for (const type of ['answers', 'change']) race.addEventListener(type, draw);
  draw();
  return { draw };
}

/** @typedef {ReturnType<typeof make_matrix>} Matrix */

/** @param {Rule} rule */
function make_matrix(rule) {
  // A number until it is drawn: a heading is never empty.
  const columns = Array.from({ length: CLASSES }, (_, answer) =>
    element('th', { scope: 'col' }, element('span', {}, `${answer}`)),
  );
  const rows = Array.from({ length: CLASSES }, (_, label) => {
    const name = element('th', { scope: 'row' }, `${label}`);
    const cells = Array.from({ length: CLASSES }, (_, answer) =>
      element('td', { class: answer === label ? 'right' : undefined }),
    );
    return { name, cells, root: element('tr', {}, name, ...cells) };
  });
  const table = element(
    'table',
    { class: rule },
    element('tr', {}, element('td', { class: 'corner' }, 'answer →', element('br'), 'image ↓'), ...columns),
    ...rows.map((row) => row.root),
  );
  const reading = element('p', { class: 'reading' });
  const title = element('h3', { class: `name ${rule}` }, rules[rule].name);
  return { rule, root: element('div', {}, title, table, reading), table, columns, rows, reading };
}

/**
 * @param {Matrix} matrix
 * @param {Uint32Array | undefined} counts label by label
 * @param {string[]} classes
 */
function draw_matrix({ rule, table, columns, rows, reading }, counts, classes) {
  for (const [label, { name, cells }] of rows.entries()) {
    const shown = classes[label] ?? `${label}`;
    set_text(name, shown);
    set_text(columns[label]?.firstChild ?? name, shown);
    const row = counts?.subarray(label * CLASSES, (label + 1) * CLASSES);
    const total = row?.reduce((sum, count) => sum + count, 0) ?? 0;
    for (const [answer, cell] of cells.entries()) {
      const share = (row?.[answer] ?? 0) / Math.max(1, total);
      set_text(cell, share === 0 ? '' : share < 0.005 ? '·' : `${Math.round(100 * share)}`);
      cell.style.setProperty('--share', share.toFixed(3));
    }
  }
  const found = counts ? describe(counts, classes) : 'Not tested yet.';
  set_text(reading, found);
  table.setAttribute('aria-label', `${rules[rule].name}: ${found}`);
}

/**
 * The share of right answers, and the wrong answer that was given most often.
 *
 * @param {Uint32Array} counts
 * @param {string[]} classes
 */
function describe(counts, classes) {
  let [total, right, worst] = [0, 0, 1];
  for (const [index, count] of counts.entries()) {
    const is_right = Math.floor(index / CLASSES) === index % CLASSES;
    total += count;
    if (is_right) right += count;
    else if (count > (counts[worst] ?? 0)) worst = index;
  }
  const accuracy = `${percent(right / Math.max(1, total))} right.`;
  const times = counts[worst] ?? 0;
  if (times === 0) return `${accuracy} Nothing was confused.`;
  const label = Math.floor(worst / CLASSES);
  const of_label = counts.subarray(label * CLASSES, (label + 1) * CLASSES).reduce((sum, one) => sum + one, 0);
  const [shown, taken] = [classes[label] ?? `class ${label}`, classes[worst % CLASSES] ?? ''];
  return `${accuracy} Most often, “${shown}” was taken for “${taken}”: ${count(times)} of ${count(of_label)}.`;
}
