// What the page's workers take of memory while three rules learn from all of Fashion-MNIST, or from a reader's own file:
//
//   EPOCHS=20 node benches/memory.js
//   FILE=cifar-10-binary.tar.gz EXAMPLES=50000 node benches/memory.js
//
// over the built page (dist/), resident in the memory of its process, less what the page took before its
// training workers began.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { preview } from 'vite';

const epochs = Number(process.env.EPOCHS ?? 2);
const examples = Number(process.env.EXAMPLES ?? 60_000);
const file = process.env.FILE;
const WORKERS = 3;

const root = join(import.meta.dirname, '..');
const server = await preview({
  root: join(root, 'www'),
  configFile: join(root, 'vite.config.js'),
  preview: { port: 0 },
});
const { args } = JSON.parse(readFileSync(join(root, 'tests/browser/webdriver.json'), 'utf8'))[
  'goog:chromeOptions'
];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [...args, '--js-flags=--expose-gc'],
});
const page = await browser.newPage();
await page.addInitScript(() => {
  document.addEventListener('spikealign:record', () => console.info('a record'));
  document.addEventListener('spikealign:done', () => Object.assign(globalThis, { finished: true }));
});
await page.goto(
  `${server.resolvedUrls?.local[0]}?dataset=${file ? 'garments' : 'fashion-mnist'}&examples=${examples}` +
    `&test_examples=10000&record_every=0&rule=bp,fa,rdd&epochs=${epochs}`,
);
await page.locator('#images').scrollIntoViewIfNeeded();
if (file) await page.locator('#own-files').setInputFiles(file);
const found = file ? 'from your own files: ' : 'Fashion-MNIST: the first ';
await page.getByText(`${found}${examples.toLocaleString('en')} training`).waitFor({ timeout: 0 });

/** The process that the page and its workers share: the largest of those that show pages. */
const session = await browser.newBrowserCDPSession();
const { processInfo } = await session.send('SystemInfo.getProcessInfo');
const processes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
const [process_id] = processes.sort((a, b) => resident(b) - resident(a));

/** Resident megabytes, without those that have been given back and not yet been taken. */
function resident(id = process_id) {
  const map = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
  const kilobytes = (field) => Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(map)?.[1]);
  return (kilobytes('Rss') - kilobytes('LazyFree')) / 1024;
}

// What reading the images left behind would otherwise be freed at some later time, and hide what comes.
await Promise.all([page, ...page.workers()].map((place) => place.evaluate(() => globalThis.gc?.())));
const before = resident();
let most = before;
const sampling = setInterval(() => (most = Math.max(most, resident())), 50);
const each = (value) => `${((value - before) / WORKERS).toFixed(0)} MB`;
console.info(`the page, with its images: ${before.toFixed(0)} MB`);

let records = 0;
page.on('console', (message) => {
  records += 1;
  if (records % WORKERS > 0) return;
  const now = resident();
  console.info(
    `after epoch ${records / WORKERS}: ${now.toFixed(0)} MB, a worker ${each(now)}, so far at most ${each(most)}`,
  );
});
await page.getByRole('button', { name: 'Start training' }).click();
await page.waitForFunction(() => globalThis.finished, null, { timeout: 0 });
clearInterval(sampling);
await browser.close();
await server.close();
