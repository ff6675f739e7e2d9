// What every test of the page shares: a console that must stay clean (what the content security policy
// forbids is told there), the data set that this machine has, and the records that the page announces.

import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { findFashionMnist } from '../../scripts/fashion-mnist.js';
import { LATE, late_workers } from './late.js';
import { set_moment } from './moment.js';

/** The data set that the tests train on: the real one where it can be had. */
export const dataset = findFashionMnist() ? 'fashion-mnist' : 'garments';

/**
 * What Playwright says, and what the policy says of Playwright: in Firefox it lays a style into the page, "body {}",
 * before it takes a picture.
 */
const PLAYWRIGHT =
  /Service Worker registration blocked by Playwright|sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT\+SmwNZWA=/;

/**
 * Figures that play by themselves take the processor from whatever else a page does. As for a reader who prefers reduced
 * motion they stand still, but where a test is about them. (Firefox cannot be told so over BiDi.)
 */
const stand_still = () => {
  const match = window.matchMedia.bind(window);
  window.matchMedia = (query) => match(query === '(prefers-reduced-motion: reduce)' ? 'all' : query);
};

/** Keeps what a page announces. @param {import('@playwright/test').Page} page */
export const listen = async (page, moving = false) => {
  if (LATE) await page.addInitScript(late_workers);
  if (!moving) await page.addInitScript(stand_still);
  await page.addInitScript(() => {
    const seen = { records: [], all: [], done: false };
    Object.assign(window, { spikealignSeen: seen });
    document.addEventListener('spikealign:record', ({ detail }) => seen.records.push(detail));
    document.addEventListener('spikealign:done', ({ detail }) => {
      seen.all = detail.records;
      seen.done = true;
    });
  });
};

/** What a page tells its console from now on. @param {import('@playwright/test').Page} page */
export function told(page) {
  /** @type {string[]} */
  const messages = [];
  page.on('console', (message) => {
    messages.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => messages.push(`uncaught: ${error.message}`));
  return messages;
}

/** Holds that nothing has been told, but for what is expected. */
export const clean = (messages, expected) =>
  expect(
    messages.filter((message) => !expected.test(message)),
    'the console is clean',
  ).toEqual([]);

/**
 * `test`, with a page whose console must be empty when the test ends, but for what is `expected` there, and whose figures
 * play by themselves if it is `moving`.
 */
export const test = base.extend({
  expected: [PLAYWRIGHT, { option: true }],
  moving: [false, { option: true }],
  page: async ({ page, expected, moving }, use) => {
    const messages = told(page);
    await listen(page, moving);
    await use(page);
    clean(messages, expected);
  },
});

/** The records that the page has announced since it was opened. */
export const records = (page) => page.evaluate(() => window.spikealignSeen.records);

/**
 * Waits until the page announces that every rule has finished. The next call waits for the end of another run. The page
 * tells it: to ask again and again takes time from the training, and a page that is hidden has no frames, in which
 * `waitForFunction` looks.
 */
export const finished = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const end = () => {
          window.spikealignSeen.done = false;
          resolve(undefined);
        };
        if (window.spikealignSeen.done) end();
        else document.addEventListener('spikealign:done', end, { once: true });
      }),
  );

/**
 * Has the page press "Pause" as soon as a record is announced. A test that looked from outside might find that a short
 * run is over.
 */
export const pause_after_record = (page) =>
  page.evaluate(() => {
    const pause = () => {
      const buttons = [...document.querySelectorAll('#controls button')];
      buttons.find(({ textContent }) => textContent === 'Pause').click();
    };
    document.addEventListener('spikealign:record', pause, { once: true });
  });

/** Types a number in place of another, to which `fill` alone adds in Firefox: the driver selects nothing there. */
export async function enter(field, number) {
  await field.clear();
  await field.fill(number);
}

/** Leaves the first screen, and waits until every figure and panel of the page has been built, and can be saved. */
export async function built(page) {
  await page.evaluate(() => scrollTo({ top: Math.max(1, scrollY), behavior: 'instant' }));
  await expect(page.locator('#all-rules').getByRole('button').last()).toBeVisible();
}

/** Goes to a part of the page, and gives it. While the page is being built, what comes above might move it out of view. */
export async function scroll_to(page, id) {
  await built(page);
  const part = page.locator(`#${id}`);
  await part.evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
  return part;
}

/** Has a figure go to a moment in one go, where it pauses. */
export async function go_to(figure, seconds) {
  await set_moment(figure, seconds);
  await expect(figure.locator('.playback output')).toHaveText(`${seconds}.0 s`);
}

/** Has the system prefer light or dark. Firefox cannot be told over BiDi, and stays light. */
export async function prefer(page, colorScheme) {
  const { browserName } = test.info().project.use;
  test.skip(
    browserName === 'firefox' && colorScheme === 'dark',
    'over BiDi this Firefox cannot be made dark',
  );
  await page.emulateMedia({ colorScheme });
}

/**
 * The file that is downloaded when a button is pressed. Over BiDi Playwright does not hear of it: there it is looked
 * for in the folder of downloads, and moved to where the next one cannot meet it.
 */
export async function download(page, button) {
  const folder = test.info().project.use.launchOptions?.downloadsPath;
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await button.click();
    // Firefox reserves the name, and writes beside it: perhaps before it does so.
    const complete = () => {
      const [name, ...others] = readdirSync(folder);
      if (!name || others.length > 0 || name.endsWith('.part')) return null;
      return statSync(join(folder, name), { throwIfNoEntry: false })?.size ? name : null;
    };
    await expect.poll(complete, { intervals: [50] }).not.toBe(null);
    const [name] = readdirSync(folder);
    const path = test.info().outputPath(name);
    mkdirSync(test.info().outputDir, { recursive: true });
    renameSync(join(folder, name), path);
    return { name, path };
  }
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: file.suggestedFilename(), path: await file.path() };
}

export { expect };
