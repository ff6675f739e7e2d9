// End-to-end tests over the built page (dist/) and the npm package (pkg/), in the system's Chromium, and in its
// Firefox where FIREFOX says where that is. Playwright drives a stock Firefox over WebDriver BiDi: from 1.65 on it needs a command
// that Debian's Firefox (153 ESR) does not know yet, so Playwright stays at 1.64.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const root = join(import.meta.dirname, '..', '..');

/** A port that nothing listens on. @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, 'localhost', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

// Playwright reads this file once in every process: the first one chooses the port for all.
const port = (process.env.PAGE_TEST_PORT ??= String(await freePort()));
const browser = JSON.parse(readFileSync(join(root, 'tests/browser/webdriver.json'), 'utf8'))[
  'goog:chromeOptions'
];

export default defineConfig({
  testDir: '..',
  testMatch: ['page/*.spec.js', 'package/*.spec.js'],
  outputDir: join(root, 'test-results'),
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  // Three workers train in one page: a second page would only take their processor time away.
  workers: 1,
  timeout: 240_000,
  // How long to wait before a failure, on a machine that is busy.
  expect: { timeout: 30_000 },
  use: {
    // What a test sees of the network is the network; but for offline.spec.js.
    serviceWorkers: 'block',
    baseURL: `http://localhost:${port}/`,
  },
  projects: [
    {
      name: 'chromium',
      use: {
        launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: browser.args },
      },
    },
    {
      name: 'firefox',
      // What cannot be seen over BiDi is skipped, and says why: tests/README.md has the list.
      // Over BiDi every step takes longer.
      timeout: 360_000,
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: {
          executablePath: process.env.FIREFOX,
          downloadsPath: join(root, 'test-results/downloads'),
        },
      },
    },
  ].filter(({ name }) => name === 'chromium' || process.env.FIREFOX),
  webServer: {
    command: `vite preview --port ${port} --strictPort`,
    cwd: root,
    url: `http://localhost:${port}/`,
  },
});
