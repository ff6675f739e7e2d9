// Trains three rules for a long time while seeded chance pauses, resumes, resets, hides the page and kills
// workers, and holds the page to it: no error, no record missing, no memory that grows.
//
//   MINUTES=60 SEED=1 node tests/soak/soak.js
//
// over the built page (dist/). Fails with what went wrong; prints what it saw.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { hideable } from '../page/hiding.js';
import { set_moment } from '../page/moment.js';

const minutes = Number(process.env.MINUTES ?? 60);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const root = join(import.meta.dirname, '..', '..');
const ADDRESS =
  'dataset=garments&examples=640&test_examples=200&record_every=0&epochs=1000&rdd_seconds=2&seed=1';
const RULES = ['bp', 'fa', 'rdd'];
/** How much later memory may exceed earlier memory. */
const GROWTH = 0.05;

/** A generator of numbers from 0 to 1 (mulberry32). @param {number} state */
function chance(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = chance(seed);
console.info(`Soak: ${minutes} minutes, seed ${seed}`);

const server = await preview({
  root: join(root, 'www'),
  configFile: join(root, 'vite.config.js'),
  preview: { port: 0 },
});
const args = JSON.parse(readFileSync(join(root, 'tests/browser/webdriver.json'), 'utf8'))[
  'goog:chromeOptions'
].args;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
const context = await browser.newContext();
const page = await context.newPage();
const session = await context.newCDPSession(page);
const whole = await browser.newBrowserCDPSession();

/** @type {string[]} */
const errors = [];
page.on('console', (message) => errors.push(`${message.type()}: ${message.text()}`));
page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`));

await page.addInitScript(hideable);
// What the page announces is counted and not kept: memory is what is measured. A worker that is killed can no
// longer answer, as one that ran out of memory could not; its page hears an error.
await page.addInitScript(() => {
  const soak = { last: {}, records: {}, problems: [], workers: new Set() };
  Object.assign(window, { soak });
  document.addEventListener('spikealign:record', ({ detail: { rule, epoch, examples } }) => {
    // Each start of a rule begins with epoch 1.
    const follows = epoch === 1 || epoch === soak.last[rule] + 1;
    if (!follows || examples !== 640 * epoch)
      soak.problems.push(`${rule}: after epoch ${soak.last[rule]} comes ${epoch}, with ${examples} images`);
    soak.last[rule] = epoch;
    soak.records[rule] = (soak.records[rule] ?? 0) + 1;
  });
  window.Worker = class extends Worker {
    constructor(address, options) {
      super(address, options);
      if (String(address).includes('training.worker')) soak.workers.add(this);
    }
    terminate() {
      soak.workers.delete(this);
      super.terminate();
    }
  };
});

const button = (name) =>
  page.getByRole('group', { name: 'Training' }).getByRole('button', { name, exact: true });
const counts = { pause: 0, reset: 0, hide: 0, kill: 0, watch: 0 };

const acts = {
  async pause() {
    await button('Pause').click();
    await button('Step').click();
    await button('Resume').click();
  },
  async reset() {
    await button('Reset').click();
    await button('Discard').click();
    await button('Start training').click();
    await button('Pause').waitFor();
  },
  async hide() {
    await page.evaluate(() => window.hide_page(true));
    await page.waitForTimeout(1_000 + 9_000 * random());
    await page.evaluate(() => window.hide_page(false));
  },
  async kill() {
    const which = Math.floor(3 * random());
    await page.evaluate((which) => {
      const worker = [...window.soak.workers][which];
      if (!worker) return;
      worker.terminate();
      worker.dispatchEvent(new ErrorEvent('error', { message: 'killed', cancelable: true }));
    }, which);
    const again = page.getByRole('button', {
      name: /^(Continue from the last checkpoint|Start this rule again)$/,
    });
    await again.first().click();
    await again.first().waitFor({ state: 'hidden' });
  },
  async watch() {},
};

/** Waits for a record. */
const record = () =>
  page.evaluate(
    () => new Promise((resolve) => document.addEventListener('spikealign:record', resolve, { once: true })),
  );

/** Waits until every chart shows the race that runs, as those out of view do after seconds at the latest. */
const drawn = () => page.waitForTimeout(5_000);

/** The memory of the process that trains, the larger one, after a collection; in MB. */
async function resident() {
  await session.send('HeapProfiler.collectGarbage');
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]) / 1024);
  return Math.max(...sizes);
}

/** Has the figures pause where they would be after so many seconds: what they hold, such as a raster, is of that moment. */
async function stand_at(seconds) {
  for (const figure of await page.locator('[id$="-figure"]:has(.playback)').all()) {
    await figure.scrollIntoViewIfNeeded();
    await set_moment(figure, seconds);
    await figure.locator('.playback output', { hasText: `${seconds}.0 s` }).waitFor();
  }
}

/**
 * What the page's JavaScript holds when a race has just begun after a short one, in bytes by kind: all that is reachable,
 * but for what the engine makes of it by itself, which is code for functions that are often called, and what lies behind
 * elements. Charts hold a race until they draw the next, so that a long one would count.
 */
async function held() {
  const HELD = [
    'array',
    'bigint',
    'closure',
    'concatenated string',
    'number',
    'object',
    'regexp',
    'sliced string',
    'string',
  ];
  // Without a record there is nothing to discard.
  await record();
  await acts.reset();
  await record();
  await drawn();
  await acts.reset();
  await stand_at(5);
  /** @type {string[]} */
  const chunks = [];
  const add = (/** @type {{ chunk: string }} */ { chunk }) => chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', add);
  await session.send('HeapProfiler.takeHeapSnapshot');
  session.off('HeapProfiler.addHeapSnapshotChunk', add);
  const { snapshot, nodes, strings } = JSON.parse(chunks.join(''));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (let node = 0; node < nodes.length; node += fields.length) {
    const kind = types[type][nodes[node + type]];
    if (!HELD.includes(kind)) continue;
    const key = kind.includes('string') ? kind : `${kind} ${strings[nodes[node + name]]}`;
    kinds.set(key, (kinds.get(key) ?? 0) + nodes[node + size]);
  }
  return kinds;
}

// A busy machine takes long for a click: only what never comes is a failure.
page.setDefaultTimeout(600_000);
await page.goto(`http://localhost:${server.httpServer.address().port}/?${ADDRESS}`);
await page.evaluate(() => scrollBy(0, 1));
await page.locator('#scatter canvas').first().waitFor({ state: 'attached' });
await button('Start training').click();
await button('Pause').waitFor();

/** Acts for so many minutes. @param {number} minutes */
async function act(minutes) {
  const samples = [];
  const end = performance.now() + 60_000 * minutes;
  while (performance.now() < end) {
    await page.waitForTimeout(2_000 + 4_000 * random());
    const names = Object.keys(acts);
    const name = names[Math.floor(names.length * random())];
    await acts[name]();
    counts[name] += 1;
    samples.push(await resident());
  }
  return samples;
}

// Once everything has happened, everything that is made once has been made.
await act(minutes / 10);
const before = await held();
const samples = await act(minutes);
const after = await held();
const { records, problems: lost } = await page.evaluate(() => window.soak);
await browser.close();
await server.close();

const problems = [...errors, ...lost];
for (const rule of RULES) {
  if (!records[rule]) problems.push(`${rule} has no record`);
}

/** The median of a quarter of the samples. @param {number} which */
const quarter = (which) => {
  const size = Math.floor(samples.length / 4);
  const part = samples.slice(which * size, (which + 1) * size).sort((one, other) => one - other);
  return part[Math.floor(part.length / 2)];
};
/** @param {Map<string, number>} kinds */
const megabytes = (kinds) => [...kinds.values()].reduce((sum, bytes) => sum + bytes) / 2 ** 20;
for (const [name, when, sizes] of [
  ['what the page holds', 'before and after', [before, after].map(megabytes)],
  ['the memory of its process', 'by quarters', [0, 1, 2, 3].map(quarter)],
]) {
  const growth = sizes.at(-1) / sizes[0] - 1;
  const grown = `${(100 * growth).toFixed(1)}%`;
  console.info(`${name}: ${sizes.map((size) => size.toFixed(2)).join(', ')} MB ${when}, ${grown}`);
  if (!(growth <= GROWTH)) problems.push(`${name} has grown by ${grown}`);
}
const grown = [...after].map(([kind, bytes]) => [bytes - (before.get(kind) ?? 0), kind]);
console.info(
  `what it holds more of, in bytes: ${grown
    .sort(([one], [other]) => other - one)
    .slice(0, 8)
    .map((pair) => pair.join(' '))
    .join(', ')}`,
);
console.info(`records: ${JSON.stringify(records)}, ${samples.length} acts: ${JSON.stringify(counts)}`);
if (problems.length > 0) {
  console.error([...new Set(problems)].join('\n'));
  process.exitCode = 1;
}
