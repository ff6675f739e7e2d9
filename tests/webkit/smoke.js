// A smoke test in WebKit: it trains to the records of the native program. Playwright does not drive Debian's WebKit; its
// own driver speaks WebDriver, which is HTTP. WEBKIT is the path of its MiniBrowser; `make test-page` sets it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { preview } from 'vite';
import { read_records, spikealign } from '../page/native.js';
import { free_port } from '../page/ports.js';

const root = join(import.meta.dirname, '..', '..');
const binary = process.env.WEBKIT;
const SETTINGS = Object.entries({
  dataset: 'garments',
  examples: 640,
  test_examples: 200,
  record_every: 320,
  epochs: 2,
  rdd_seconds: 3,
  seed: 1,
});

/** Gives the driver's answer to a command. `fetch` would give up on one that takes five minutes, as training may. */
async function command(port, method, path, body) {
  const asked = request({ host: '127.0.0.1', port, method, path, agent: false });
  asked.end(body && JSON.stringify(body));
  const [response] = await once(asked, 'response');
  const { value } = await json(response);
  assert.equal(response.statusCode, 200, `${method} ${path}: ${value?.error} ${value?.message}`);
  return value;
}

/** Starts the driver, on a screen of its own. */
async function start() {
  // In the plainest locale, whose language is none.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const port = await free_port('127.0.0.1');
  // A group of its own: the screen, the driver and the browser end together.
  const driver = spawn('xvfb-run', ['--auto-servernum', 'WebKitWebDriver', `--port=${port}`], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [driver.stdout, driver.stderr]) stream.on('data', (some) => (said += some));
  const ended = once(driver, 'close').then(() => 'ended');
  const close = () => process.kill(-(driver.pid ?? 0));
  const ready = () =>
    command(port, 'GET', '/status').then(
      ({ ready }) => ready,
      () => false,
    );
  for (;;) {
    const state = await Promise.race([ready(), ended]);
    if (state === true) break;
    if (state === 'ended') {
      // Another program may have taken the port since it was found free.
      assert.match(said, /Unable to listen/);
      return start();
    }
    await setTimeout(100);
  }
  return { ask: (...what) => command(port, ...what), close };
}

/** A page of WebKit. */
async function open() {
  const { ask, close } = await start();
  try {
    const asked = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
    const { sessionId, capabilities } = await ask('POST', '/session', {
      capabilities: { alwaysMatch: asked },
    });
    const session = `/session/${sessionId}`;
    await ask('POST', `${session}/timeouts`, { implicit: 180_000, script: 600_000 });
    return {
      version: `${capabilities.browserName} ${capabilities.browserVersion}`,
      go: (url) => ask('POST', `${session}/url`, { url }),
      /** The value that a script gives to the function that is its last argument. */
      run: (script) => ask('POST', `${session}/execute/async`, { script, args: [] }),
      /** Presses Enter on an element, as soon as there is one. A click would have to wait for the page to scroll. */
      async press(xpath) {
        const element = await ask('POST', `${session}/element`, { using: 'xpath', value: xpath });
        await ask('POST', `${session}/element/${Object.values(element)[0]}/value`, { text: '\uE007' });
      },
      async close() {
        await ask('DELETE', session).finally(close);
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

test(
  'WebKit trains to the records of the native program',
  {
    skip: !binary && 'there is no WebKit here: apt-get install webkit2gtk-driver xvfb xauth',
    timeout: 900_000,
  },
  async (context) => {
    const server = await preview({ configFile: join(root, 'vite.config.js'), preview: { port: 0 } });
    context.after(() => server.close());
    const page = await open();
    context.after(() => page.close());

    const settings = SETTINGS.map(([name, value]) => `${name}=${value}`).join('&');
    await page.go(`http://localhost:${server.httpServer.address().port}/?${settings}`);
    await page.run(`
      window.finished = new Promise((resolve) => document.addEventListener('spikealign:done', resolve));
      arguments[0]();`);
    await page.press('//button[.="Start training"]');
    const { records, charts } = await page.run(`
      const [give] = arguments;
      window.finished.then(({ detail: { records } }) =>
        give({ records, charts: document.querySelectorAll('.uplot').length }));`);
    const flags = SETTINGS.flatMap(([name, value]) => [`--${name.replaceAll('_', '-')}`, String(value)]);
    for (const rule of ['bp', 'fa', 'rdd']) {
      const native = read_records(spikealign('train', '--rule', rule, ...flags));
      assert.deepEqual(
        records.filter((record) => record.rule === rule),
        native,
      );
    }
    assert.equal(records.length, 12);
    assert.ok(charts > 0, 'there are charts');
    context.diagnostic(`${page.version}: ${records.length} records as native, ${charts} charts`);
  },
);
