// The page with the network off: the test's own server is gone, too.

import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { built, dataset, expect, finished, records, test } from './fixtures.js';

const root = join(import.meta.dirname, '..', '..');
const configFile = join(root, 'vite.config.js');
const SMALL = 'examples=640&test_examples=100&epochs=1&rdd_seconds=1&record_every=0&net=4,8,32,16';

test.use({
  serviceWorkers: 'allow',
  // What the browser says of a request that fails.
  expected: /Failed to load resource: net::ERR_/,
});

/** A host of the built page, which is at `path`, and of which the network can be lost. */
async function host(folder = join(root, 'dist'), port = 0, path = '') {
  const server = await preview({
    configFile,
    build: { outDir: folder },
    preview: { port, strictPort: true },
  });
  const address = server.httpServer.address();
  return {
    port: address.port,
    page: `http://localhost:${address.port}/${path}`,
    lose: async (context) => {
      await context.setOffline(true);
      await server.close();
    },
    close: () => server.close(),
  };
}

/** Waits until the browser keeps the page. */
const page_is_kept = (page) =>
  expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);

/** Waits until the browser keeps the images that a run has used. */
const images_are_kept = (page) =>
  expect
    .poll(() =>
      page.evaluate(async () => (await (await caches.open('spikealign-fashion-mnist')).keys()).length),
    )
    .toBe(4);

/** Whether the browser keeps what reads files. */
const keeps_readers = (page) =>
  page.evaluate(async () => {
    const kept = await Promise.all(
      (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
    );
    return kept.flat().some(({ url }) => url.includes('readers_bg'));
  });

/** Brings a file from which nothing can be learned, and waits for what the page says. */
async function bring_cat(page, said) {
  await built(page);
  await page
    .locator('#own-files')
    .setInputFiles({ name: 'cat.txt', mimeType: 'text/plain', buffer: Buffer.from('a cat') });
  await expect(page.locator('.own-images').getByRole('alert')).toContainText(said);
}

/** Trains to the end, and gives the records. */
async function train(page) {
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  return (await records(page)).toSorted((one, other) => one.rule.localeCompare(other.rule));
}

test('after one visit the page opens, shows its figures and trains without a network', async ({
  page,
  context,
}) => {
  const server = await host();
  await page.goto(`${server.page}?dataset=garments&${SMALL}`);
  await page_is_kept(page);
  // Few readers need what reads their own files: it is kept once it has been used.
  expect(await keeps_readers(page)).toBe(false);
  await bring_cat(page, 'There is nothing to learn from');
  await expect.poll(() => keeps_readers(page)).toBe(true);
  await server.lose(context);

  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await bring_cat(page, 'There is nothing to learn from');
  const neuron = page.locator('#neuron-figure');
  await neuron.scrollIntoViewIfNeeded();
  await neuron.getByLabel('Speed').selectOption({ label: 'as fast as it goes' });
  await neuron.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(neuron.locator('.playback output')).not.toHaveText('0.0 s');
  expect((await train(page)).map(({ rule }) => rule)).toEqual(['bp', 'fa', 'rdd']);

  // Another address of the same page, which was never visited.
  await page.goto(`${server.page}index.html?dataset=fashion-mnist&${SMALL}`);
  await expect(page.locator('#notices')).toContainText('Fashion-MNIST cannot be fetched offline');
  expect(await train(page)).toHaveLength(3);
});

test('without a network it trains on what it has used of Fashion-MNIST, to the same records', async ({
  page,
  context,
}) => {
  test.skip(dataset !== 'fashion-mnist', 'Fashion-MNIST is not here.');
  const server = await host();
  await page.goto(`${server.page}?dataset=fashion-mnist&${SMALL}`);
  const online = await train(page);
  await page_is_kept(page);
  await images_are_kept(page);
  await server.lose(context);

  await page.reload();
  expect(await train(page)).toEqual(online);
  await bring_cat(page, /What reads files could not be loaded .*: check the connection/);
  await expect(page.locator('#images .source')).toContainText('Fashion-MNIST: the first 640 training images');
  await page.goto(`${server.page}?dataset=fashion-mnist&${SMALL.replace('640', '1280')}#race`);
  await expect(page.locator('#images .source')).toContainText('has only the first 640 training labels');
  await page.getByRole('button', { name: 'Use generated images' }).click();
  await expect(page.locator('#images .source')).toContainText('Generated images');
});

test('a browser without room for it shows the page as before', async ({ page, context, browserName }) => {
  test.skip(browserName !== 'chromium', 'only Chromium can be told to have no room');
  const server = await host();
  const session = await context.newCDPSession(page);
  const { origin } = new URL(server.page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  const tried = context.waitForEvent('serviceworker');
  await page.goto(`${server.page}?dataset=${dataset}&${SMALL}`);
  await tried;
  await expect.poll(() => has_any_worker(page)).toBe(false);
  await expect(page.locator('#offline')).toContainText('could not be stored');
  expect(await train(page)).toHaveLength(3);
  await server.close();
});

test('of a version that has arrived in part nothing is kept', async ({ page, context, browserName }) => {
  test.skip(browserName !== 'chromium', 'only Chromium tells when a service worker starts');
  const folder = mkdtempSync(join(tmpdir(), 'spikealign-part-'));
  cpSync(join(root, 'dist'), folder, { recursive: true });
  appendFileSync(join(folder, 'index.html'), '<!-- of the next version -->');
  const server = await host(folder);
  const tried = context.waitForEvent('serviceworker');
  await page.goto(`${server.page}?dataset=garments&${SMALL}`);
  await tried;
  await expect.poll(() => has_any_worker(page)).toBe(false);
  await expect(page.locator('#offline')).toContainText('a file was altered on its way');
  await server.close();
  rmSync(folder, { recursive: true });
});

test('where another project is served in its place, it leaves', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'spikealign-left-'));
  cpSync(join(root, 'dist'), folder, { recursive: true });
  const server = await host(folder);
  await page.goto(`${server.page}?dataset=garments&${SMALL}`);
  await page_is_kept(page);
  await server.close();

  rmSync(join(folder, 'service_worker.js'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><h1>Another project</h1>',
  );
  const other = await host(folder, server.port);
  await page.goto(other.page);
  await expect(page.getByRole('heading')).toHaveText('Another project');
  await expect.poll(() => has_any_worker(page)).toBe(false);
  expect(await page.evaluate(() => caches.keys())).toEqual([]);
  await other.close();
  rmSync(folder, { recursive: true });
});

test('embedded in another page, nothing is kept', async ({ page }) => {
  test.skip(!existsSync(join(root, 'dist/embed.html')), 'There is nothing to embed.');
  await page.goto('./embed.html?panel=neuron');
  await expect(page.locator('spike-align').getByLabel('Speed')).toBeVisible();
  expect(await has_any_worker(page)).toBe(false);
});

test('no load mixes two versions, and a page that is open keeps its own', async ({
  page,
  context,
  browserName,
}) => {
  const folders = { old: await build_version('old'), new: await build_version('new') };
  const address = (server) => `${server.page}?dataset=garments&${SMALL}&autostart=1`;
  const old_server = await host(folders.old, 0, 'page/');
  await page.goto(`${old_server.page}?dataset=garments&${SMALL}`);
  await page_is_kept(page);
  await old_server.close();
  const server = await host(folders.new, old_server.port, 'page/');

  // The page that is open starts workers that the host no longer has.
  const of_open_page = loaded(page);
  await train(page);
  expect(foreign(of_open_page, folders.old)).toEqual([]);
  await page.close();

  // The network comes first, so that the next one is new, before the new worker has taken over.
  const second = await context.newPage();
  const of_second = loaded(second);
  await second.goto(address(server));
  await trained(second);
  expect(foreign(of_second, folders.new)).toEqual([]);
  // With the network gone, a worker that is still getting its files would give up.
  await expect.poll(() => has_kept(second, folders.new)).toBe(true);
  // Firefox may have found it while the first page was open: since that was closed, it has taken over.
  if (browserName === 'chromium') await expect.poll(() => has_waiting_worker(second)).toBe(true);
  await second.close();

  // All pages are closed: it takes over, and without a network, too, the page is the new one. One that looks must not be
  // among the pages that it serves, or it might wait for that one.
  const outside = await context.newPage();
  await outside.goto(new URL('/outside.html', server.page).href);
  await expect.poll(() => has_waiting_worker(outside, server.page)).toBe(false);
  await server.lose(context);
  const last = await context.newPage();
  const of_last = loaded(last);
  await last.goto(address(server));
  await trained(last);
  expect(foreign(of_last, folders.new)).toEqual([]);
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true });
});

/** The page, built with another statement in every module. @returns a folder with `page/`, and beside it `outside.html` */
async function build_version(name) {
  const folder = mkdtempSync(join(tmpdir(), `spikealign-${name}-`));
  const outDir = join(folder, 'page');
  writeFileSync(join(folder, 'outside.html'), '<!doctype html>');
  const version = {
    name: 'version',
    transform: (code, id) => (id.endsWith('.js') ? `${code}\nglobalThis.version = '${name}';` : null),
  };
  await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true }, plugins: [version] });
  return folder;
}

/** The files that a page loads from now on, by name; a name holds a hash of what is in the file. */
function loaded(page) {
  const files = new Set();
  page.on('response', (response) => files.add(new URL(response.url()).pathname.slice(1)));
  return files;
}

/** Those that this version of the page does not have. */
function foreign(files, folder) {
  expect([...files].filter((file) => file.startsWith('page/assets/')).length).toBeGreaterThan(0);
  return [...files].filter((file) => !existsSync(join(folder, file)));
}

async function trained(page) {
  await built(page);
  await expect(page.locator('.lane .doing')).toHaveText(Array(3).fill('finished 1 epoch'));
}

/** Whether a worker waits to serve the pages from an address on; without it, those that this page is one of. */
const has_waiting_worker = (page, scope) =>
  page.evaluate(
    async (scope) => (await navigator.serviceWorker.getRegistration(scope))?.waiting != null,
    scope,
  );

/** Whether the browser keeps all of a version: its page, and a worker that has done getting the rest. */
function has_kept(page, folder) {
  const html = readFileSync(join(folder, 'page/index.html'));
  // By which Workbox tells the versions of an address apart.
  const revision = createHash('sha384').update(html).digest('base64');
  return page.evaluate(async (revision) => {
    const registration = await navigator.serviceWorker.getRegistration();
    const names = await caches.keys();
    const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    const has_page = kept
      .flat()
      .some(({ url }) => new URL(url).searchParams.get('__WB_REVISION__') === revision);
    return has_page && registration?.installing === null;
  }, revision);
}

const has_any_worker = (page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) !== undefined);
