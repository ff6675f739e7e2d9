// What is said where the programs of the page do not arrive or cannot run: the machines are imitated.

import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { built, expect } from './fixtures.js';

const dist = join(import.meta.dirname, '..', '..', 'dist');
const SMALL =
  'dataset=garments&examples=640&test_examples=100&epochs=1&rdd_seconds=1&record_every=0&net=4,8,32,16';
const notice = (page) => page.locator('.notice.failure').first();
const entry = /\/assets\/index-[^/]*\.js$/;
const worker = '**/training.worker*';

// The console tells of each of these failures, too.
base('a page whose program does not arrive says why, and what to do', async ({ page, browserName }) => {
  const missing = (route) => route.fulfill({ status: 404, contentType: 'text/html', body: '<p>No' });
  await page.route(entry, missing);
  await page.goto('./');
  await expect(notice(page)).toContainText(/answered 404 for index-.*new version: reload/);

  await page.unroute(entry);
  await page.route(entry, async (route) => {
    const headers = { 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' };
    await route.fulfill({ response: await route.fetch(), headers });
  });
  await page.goto('./?again');
  await expect(notice(page)).toContainText(/sends index-.*as text\/plain: it must send text\/javascript/);

  await page.unroute(entry);
  await page.route('**/assets/embed-*.js', missing);
  await page.goto('./embed.html?panel=neuron');
  await expect(notice(page)).toContainText(/answered 404 for embed-/);

  await page.route('**/', async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      headers: { ...response.headers(), 'Content-Security-Policy': "script-src 'none' 'unsafe-inline'" },
    });
  });
  await page.goto('./');
  await expect(notice(page)).toContainText(/has blocked .*\.js: the Content-Security-Policy/);

  // Over BiDi this Firefox does not open files.
  if (browserName === 'firefox') return;
  await page.goto(pathToFileURL(join(dist, 'index.html')).href);
  await expect(notice(page)).toContainText('does not work from a file');
});

base('what lies below says that it has not arrived, and comes after a reload', async ({ page }) => {
  await page.route('**/assets/below-*', (route) => route.abort());
  await page.goto('./?dataset=garments');
  await page.evaluate(() => scrollTo({ top: 1, behavior: 'instant' }));
  const said = page.locator('#problem-figure').getByText('This part of the page could not be loaded');
  await expect(said).toContainText('Check the connection');
  await page.unroute('**/assets/below-*');
  await said.getByRole('button', { name: 'Reload the page' }).click();
  await expect(said).toHaveCount(0);
  await built(page);
  // With its styles.
  await expect(page.locator('#problem-figure svg').first()).toHaveCSS('display', 'block');
});

base(
  'an old browser is told which it needs, and one that lacks something what it lacks',
  async ({ page }) => {
    await page.addInitScript(() => {
      const { supports } = CSS;
      CSS.supports = (...given) => !given.join().includes('light-dark') && supports.apply(CSS, given);
      delete window.ResizeObserver;
    });
    await page.goto('./');
    await expect(notice(page)).toContainText('Chrome or Edge 123, Firefox 120, Safari 17.5');
    await page.addInitScript(() => {
      CSS.supports = () => true;
    });
    await page.goto('./?again');
    await expect(notice(page)).toContainText(/could not start: .*ResizeObserver/);
  },
);

/** What a browser may lack, and what the page says then after “Start training”; without it, the race runs. */
const ABSENT = [
  [['WebAssembly'], 'does not support WebAssembly, or its settings block it'],
  [['Worker'], 'Worker is not defined'],
  [['indexedDB', 'caches', 'OffscreenCanvas', 'DecompressionStream', 'BroadcastChannel'], null],
];

base(
  'where a part of the browser is switched off, the race runs, or says what is missing',
  async ({ page }) => {
    for (const [names, said] of ABSENT) {
      const lacking = await page.context().newPage();
      await lacking.addInitScript((names) => {
        for (const name of names) for (const owner of [window, Window.prototype]) delete owner[name];
      }, names);
      await lacking.goto(`./?${SMALL}`);
      await built(lacking);
      // By key: figures above the button say that they fail, and would move it away from a click.
      await lacking.getByRole('button', { name: 'Start training' }).press('Enter');
      if (said) await expect(lacking.locator('#notices')).toContainText(said);
      else await expect(lacking.locator('.lane .doing')).toHaveText(Array(3).fill('finished 1 epoch'));
      await lacking.close();
    }
  },
);

base('a worker that cannot be loaded says why', async ({ page }) => {
  const dead = page.locator('.lane.failed').first();
  for (const [headers, said] of [
    [{ status: 404, body: 'gone' }, /host answered 404 for training.*new version/],
    [
      { contentType: 'text/plain', body: '0' },
      /sends training.* as text\/plain; it must send text\/javascript/,
    ],
  ]) {
    await page.route(worker, (route) => route.fulfill(headers));
    await page.goto(`./?${SMALL}&autostart=1`);
    await built(page);
    await expect(dead).toContainText(said);
    await page.unroute(worker);
  }
  // The host isolates the page, and forgets its workers.
  await page.route(
    ({ search }) => search !== '',
    async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), 'Cross-Origin-Embedder-Policy': 'require-corp' };
      await route.fulfill({ response, headers });
    },
  );
  await page.goto(`./?${SMALL}&autostart=1`);
  await expect(page.locator('#notices')).toContainText(
    /browser blocked it.*worker-src.*Cross-Origin-Embedder-Policy/,
  );
});
