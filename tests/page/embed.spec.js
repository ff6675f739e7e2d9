// <spike-align> in pages of another origin, whose console must stay clean.

import { expect, finished, records, test } from './fixtures.js';
import { element, race, serve_dist, serve_pages } from './hosts.js';

test.use({ moving: true });

/** Keeps what elements tell, in `window.told`. */
const LISTEN = `<script>
  window.told = [];
  for (const element of document.querySelectorAll('spike-align')) {
    for (const type of ['record', 'done', 'error']) {
      element.addEventListener(type, ({ detail }) => told.push({ type, detail }));
    }
  }
</script>`;
const done = (page, times = 1) =>
  expect
    .poll(() => page.evaluate(() => window.told.filter(({ type }) => type === 'done').length))
    .toBe(times);

/** @type {Awaited<ReturnType<typeof serve_dist>>} */
let dist;
/** @type {Awaited<ReturnType<typeof serve_pages>>} */
let hosts;
let script = '';

test.beforeAll(async () => {
  dist = await serve_dist();
  hosts = await serve_pages();
  script = `<script type="module" src="${dist.origin}/spike-align.js"></script>`;
});

test.afterAll(() => {
  dist.close();
  hosts.close();
});

test('three elements, loaded twice, share one program that is compiled once', async ({ page }) => {
  const programs = [];
  page.on('request', (request) => request.url().endsWith('.wasm') && programs.push(request.url()));
  await page.addInitScript(() => {
    window.compiled = 0;
    for (const name of ['compile', 'compileStreaming']) {
      const compile = WebAssembly[name];
      WebAssembly[name] = (...given) => {
        window.compiled += 1;
        return compile.apply(WebAssembly, given);
      };
    }
  });
  const body = race({ autostart: '' }) + element({ panel: 'neuron' }) + element({ panel: 'confounding' });
  const again = script.replace('.js', '.js?again');
  await page.goto(hosts.add(body + LISTEN, { head: script + again }));
  await done(page);
  const [first, second, third] = await page.locator('spike-align').all();
  await expect(first.locator('.lane .doing')).toHaveText(Array(3).fill('finished 1 epoch'));
  await second.scrollIntoViewIfNeeded();
  await expect(second.locator('canvas.events')).toHaveAttribute('aria-label', /from [1-9]\d* windows/);
  await third.scrollIntoViewIfNeeded();
  await expect(third.locator('caption')).toContainText(/After \d/);
  expect(await page.evaluate(() => window.compiled)).toBe(1);
  expect(programs).toHaveLength(1);
  expect(programs[0]).toContain(dist.origin);
});

test('it is told what to do, and tells the records that the page has', async ({ page }) => {
  await page.goto(
    './?dataset=garments&examples=640&test_examples=100&epochs=1&rdd_seconds=1&net=4,8,32,16&seed=3&autostart=1',
  );
  await finished(page);
  const by_rule = (records) => records.toSorted((one, other) => one.rule.localeCompare(other.rule));
  const expected = by_rule(await records(page));
  expect(expected).toHaveLength(3);

  // Set before its module has come, and after.
  const early = `<script>document.querySelector('spike-align').config = { seed: 3 };</script>`;
  await page.goto(hosts.add(race() + LISTEN + early, { head: script }));
  const main = page.getByRole('button', { name: 'Start training' });
  await expect(main).toBeVisible();
  const config = await page.evaluate(async () => {
    const element = document.querySelector('spike-align');
    element.config = { rule: ['rdd', 'fa', 'bp'], unknown: 1 };
    await element.start();
    return element.config;
  });
  expect(config).toMatchObject({ seed: 3, examples: 640, dataset: 'garments', rule: ['bp', 'fa', 'rdd'] });
  await done(page);
  const seen = await page.evaluate(() => ({
    told: window.told,
    records: document.querySelector('spike-align').records,
  }));
  expect(by_rule(seen.records)).toEqual(expected);
  const told = seen.told.filter(({ type }) => type === 'record').map(({ detail }) => detail);
  expect(by_rule(told)).toEqual(expected);
  expect(by_rule(seen.told.at(-1).detail.records)).toEqual(expected);

  // A longer run, to be interrupted.
  await page.evaluate(async () => {
    const element = document.querySelector('spike-align');
    element.setAttribute('epochs', '1000');
    await element.start();
    element.pause();
  });
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await page.evaluate(() => document.querySelector('spike-align').start());
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.evaluate(() => document.querySelector('spike-align').reset());
  await expect(main).toBeVisible();
  expect(await page.evaluate(() => document.querySelector('spike-align').records)).toEqual([]);
  // That of the images stays.
  await expect.poll(() => page.workers().length).toBe(1);
});

test('a figure is told what to do, and tells when it is over', async ({ page }) => {
  await page.goto(hosts.add(element({ panel: 'neuron', autostart: '0' }) + LISTEN, { head: script }));
  const time = page.locator('.playback output');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await page.evaluate(() => document.querySelector('spike-align').start());
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  // Near its end; whoever drags the slider pauses. Not faster before: it would be at its end within seconds, and tell so.
  await page.locator('.playback input[type="range"]').evaluate((slider) => {
    slider.max = '1000000';
    slider.value = '900000';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await expect(time).toHaveText('900.0 s');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await page.getByLabel('Speed').selectOption({ label: 'as fast as it goes' });
  await page.evaluate(() => document.querySelector('spike-align').start());
  await done(page);
  await expect(time).toHaveText('1000.0 s');
  await page.evaluate(() => document.querySelector('spike-align').reset());
  await expect(time).toHaveText('0.0 s');
});

test('removed and inserted twenty times, it leaves nothing behind', async ({ page, browserName }) => {
  test.skip(browserName !== 'chromium', 'only Chromium tells what the page holds in memory');
  await page.goto(hosts.add('', { head: script }));
  const session = await page.context().newCDPSession(page);
  const measure = async () => {
    // A figure asks for its next view in a frame, which may be yet to come, and holds the figure until then.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
    return { usedSize, nodes, jsEventListeners };
  };
  const body =
    race({ epochs: 1000, autostart: '', height: 200 }) +
    element({ panel: 'neuron', height: 200 }) +
    element({ panel: 'problem', height: 200 }) +
    race({ panel: 'scatter', height: 200 });
  const often = { intervals: [50] };
  const rounds = [];
  for (let round = 1; round <= 20; round++) {
    await page.evaluate((body) => {
      document.body.innerHTML = body;
    }, body);
    // Three rules and their images, and one for each figure.
    await expect.poll(() => page.workers().length, often).toBe(6);
    await expect(page.locator('canvas.trace')).toHaveAttribute('aria-label', /\d spikes/);
    await page.evaluate(() => {
      // What is not shown ends, too.
      const { shadowRoot } = document.querySelector('[panel="scatter"]');
      shadowRoot.querySelector('[name="shown"][value="rdd"]').click();
      document.body.replaceChildren();
    });
    await expect.poll(() => page.workers().length, often).toBe(0);
    rounds.push(await measure());
  }
  const heap = rounds.map(({ usedSize }) => `${(usedSize / 1e6).toFixed(2)}`).join(', ');
  console.info(`JavaScript heap after each removal: ${heap} MB`);
  // The first rounds also compile what they run. What is on its way from the last one may still hold a part of it.
  const early = rounds[9];
  const more = async () => {
    const late = await measure();
    return {
      heap: late.usedSize > 1.1 * early.usedSize + 100_000,
      nodes: late.nodes > early.nodes + 20,
      listeners: late.jsEventListeners > early.jsEventListeners,
    };
  };
  await expect.poll(more).toEqual({ heap: false, nodes: false, listeners: false });
});

test('what is removed before it has begun does not begin', async ({ page }) => {
  const body = race({ autostart: '', height: 300 }) + element({ panel: 'neuron', height: 200 });
  for (const [held, button] of [
    ['**/manifest.json', 'Start training'],
    ['**/*.wasm', 'Getting ready …'],
  ]) {
    let release = () => {};
    const released = new Promise((resolve) => (release = () => resolve(undefined)));
    await page.route(held, async (route) => {
      await released;
      await route.continue();
    });
    const asked = page.waitForRequest(held);
    await page.goto(hosts.add(body + element({ panel: 'problem' }) + LISTEN, { head: script }));
    await asked;
    await expect(page.getByRole('button', { name: button })).toBeVisible();
    await page.evaluate(() => document.querySelectorAll('spike-align').forEach((one) => one.remove()));
    release();
    await page.evaluate((body) => (document.body.innerHTML = body), race({ autostart: '' }));
    await expect(page.locator('.lane .doing')).toHaveText(Array(3).fill('finished 1 epoch'));
    await expect.poll(() => page.workers().length, 'only those of the second race').toBe(4);
    expect(await page.evaluate(() => window.told)).toEqual([]);
  }
});

test('moved within the page, it goes on', async ({ page }) => {
  const body = race({ epochs: 1000, autostart: '' }) + '<main></main>';
  await page.goto(hosts.add(body, { head: script }));
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  const kept = await page.evaluate(async () => {
    const element = document.querySelector('spike-align');
    const panel = element.shadowRoot.querySelector('.embedded');
    document.querySelector('main').append(element);
    await new Promise((resolve) => setTimeout(resolve));
    return panel.isConnected;
  });
  expect(kept).toBe(true);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('in a sandbox, where it has no origin, it trains and tells its height', async ({ page }) => {
  const report = `<script>
    const element = document.querySelector('spike-align');
    for (const type of ['record', 'done', 'error']) {
      element.addEventListener(type, ({ detail }) => parent.postMessage({ type, detail }, '*'));
    }
  </script>`;
  const inside = (script + race({ autostart: '' }) + report).replaceAll('"', '&quot;');
  const body = `
    <script>
      window.told = [];
      addEventListener('message', ({ data, origin }) => told.push({ ...data, origin }));
    </script>
    <iframe sandbox="allow-scripts" srcdoc="${inside}"></iframe>
    <iframe sandbox="allow-scripts" src="${dist.origin}/embed.html?panel=neuron&seed=2"></iframe>`;
  await page.goto(hosts.add(body));
  await done(page);
  const neuron = page.frameLocator('iframe').nth(1);
  await expect(neuron.locator('canvas.events')).toHaveAttribute('aria-label', /from [1-9]\d* windows/);
  const told = await page.evaluate(() => window.told);
  expect(told.filter(({ type }) => type === 'record')).toHaveLength(3);
  expect(new Set(told.map(({ origin }) => origin))).toEqual(new Set(['null']));
  await expect(async () => {
    const heights = await page.evaluate(() => window.told.filter(({ type }) => type === 'spikealign:height'));
    const { height } = await neuron.locator('spike-align').boundingBox();
    expect(heights.at(-1)?.height).toBe(Math.ceil(height));
  }).toPass();
});

test.describe('the page itself', () => {
  // Its policy allows workers of its own origin, and there it has none.
  test.use({ expected: /worker-src 'self'|Service Worker registration blocked by Playwright/ });

  test('is whole in a sandbox, but for what workers compute', async ({ page }) => {
    const address = `${dist.origin}/index.html?dataset=garments`;
    await page.goto(hosts.add(`<iframe sandbox="allow-scripts" src="${address}"></iframe>`));
    const inside = page.frameLocator('iframe');
    await expect(inside.getByRole('button', { name: 'Start training' })).toBeAttached();
    // What lies below follows the question whether there are service workers.
    await inside.locator('body').evaluate(() => scrollTo({ top: 1, behavior: 'instant' }));
    await expect(inside.locator('#all-rules').getByRole('button').last()).toBeAttached();
  });
});

test('an iframe grows with what is in it', async ({ page }) => {
  const body = `
    <iframe src="${dist.origin}/embed.html?panel=neuron" style="width: 100%; border: 0"></iframe>
    <script>
      const frame = document.querySelector('iframe');
      addEventListener('message', ({ source, data }) => {
        if (source === frame.contentWindow && data.type === 'spikealign:height') frame.height = data.height;
      });
    </script>`;
  await page.goto(hosts.add(body));
  const frame = page.locator('iframe');
  const figure = page.frameLocator('iframe').locator('spike-align');
  const heights = [];
  for (const width of [1200, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect(async () => {
      const [outer, inner] = [await frame.boundingBox(), await figure.boundingBox()];
      // Before the window is resized, and what is in it laid out, both have their former height.
      expect(inner.width).toBeLessThan(width);
      expect(inner.height).toBeGreaterThan(400);
      expect(outer.height).toBe(Math.ceil(inner.height));
      heights.push(outer.height);
    }).toPass();
  }
  expect(heights.at(-1)).toBeGreaterThan(heights[0]);
});

test('under a strict content security policy, with Trusted Types, everything works', async ({ page }) => {
  const policy = [
    "default-src 'none'",
    `script-src ${dist.origin} 'wasm-unsafe-eval'`,
    `worker-src blob: ${dist.origin}`,
    `connect-src ${dist.origin}`,
    'img-src data:',
    "require-trusted-types-for 'script'",
    'trusted-types spikealign',
  ].join('; ');
  const body = race({ autostart: '', theme: 'dark', height: 700 }) + element({ panel: 'neuron' });
  const headers = { 'Content-Security-Policy': policy };
  await page.goto(hosts.add(body, { head: script, headers }));
  await expect(page.locator('.lane .doing')).toHaveText(Array(3).fill('finished 1 epoch'));
  await expect(page.locator('.chart')).toHaveAttribute('aria-label', /Now: Backpropagation \d/);
  await page.locator('canvas.events').scrollIntoViewIfNeeded();
  await expect(page.locator('canvas.events')).toHaveAttribute('aria-label', /from [1-9]\d* windows/);
  // The styles are there as well.
  await expect(page.locator('.embedded').first()).toHaveCSS('background-color', 'rgb(20, 23, 26)');
  expect((await page.locator('spike-align').first().boundingBox()).height).toBe(700);
});

test('a program that does not arrive is told and shown', async ({ context }) => {
  const page = await context.newPage();
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto(hosts.add(race({ height: 300 }) + element({ panel: 'neuron' }) + LISTEN, { head: script }));
  const message = await page.evaluate(() =>
    document
      .querySelector('spike-align')
      .start()
      .catch((error) => error.message),
  );
  expect(message).toContain('Failed to fetch the training program');
  await expect(page.getByText(message)).toHaveCount(2);
  await expect
    .poll(() => page.evaluate(() => window.told))
    .toEqual(Array(2).fill({ type: 'error', detail: { message } }));
  await expect(page.getByRole('button', { name: 'Start training' })).toBeVisible();
  await page.close();
});

test('settings that a framework passes are used or noted, whenever and however it does', async ({ page }) => {
  const body = `
    <spike-align config='{"seed": 3, "rule_settings": {"kp.decay": 0.5}, "nonsense": 1}' epochs="2"></spike-align>
    <spike-align config="[object Object]"></spike-align>
    <spike-align></spike-align>
    <spike-align></spike-align>
    <spike-align seed="random"></spike-align>
    <spike-align config='{"seed": "random"}'></spike-align>
    <script>
      const [, , early, late, drawn] = document.querySelectorAll('spike-align');
      early.config = { seed: 5, learning_rate: -1 };
      customElements.whenDefined('spike-align').then(() => {
        late.config = { seed: 6, nonsense: 2 };
        late.config = null;
        late.config = { seed: 7, nonsense: 3, epochs: undefined };
        // Once its seed is being drawn.
        setTimeout(() => drawn.setAttribute('seed', '8'));
      });
    </script>`;
  await page.goto(hosts.add(body, { head: script }));
  const elements = page.locator('spike-align');
  const nonsense = 'There is no setting called “nonsense”.';
  await expect(elements.nth(0).locator('.notice')).toHaveText([nonsense]);
  await expect(elements.nth(1).locator('.notice')).toHaveText([/“config” must be JSON.*set the property/]);
  await expect(elements.nth(2).locator('.notice')).toHaveText([/“Learning rate” must be a number/]);
  await expect(elements.nth(3).locator('.notice')).toHaveText([nonsense]);
  // The seed that another element has drawn later is there.
  await expect(elements.nth(5)).toHaveAttribute('seed', /^\d+$/);
  const configs = await elements.evaluateAll((all) =>
    all.map(({ config }) => [config.seed, config.epochs, config.rule_settings['kp.decay']]),
  );
  const [[, epochs, decay]] = [configs[1]];
  expect(configs).toEqual([
    [3, 2, 0.5],
    [1, epochs, decay],
    [5, epochs, decay],
    [7, epochs, decay],
    [8, epochs, decay],
    [expect.any(Number), epochs, decay],
  ]);
});

test('hostile attributes are noted, and change nothing', async ({ page }) => {
  const hostile = {
    panel: '&lt;img src=x onerror=alert(1)&gt;',
    seed: '-1',
    rule: 'constructor',
    height: '1e9',
    theme: 'url(x)',
  };
  await page.goto(hosts.add(race(hostile), { head: script }));
  await expect(page.locator('.notice')).toHaveCount(5);
  await expect(page.getByRole('button', { name: 'Start training' })).toBeVisible();
  await expect(page.locator('spike-align img')).toHaveCount(0);
  expect(await page.evaluate(() => document.querySelector('spike-align').config.seed)).toBe(1);

  const search =
    'panel=neuron&onpointerenter=alert(1)&style=display:none&hidden=1&seed=x&__proto__=1&a=1&b=1';
  await page.goto(`${dist.origin}/embed.html?${search}`);
  await expect(page.locator('body > .notice')).toHaveCount(5);
  await expect(page.locator('spike-align .notice').first()).toContainText('“Seed” must be');
  const names = await page.locator('spike-align').evaluate((element) => element.getAttributeNames());
  expect(names).toEqual(['panel', 'seed']);
  await expect(page.locator('canvas.trace')).toBeVisible();
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollHeight - document.body.getBoundingClientRect().height);
  expect(await overflow(), 'its height is that of its notes as well').toBeLessThan(1);
});
