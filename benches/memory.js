// What the page's workers take of memory while three rules learn from all of Fashion-MNIST:
//
//   EPOCHS=20 node benches/memory.js
//
// over the built page (dist/), resident in the memory of its process, less what the page took before its
// training workers began.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { preview } from 'vite';

const epochs = Number(process.env.EPOCHS ?? 2);
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
  document.addEventListener('spikealign:record', ({ detail }) => console.info(JSON.stringify(detail)));
});
await page.goto(
  `${server.resolvedUrls?.local[0]}?dataset=fashion-mnist&examples=60000&test_examples=10000&record_every=0` +
    `&rule=bp,fa,rdd&epochs=${epochs}`,
);
await page.locator('#images').scrollIntoViewIfNeeded();
await page.getByText('Fashion-MNIST: the first 60,000 training images').waitFor();

/** The process that the page and its workers share: the largest of those that show pages. */
const session = await browser.newBrowserCDPSession();
const { processInfo } = await session.send('SystemInfo.getProcessInfo');
const folders = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => `/proc/${id}`);
const megabytes = (folder, field) => {
  const status = readFileSync(`${folder}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s*(\\d+) kB`).exec(status)?.[1]) / 1024;
};
const [process_folder = ''] = folders.sort((a, b) => megabytes(b, 'VmRSS') - megabytes(a, 'VmRSS'));
const resident = () => megabytes(process_folder, 'VmRSS');

// What reading the images left behind would otherwise be freed at some later time, and hide what comes.
await Promise.all([page, ...page.workers()].map((place) => place.evaluate(() => globalThis.gc?.())));
const before = resident();
// From here on, the largest value is remembered anew.
writeFileSync(`${process_folder}/clear_refs`, '5');
const each = (value) => `${((value - before) / WORKERS).toFixed(0)} MB`;
console.info(`the page, with its images: ${before.toFixed(0)} MB`);

const done = page.evaluate(
  () => new Promise((resolve) => addEventListener('spikealign:done', resolve, true)),
);
let records = 0;
page.on('console', (message) => {
  const record = JSON.parse(message.text());
  records += 1;
  if (records % WORKERS > 0) return;
  console.info(
    `epoch ${record.epoch}: ${resident().toFixed(0)} MB, a worker ${each(resident())}, at most ${each(megabytes(process_folder, 'VmHWM'))}`,
  );
});
await page.getByRole('button', { name: 'Start training' }).click();
await done;
await browser.close();
await server.close();
