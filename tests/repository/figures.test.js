// The figures of the study are shown in pages that are light and dark: each of their colours is known for both.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const FIGURES = new URL('../../study/figures/', import.meta.url);
const COLORED = /(?:fill|stroke): #\w{6}/g;

for (const name of readdirSync(FIGURES)) {
  test(`${name} has every colour in the dark too`, () => {
    const [head, drawing] = readFileSync(new URL(name, FIGURES), 'utf8').split('</style>');
    const used = new Set(drawing.match(COLORED));
    const changed = new Set([...head.matchAll(/\[style\*="(.*?)"\]/g)].map(([, colored]) => colored));
    assert.deepEqual(
      [...used].filter((colored) => !changed.has(colored)),
      [],
    );
    assert.match(head, /@media \(prefers-color-scheme: dark\)/);
  });
}
