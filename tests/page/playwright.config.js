// End-to-end tests over the built page (dist/) and the npm package (pkg/), in the system's Chromium, and in its
// Firefox where FIREFOX says where that is. Playwright drives a stock Firefox over WebDriver BiDi: from 1.65 on it needs a command
// that Debian's Firefox (153 ESR) does not know yet, so Playwright stays at 1.64.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { LATE } from './late.js';
import { free_port } from './ports.js';

const root = join(import.meta.dirname, '..', '..');

// Playwright reads this file once in every process: the first one chooses the port for all.
const port = (process.env.PAGE_TEST_PORT ??= String(await free_port()));
const browser = JSON.parse(readFileSync(join(root, 'tests/browser/webdriver.json'), 'utf8'))[
  'goog:chromeOptions'
];

/** The use of Chromium, at a path. */
const chromium = (executablePath = '/usr/bin/chromium') => ({
  launchOptions: { executablePath, args: browser.args },
});

export default defineConfig({
  testDir: '..',
  testMatch: ['page/*.spec.js', 'package/*.spec.js'],
  outputDir: join(root, 'test-results'),
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  // Two files at a time, since most tests wait for the page more than for the processor. A retry would hide a race.
  workers: 2,
  retries: 0,
  // How long to wait before a failure, on a machine that is busy with other things. No test measures time.
  timeout: 600_000,
  expect: { timeout: 180_000 },
  use: {
    // What a test sees of the network is the network; but for offline.spec.js.
    serviceWorkers: 'block',
    baseURL: `http://localhost:${port}/`,
  },
  projects: [
    {
      name: 'chromium',
      testIgnore: 'page/lighthouse.spec.js',
      use: chromium(process.env.CHROMIUM),
    },
    {
      name: 'firefox',
      // What cannot be seen over BiDi is skipped, and says why: tests/README.md has the list.
      testIgnore: ['page/lighthouse.spec.js', 'page/exports.spec.js'],
      use: {
        browserName: 'firefox',
        channel: 'moz-firefox',
        launchOptions: {
          executablePath: process.env.FIREFOX,
          // No process is begun for a page that may come: every test has a page of its own, and would pay for the next.
          firefoxUserPrefs: { 'dom.ipc.processPrelaunch.enabled': false },
          // A folder for each process of the tests, which reads this file for itself.
          downloadsPath: join(root, 'test-results/downloads', process.env.TEST_WORKER_INDEX ?? ''),
        },
      },
    },
    {
      // Last, and alone, since it judges how quick the page is. By itself: --project lighthouse --no-deps. It asks the
      // browser that people have: beside other work, the headless shell keeps the page at work for longer.
      name: 'lighthouse',
      testMatch: 'page/lighthouse.spec.js',
      dependencies: ['chromium', ...(process.env.FIREFOX ? ['firefox'] : [])],
      workers: 1,
      use: chromium(process.env.PROGRAM),
    },
  ].filter(({ name }) => name !== 'firefox' || process.env.FIREFOX),
  webServer: {
    command: `vite preview --port ${port} --strictPort${LATE ? ' --config tests/page/late.vite.config.js' : ''}`,
    cwd: root,
    url: `http://localhost:${port}/`,
  },
});
