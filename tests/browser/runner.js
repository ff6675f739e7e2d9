#!/usr/bin/env node
// For cargo: runs compiled tests or benchmarks in a headless browser, the Firefox of FIREFOX or the Chromium of CHROMIUM. The
// runner of wasm-bindgen serves them, as it does for a browser of one's own, and Playwright, which drives these browsers for the
// tests of the page, opens them: without it each would need a driver of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox } from '@playwright/test';
import { free_port } from '../page/ports.js';

const { CHROMIUM, FIREFOX } = process.env;
const { args } = JSON.parse(readFileSync(join(import.meta.dirname, 'webdriver.json'), 'utf8'))[
  'goog:chromeOptions'
];
const address = `127.0.0.1:${await free_port('127.0.0.1')}`;

// What the runner binds lies in a folder that it leaves behind when it is stopped.
const TMPDIR = mkdtempSync(join(tmpdir(), 'spikealign-'));
const server = spawn('wasm-bindgen-test-runner', process.argv.slice(2), {
  env: { ...process.env, TMPDIR, NO_HEADLESS: '1', WASM_BINDGEN_TEST_ADDRESS: address },
  stdio: ['ignore', 'pipe', 'inherit'],
});
// It says where it can be reached once it can be.
const serving = new Promise((resolve, reject) => {
  server.stdout.on('data', (said) => String(said).includes(address) && resolve(undefined));
  server.on('error', reject);
  server.on('exit', (code) => reject(new Error(`wasm-bindgen-test-runner ended with ${code}`)));
});

try {
  await serving;
  const browser = await (FIREFOX
    ? firefox.launch({ channel: 'moz-firefox', executablePath: FIREFOX })
    : chromium.launch({ executablePath: CHROMIUM, args }));
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`http://${address}`);
  const result = page.locator('#output', { hasText: 'test result:' });
  // How long it takes is no failure; but what never begins would never end.
  await result.waitFor({ timeout: 900_000 });
  const output = await result.textContent();
  process.stdout.write(`${output}\n`);
  if (!output.includes('test result: ok')) process.exitCode = 1;
  await browser.close();
} finally {
  server.kill();
  rmSync(TMPDIR, { recursive: true });
}
