// README, the report of the study and the page state results. Each that they state is marked with the name of the
// estimate that it comes from, and must be what study/estimates.json has: number for number, and above or below.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const read = (file) => readFileSync(join(root, file), 'utf8');
const estimates = JSON.parse(read('study/estimates.json'));

const MARKED = /<span data-result="([^"]+)"\s*>(.*?)<\/span>/gs;
const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const NUMBER = new RegExp(`[−-]?\\d+(?:\\.\\d+)?|\\b(?:${WORDS.join('|')})\\b`, 'g');

/** The parts that are about results. */
const between = (text, from, to) => text.slice(text.indexOf(from), text.indexOf(to));
const texts = {
  'README.md': between(read('README.md'), '\n## Results', '\n## URL parameters'),
  'study/README.md': read('study/README.md').slice(read('study/README.md').indexOf('\n## Learning')),
  'www/index.html':
    between(read('www/index.html'), '<section id="confounding"', '<section id="layer"') +
    between(read('www/index.html'), '<section id="limits"', '</main>'),
  'www/panels/presets.js': between(read('www/panels/presets.js'), 'const list', 'export').replaceAll(
    /result\('([^']+)', '([^']+)'\)/g,
    '<span data-result="$1">$2</span>',
  ),
};

/** Whether a number is the value, as far as it is written. */
function is_rounded(number, value) {
  const written = number.replace('−', '-');
  const decimals = written.split('.')[1]?.length ?? 0;
  // A half may be rounded either way.
  return Math.abs(Number(written) - value) <= 0.5 * 10 ** -decimals + 1e-9;
}

/** What is wrong with a text that states an estimate; nothing if it is right. */
function fault(name, text) {
  const estimate = estimates[name];
  if (!estimate) return `there is no estimate “${name}”`;
  const { mean, low = estimate.least, high = estimate.most } = estimate;
  if (/above|more|higher/.test(text) && !(low > 0)) return `“${text}”, but it is not above for certain`;
  if (/below|less than|lower/.test(text) && !(high < 0)) return `“${text}”, but it is not below for certain`;
  // “3.5 points below” is −3.5.
  const sign = /below|less than|lower/.test(text) ? -1 : 1;
  const values = Object.values({ ...estimate, ...(mean === undefined ? {} : { mean }) });
  let at = 0;
  for (const [found] of text.replaceAll(/`[^`]*`/g, '').matchAll(NUMBER)) {
    const number = WORDS.includes(found) ? String(WORDS.indexOf(found)) : found;
    // In the order in which they are stored: an interval is not given upside down.
    const next = values.findIndex((value, index) => index >= at && is_rounded(number, sign * value));
    if (next < 0) return `“${text}”: ${found} is none of ${JSON.stringify(estimate)}`;
    at = next + 1;
  }
  return null;
}

for (const [file, text] of Object.entries(texts)) {
  test(`every result in ${file} is that of the stored runs`, () => {
    const marked = [...text.matchAll(MARKED)];
    assert.ok(marked.length > 0, 'results are marked');
    for (const [, name, stated] of marked) assert.equal(fault(name, stated.replaceAll(/\s+/g, ' ')), null);
  });

  test(`no result in ${file} lacks its mark`, () => {
    const rest = text
      .replaceAll(MARKED, '')
      .replaceAll(/```.*?```|`[^`]*`|<code>.*?<\/code>|\d+% interval|!?\[[^\]]*\]\([^)]*\)/gs, '');
    const unmarked = rest.match(/[−\d.]*\d\s*(%|points?\b)|\|[^|\n]*\d\.\d[^|\n]*\|/g) ?? [];
    assert.deepEqual(unmarked, []);
  });
}

test('what the stored runs do not say is noticed', () => {
  const { mean, low, high } = estimates['learning/rdd-fa'];
  const [a, b, c] = [mean, low, high].map((value) => value.toFixed(2));
  assert.equal(fault('learning/rdd-fa', `${a} (${b} to ${c}), above`), null);
  for (const wrong of [`${(mean + 0.1).toFixed(2)}`, `${a} (${c} to ${b})`, 'below', `${a} points below`]) {
    assert.notEqual(fault('learning/rdd-fa', wrong), null, wrong);
  }
  // An interval that contains zero is neither.
  assert.notEqual(fault('learning/rdd-shrinkage-rdd', 'below'), null);
  assert.notEqual(fault('learning/none', '1'), null);
});
