// What Lighthouse says of the built page, on a slow phone and on a desk.

import { createServer } from 'node:net';
import { chromium, expect, test } from '@playwright/test';
import lighthouse, { desktopConfig } from 'lighthouse';

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

for (const [device, config] of Object.entries({ phone: undefined, desk: desktopConfig })) {
  test(`Lighthouse gives 95 or more, ${device}`, async ({ baseURL, browserName }, { project }) => {
    test.skip(browserName !== 'chromium', 'Lighthouse drives Chromium only');
    const { launchOptions } = project.use;
    const port = await freePort();
    const browser = await chromium.launch({
      ...launchOptions,
      args: [...(launchOptions?.args ?? []), `--remote-debugging-port=${port}`],
    });
    const onlyCategories = ['performance', 'accessibility', 'best-practices'];
    const result = await lighthouse(baseURL, { port, onlyCategories, logLevel: 'error' }, config);
    await browser.close();
    const scores = Object.fromEntries(
      Object.values(result.lhr.categories).map(({ id, score }) => [id, Math.round(100 * score)]),
    );
    console.info(`Lighthouse, ${device}: ${JSON.stringify(scores)}`);
    for (const category of onlyCategories) expect(scores[category], category).toBeGreaterThanOrEqual(95);
  });
}
