// What the page costs a reader before there is any data: bytes over the network, and time.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { built, expect, finished, test } from './fixtures.js';

const dist = join(import.meta.dirname, '..', '..', 'dist');

test('until three rules have learned, programs and styles of 270 KB have arrived, gzipped; with all that is below, of 330', async ({
  page,
}) => {
  const loaded = new Set();
  page.on('request', (request) => loaded.add(new URL(request.url()).pathname));
  const arrived = () => {
    const sizes = [...loaded]
      .filter((path) => /\.(js|css|wasm)$/.test(path))
      .map((path) => ({ path, size: gzipSync(readFileSync(join(dist, path)), { level: 9 }).length }));
    for (const { path, size } of sizes) console.info(`${String(size).padStart(7)} ${basename(path)}`);
    const total = sizes.reduce((sum, { size }) => sum + size, 0);
    console.info(`${(total / 1024).toFixed(1)} KB in all`);
    return { total, names: sizes.map(({ path }) => basename(path)).join(' ') };
  };
  await page.goto('./?dataset=garments&examples=96&test_examples=40&epochs=1&rdd_seconds=1&autostart=1');
  await finished(page);
  const learned = arrived();
  expect(learned.names, 'workers are among them').toMatch(
    /(?=.*training\.worker)(?=.*images\.worker)(?=.*\.wasm)/,
  );
  expect(learned.total).toBeLessThanOrEqual(270 * 1024);
  // Whoever watches the race has its charts, too. The aim is 300.
  await built(page);
  const watched = arrived();
  expect(watched.names, 'what is below is among it').toMatch(/below/);
  expect(watched.total).toBeLessThanOrEqual(330 * 1024);
});

test('what there is to see and to press, and when, with no data', async ({ page }) => {
  await page.addInitScript(() => {
    // The controls are made by the page's program, which has then made them work.
    const observer = new MutationObserver(() => {
      const start = [...document.querySelectorAll('button')].find(
        ({ textContent }) => textContent === 'Start training',
      );
      if (!start || start.disabled) return;
      observer.disconnect();
      Object.assign(window, { pressable: performance.now() });
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.goto('./?dataset=garments');
  const times = await page.waitForFunction(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return paint && window.pressable && { paint: paint.startTime, pressable: window.pressable };
  });
  const { paint, pressable } = await times.jsonValue();
  console.info(
    `first contentful paint after ${paint.toFixed(0)} ms, the start button after ${pressable.toFixed(0)} ms`,
  );
  expect(paint).toBeGreaterThan(0);
  expect(pressable).toBeGreaterThan(0);
});
