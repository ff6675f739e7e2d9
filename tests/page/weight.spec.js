// What the built page costs a reader before there is any data: bytes over the network, and time.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixtures.js';

const dist = join(import.meta.dirname, '..', '..', 'dist');

/** Programs and styles that the page loads, now or later, from what each names of the others. */
function loaded() {
  const all = readdirSync(dist, { recursive: true }).filter((name) => /\.(js|css|wasm)$/.test(name));
  const found = new Set(['index.html']);
  for (const name of found) {
    const text = readFileSync(join(dist, name), 'latin1');
    for (const other of all) if (text.includes(other.split('/').at(-1))) found.add(other);
  }
  return [...found].filter((name) => name !== 'index.html');
}

test('WebAssembly, JavaScript and styles are at most 250 KB, gzipped', () => {
  const sizes = loaded().map((name) => [name, gzipSync(readFileSync(join(dist, name)), { level: 9 }).length]);
  console.info(sizes.map(([name, size]) => `${String(size).padStart(7)} ${name}`).join('\n'));
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.info(`${(total / 1024).toFixed(1)} KB in all`);
  expect(total).toBeLessThanOrEqual(250 * 1024);
});
