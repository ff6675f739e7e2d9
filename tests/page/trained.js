// One visit with a race that has been trained, for all tests that only look at it: each process of the tests trains it
// once, and once more after a failure.

import { test as base, clean, expect, finished, listen, told } from './fixtures.js';

export const SMALL =
  'dataset=garments&examples=640&test_examples=200&record_every=320&epochs=2&rdd_seconds=3';

/** `test`, whose page has trained three rules, and is as the test before has left it. */
export const test = base.extend({
  /** The settings. */
  search: [SMALL, { option: true, scope: 'worker' }],
  visit: [
    async ({ browser, search }, use, { project }) => {
      const { baseURL, serviceWorkers } = project.use;
      // So high that all charts of a panel are in view: what is not is drawn every two seconds only.
      const viewport = { width: 1280, height: 2000 };
      const context = await browser.newContext({ baseURL, serviceWorkers, viewport });
      const page = await context.newPage();
      const messages = told(page);
      await listen(page);
      // With a note, too.
      await page.goto(`./?${search}&autostart=1&nonsense=1#race`);
      await finished(page);
      await use({ page, messages });
      await context.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ visit, expected }, use) => {
    await use(visit.page);
    clean(visit.messages, expected);
  },
});

export { expect };
