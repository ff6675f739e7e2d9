// A run survives its tab, and a worker's death: what goes on from a checkpoint ends in the records of a run that
// was never interrupted.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { download, expect, finished, listen, records, scroll_to, test } from './fixtures.js';
import { read_records, spikealign } from './native.js';

const SETTINGS =
  'dataset=garments&net=4,8,32,16&examples=640&test_examples=100&epochs=8&rdd_seconds=3&record_every=320&seed=7';

/** @param {import('@playwright/test').Page} page */
const all_records = (page) => page.evaluate(() => window.spikealignSeen.all);

/**
 * Opens the page at the lanes: out of view, what they say follows after seconds.
 *
 * @param {import('@playwright/test').Page} page
 */
async function open(page, search = SETTINGS) {
  await page.goto(`./?${search}`);
  await scroll_to(page, 'lanes');
}

/** @type {Promise<any[]> | null} */
let whole = null;
/** The records of a run that was never interrupted, which the first test that asks for them trains. */
const uninterrupted = (browser, baseURL) => (whole ??= train_whole(browser, baseURL));

/** @param {import('@playwright/test').Browser} browser */
async function train_whole(browser, baseURL) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await listen(page);
  await page.goto(`./?${SETTINGS}&autostart=1`);
  await finished(page);
  const found = await all_records(page);
  await context.close();
  return found;
}

/** What this browser has kept of races, by rule. @param {import('@playwright/test').Page} page */
const kept = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('spikealign');
        opening.onerror = () => reject(opening.error);
        // Whoever opens it first makes it.
        opening.onupgradeneeded = () => opening.result.createObjectStore('checkpoints');
        opening.onsuccess = () => {
          const asking = opening.result.transaction('checkpoints').objectStore('checkpoints').getAll();
          asking.onsuccess = () => {
            opening.result.close();
            resolve(Object.fromEntries(asking.result.map((one) => [one.configuration.rule, one.epoch])));
          };
        };
      }),
  );

/**
 * Trains until every rule has a record, and pauses, which keeps what there is. It does so by steps, which are as many for
 * every rule: in a race, one of them may be at its end before another, whose worker waits for the processor, has a record.
 */
async function start_and_keep(page) {
  const controls = page.locator('#controls');
  const step = controls.getByRole('button', { name: 'Step' });
  const doing = page.locator('.lane .doing');
  // Not a click, for which the driver would scroll away from the lanes. The first step starts the three workers; what is
  // pressed before they have begun is none.
  const press = () => step.dispatchEvent('click');
  await press();
  await expect(doing).toHaveText([/learning, 32 /, /learning, 32 /, /spiking, 0\.1 s/]);
  await step.evaluate((button) => {
    for (let more = 44; more > 0; more--) button.click();
  });
  await expect(doing).toHaveText([
    'Epoch 3 of 8: learning, 32 of 640 images',
    'Epoch 3 of 8: learning, 32 of 640 images',
    'Epoch 1 of 8: learning, 384 of 640 images',
  ]);
  // "Resume" and "Pause" in one task: nothing is learned between the two.
  await controls.locator('.main').evaluate((button) => {
    button.click();
    button.click();
  });
  await expect(controls.getByRole('button', { name: 'Resume' })).toBeVisible();
  const some = expect.any(Number);
  await expect.poll(() => kept(page)).toEqual({ bp: some, fa: some, rdd: some });
  // What has been found may be older. A worker answers in order: after the second step (the first may yet be in the place of
  // what "Resume" asked for), it has kept that of the pause, and the page has heard of it.
  await press();
  await press();
  await expect(doing).toHaveText([/learning, 96 /, /learning, 96 /, /learning, 448 /]);
}

/**
 * Waits until every rule is at its end. A race in which a rule has failed is over as well once the others are done, and over
 * again after that rule has gone on: `finished` might have heard of the first time.
 */
const all_finished = (page) =>
  expect(page.locator('.lane .doing')).toHaveText(Array(3).fill('finished 8 epochs'));

/** Records rule by rule: which rule is faster is chance. */
const by_rule = (list) => ['bp', 'fa', 'rdd'].map((name) => list.filter(({ rule }) => rule === name));

test('a run that was interrupted goes on where it was', async ({ page, browser, baseURL }) => {
  const expected = await uninterrupted(browser, baseURL);
  await open(page);
  await start_and_keep(page);
  await page.reload();
  await expect(page.locator('#unfinished')).toContainText(/A race of .* was interrupted: .*Spiking/);
  await page.getByRole('button', { name: 'Continue' }).click();
  await finished(page);
  expect(by_rule(await all_records(page))).toEqual(by_rule(expected));
  expect((await records(page)).length, 'some had been announced before').toBeLessThan(expected.length);
  await expect.poll(() => kept(page), 'what is over is forgotten').toEqual({});
  await page.reload();
  await expect(page.locator('#images .source')).toContainText('Generated');
  await expect(page.locator('#unfinished')).toBeEmpty();
});

test('of two pages each offers what the other does not hold, and a run that nobody wants is forgotten', async ({
  page,
  context,
}) => {
  await open(page);
  await start_and_keep(page);
  const other = await context.newPage();
  await open(other, SETTINGS.replace('seed=7', 'seed=8').replace('epochs=8', 'epochs=9'));
  await other.getByRole('button', { name: 'Step' }).click();
  await expect(other.locator('.lane .doing').last()).toContainText('spiking, 0.1 s');
  // The race of the first page goes on.
  await expect(other.locator('#unfinished')).toBeEmpty();
  await other.locator('#controls .main').click();
  await other.locator('#controls .main').click();
  await expect.poll(() => races(page)).toHaveLength(6);

  // Nothing but its own.
  await page.reload();
  const offers = page.locator('#unfinished .notice');
  await expect(offers).toHaveText([/A race of .* of 8\. /]);
  await other.close();
  await damage_time(page);
  await leave_old_ones(page);
  await page.reload();
  // Of races that nobody has continued or discarded the last five are kept, and none that is done.
  await expect(offers).toHaveCount(5);
  await expect.poll(() => races(page).then((keys) => keys.length)).toBe(9);
  for (const _ of [1, 2, 3]) await offers.last().getByRole('button', { name: 'Discard' }).click();
  await expect(offers).toHaveCount(2);
  await expect(offers.filter({ hasText: 'A race was interrupted' })).toHaveCount(1);
  await offers.filter({ hasText: 'of 9.' }).getByRole('button', { name: 'Discard' }).click();
  await expect.poll(() => races(page)).toHaveLength(3);
  const before = page.locator('#theme');
  await before.focus();
  await offers.getByRole('button', { name: 'Discard' }).press('Enter');
  await expect(before, 'the focus is where it was before').toBeFocused();
  await expect.poll(() => races(page)).toEqual([]);
});

/** The names under which checkpoints are kept. */
const races = (page) => in_storage(page, (store) => store.getAllKeys());

/** The clock was wrong, beyond all dates, when the race of eight epochs was kept. */
const damage_time = (page) =>
  in_storage(page, (store) => {
    const asking = store.openCursor();
    asking.addEventListener('success', () => {
      const cursor = asking.result;
      if (!cursor) return;
      if (cursor.value.configuration.epochs === 8) cursor.update({ ...cursor.value, at: 1e18 });
      cursor.continue();
    });
    return asking;
  });

/** Six races were interrupted long ago, and one page was closed as its race ended. */
const leave_old_ones = (page) =>
  in_storage(page, (store) => {
    const asking = store.getAll();
    asking.addEventListener('success', () => {
      const [one] = asking.result;
      for (let at = 0; at < 7; at++) {
        const race = `old ${at}`;
        store.put({ ...one, race, at, done: at === 6 }, [race, one.configuration.rule]);
      }
    });
    return asking;
  });

/** Does something with what is said of checkpoints, and waits until it is done. */
const in_storage = (page, act) =>
  // As a text: the policy of the page lets no function be made there.
  page.evaluate(`(${with_store})(${act})`);

function with_store(act) {
  return new Promise((resolve) => {
    const opening = indexedDB.open('spikealign');
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('checkpoints', 'readwrite');
      const asked = act(transaction.objectStore('checkpoints'));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(Array.isArray(asked.result) ? asked.result : undefined);
      };
    };
  });
}

/** Gives the page `kill`, by which a worker of a name ends as one that ran out of memory. */
const mortal = (page) =>
  page.addInitScript(() => {
    const Real = Worker;
    const workers = {};
    window.Worker = class extends Real {
      constructor(address, options) {
        super(address, options);
        workers[options.name] = this;
      }
    };
    window.kill = (name) => {
      workers[name].terminate();
      workers[name].dispatchEvent(new ErrorEvent('error', { message: 'out of memory', cancelable: true }));
    };
  });

test('a rule whose worker dies goes on from its last checkpoint', async ({ page, browser, baseURL }) => {
  const expected = await uninterrupted(browser, baseURL);
  await mortal(page);
  await open(page);
  await start_and_keep(page);
  await page.evaluate(() => window.kill('rdd'));
  const dead = page.locator('.lane.failed');
  await expect(dead).toContainText('The worker died (out of memory)');
  await expect(page.locator('#accuracy .chart')).toHaveAttribute(
    'aria-label',
    /Spiking discontinuity [\d.]+%, where it stopped/,
  );
  await page.locator('#controls').getByRole('button', { name: 'Resume' }).click();
  await dead.getByRole('button', { name: 'Continue from the last checkpoint' }).click();
  await all_finished(page);
  expect(by_rule(await all_records(page))).toEqual(by_rule(expected));
});

test('what a rule learns a second time is not announced again', async ({ page }) => {
  await mortal(page);
  await open(page);
  await start_and_keep(page);
  // The checkpoint is of the pause; its worker dies with the next record.
  await page.evaluate(() => {
    const listen = ({ detail }) => {
      if (detail.rule !== 'rdd') return;
      document.removeEventListener('spikealign:record', listen);
      queueMicrotask(() => window.kill('rdd'));
    };
    document.addEventListener('spikealign:record', listen);
  });
  await page.locator('#controls').getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Continue from the last checkpoint' }).click();
  await all_finished(page);
  const [, , of_rdd] = by_rule(await all_records(page));
  expect(of_rdd).toHaveLength(16);
  expect((await records(page)).filter(({ rule }) => rule === 'rdd')).toEqual(of_rdd);
});

test('a damaged checkpoint is refused, and the others go on', async ({ page }) => {
  await open(page);
  await start_and_keep(page);
  await page.reload();
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open('spikealign-bytes');
        opening.onsuccess = () => {
          const store = opening.result.transaction('checkpoints', 'readwrite').objectStore('checkpoints');
          const asking = store.openCursor();
          asking.onsuccess = () => {
            const { value } = asking.result;
            if (value.configuration.rule !== 'fa') return asking.result.continue();
            value.bytes[value.bytes.length >> 1] ^= 1;
            asking.result.update(value).onsuccess = resolve;
          };
        };
      }),
  );
  await page.getByRole('button', { name: 'Continue' }).click();
  const refused = page.locator('.lane.failed');
  await expect(refused).toHaveCount(1);
  await expect(refused).toContainText('damaged');
  await refused.getByRole('button', { name: 'Start this rule again' }).click();
  await all_finished(page);
  expect(by_rule(await all_records(page)).map(({ length }) => length)).toEqual([16, 16, 16]);
});

/** Lets workers keep nothing. @param {import('@playwright/test').Page} page */
const deny_storage = (page) =>
  page.route('**/training.worker*', async (route) => {
    const response = await route.fetch();
    const denied = `indexedDB.open = () => { throw new DOMException('storage is full', 'QuotaExceededError'); };`;
    await route.fulfill({ response, body: denied + (await response.text()) });
  });

test('where nothing can be kept, training goes on and says so', async ({ page }) => {
  await deny_storage(page);
  await open(page);
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.locator('#notices')).toContainText('cannot save the race');
  await finished(page);
  expect(await all_records(page)).toHaveLength(48);
});

test('checkpoints are files, which go on elsewhere: on another page, and in the native program', async ({
  page,
  browser,
  baseURL,
}, { outputDir }) => {
  await open(page);
  await start_and_keep(page);
  await scroll_to(page, 'share');
  const files = [];
  for (const rule of ['bp', 'fa', 'rdd']) {
    await page.locator('#take select').first().selectOption(rule);
    const { name, path } = await download(page, page.getByRole('button', { name: 'Save checkpoint' }));
    expect(name).toMatch(new RegExp(`^spikealign-garments-seed7-${rule}-\\d+-images\\.checkpoint$`));
    files.push(path);
  }
  const expected = await uninterrupted(browser, baseURL);

  // Another profile has none of it, and here cannot keep any.
  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await deny_storage(other);
  await listen(other);
  await other.goto('./#share');
  const input = other.getByLabel('Open checkpoints');
  mkdirSync(outputDir, { recursive: true });
  const damaged = readFileSync(files[0]);
  damaged[damaged.length >> 1] ^= 1;
  writeFileSync(`${outputDir}/damaged.checkpoint`, damaged);
  await input.setInputFiles(`${outputDir}/damaged.checkpoint`);
  await expect(other.locator('#take .failure')).toContainText('damaged.checkpoint: ');
  await input.setInputFiles([files[0], files[0]]);
  await expect(other.locator('#take .failure')).toContainText('not from one run');
  await input.setInputFiles(files);
  await finished(other);
  expect(by_rule(await all_records(other))).toEqual(by_rule(expected));
  await context.close();

  const [, , rdd] = files;
  const flags = SETTINGS.split('&').flatMap((one) => {
    const [name, value] = one.split('=');
    return [`--${name.replaceAll('_', '-')}`, value];
  });
  const rest = read_records(spikealign('train', '--rule', 'rdd', ...flags, '--checkpoint', rdd));
  const [, , of_rdd] = by_rule(expected);
  expect(rest.length).toBeGreaterThan(0);
  expect(rest).toEqual(of_rdd.slice(-rest.length));

  // What the native program has saved opens here.
  await page.getByLabel('Open checkpoints').setInputFiles(rdd);
  await expect(page.locator('.lane .doing')).toHaveText(['finished 8 epochs']);
  expect(await all_records(page)).toEqual(of_rdd);
});
