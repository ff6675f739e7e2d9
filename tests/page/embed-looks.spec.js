// How <spike-align> looks in other pages, and the example of it.

import { expect_accessible } from './axe.js';
import { expect, prefer, test } from './fixtures.js';
import { race, serve_dist, serve_pages } from './hosts.js';

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

/** Whether this colour is on a canvas. */
const has_color = (canvas, color) =>
  canvas.evaluate((canvas, color) => {
    const { width, height } = canvas;
    // A copy: that a canvas is read is worth a warning to the browser.
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    for (let at = 0; at < data.length; at += 4) {
      if (color.every((level, channel) => data[at + channel] === level)) return true;
    }
    return false;
  }, color);
/** The empty track of a lane, in each scheme. */
const TRACK = { light: [0xe6, 0xe7, 0xe2], dark: [0x2a, 0x2f, 0x34] };

test('no style comes in, and none goes out', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 900 });
  const style = `<style>
    html { font-size: 62.5%; }
    * { all: unset; }
    style, script, head { display: none; }
    body { display: block; color: red; font: 8px/3 cursive; letter-spacing: 3px; text-transform: uppercase; }
    p, div, button, span, canvas { color: red !important; border: 3px solid red !important; }
    main { display: block; width: 420px; }
  </style>`;
  const body = `<p id="before">A host</p><main>${race({ theme: 'dark' })}</main>`;
  await page.goto(hosts.add(body, { head: style }));
  const looks = () =>
    page.locator('#before').evaluate((host) => {
      const { cssText, ...style } = getComputedStyle(host);
      return JSON.stringify(style) + cssText;
    });
  const before = await looks();
  await page.addScriptTag({ type: 'module', url: `${dist.origin}/spike-align.js` });
  const button = page.getByRole('button', { name: 'Step' });
  await expect(button).toHaveCSS('font-size', '16px');
  await expect(button).toHaveCSS('color', 'rgb(233, 233, 228)');
  await expect(button).toHaveCSS('border-top-width', '1px');
  await expect(button).toHaveCSS('letter-spacing', 'normal');
  await expect(button).toHaveCSS('text-transform', 'none');
  // As narrow as its column, though the window is wide.
  await expect(page.locator('.lane .latest span').first()).toHaveCSS('position', 'absolute');
  await expect(page.locator('.embedded')).toHaveCSS('width', '420px');
  expect(await looks()).toBe(before);
});

test('parts and custom properties dress it', async ({ page }) => {
  const style = `<style>
    spike-align { --accent: rgb(1, 2, 3); --track: rgb(4, 5, 6); }
    spike-align::part(panel) { padding: 7px; }
    spike-align::part(controls) { background: rgb(7, 8, 9); }
    spike-align::part(button) { border-radius: 11px; }
  </style>`;
  await page.goto(hosts.add(race(), { head: style + script }));
  const button = page.getByRole('button', { name: 'Start training' });
  await expect(button).toHaveCSS('background-color', 'rgb(1, 2, 3)');
  await expect(button).toHaveCSS('border-radius', '11px');
  await expect(page.locator('.embedded')).toHaveCSS('padding', '7px');
  await expect(page.locator('.bar')).toHaveCSS('background-color', 'rgb(7, 8, 9)');
  await expect.poll(() => has_color(page.locator('.lane canvas').first(), [4, 5, 6])).toBe(true);
});

for (const [theme, system] of /** @type {const} */ ([
  ['light', 'dark'],
  ['dark', 'light'],
])) {
  test(`a ${theme} element where the system is ${system}`, async ({ page }) => {
    await prefer(page, system);
    await page.goto(
      hosts.add(race({ theme }), { head: `<meta name="color-scheme" content="light dark">${script}` }),
    );
    const panel = page.locator('.embedded');
    const track = page.locator('.lane canvas').first();
    const paper = { light: 'rgb(253, 253, 251)', dark: 'rgb(20, 23, 26)' };
    await expect(panel).toHaveCSS('background-color', paper[theme]);
    await expect.poll(() => has_color(track, TRACK[theme])).toBe(true);
    // Turned around, and left to the page.
    await page.evaluate(
      (theme) => document.querySelector('spike-align').setAttribute('theme', theme),
      system,
    );
    await expect.poll(() => has_color(track, TRACK[system])).toBe(true);
    await page.evaluate((scheme) => {
      document.documentElement.style.colorScheme = scheme;
      document.querySelector('spike-align').removeAttribute('theme');
    }, theme);
    await expect(panel).toHaveCSS('background-color', paper[theme]);
    await expect.poll(() => has_color(track, TRACK[theme])).toBe(true);
    await page.evaluate((scheme) => (document.documentElement.style.colorScheme = scheme), system);
    await expect.poll(() => has_color(track, TRACK[system])).toBe(true);
  });
}

test('the example shows what its snippets say', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./embed-example.html');
  const differences = await page.evaluate(() => {
    const squeezed = (text) => text?.replace(/[\s;]+/g, '');
    const found = [];
    for (const { textContent } of document.querySelectorAll('.snippet')) {
      const told = new DOMParser().parseFromString(textContent ?? '', 'text/html');
      for (const one of told.querySelectorAll('[id], spike-align, iframe, script, style')) {
        const live = [...document.querySelectorAll(one.localName)].find(
          (other) =>
            squeezed(other.textContent) === squeezed(one.textContent) &&
            [...one.attributes].every(
              ({ name, value }) =>
                other.getAttribute(name) === value || (name === 'src' && other[name] === value),
            ),
        );
        if (!live) found.push(one.outerHTML);
      }
    }
    return found;
  });
  expect(differences).toEqual([]);
  // Heard in the page: a test that looked from outside might find that the race is over.
  const said = page.evaluate(
    () =>
      new Promise((resolve) => {
        const hear = () => resolve(document.getElementById('said').value);
        document.getElementById('race').addEventListener('record', hear, { once: true });
      }),
  );
  await page.getByRole('button', { name: 'Start from outside' }).click();
  expect(await said).toMatch(/^(fa|rdd): \d+% right$/);
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`src="${new URL('./', page.url()).href}spike-align.js"`);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`axe finds nothing in the example, and it fits a phone, ${colorScheme}`, async ({ page }) => {
    await prefer(page, colorScheme);
    await page.setViewportSize({ width: 390, height: 900 });
    await page.goto('./embed-example.html');
    await expect(page.locator('canvas.trace')).toBeVisible();
    await page.locator('iframe').scrollIntoViewIfNeeded();
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Play', exact: true }).click();
    await expect(frame.locator('canvas.errors')).toHaveAttribute('aria-label', /After \d/);
    await expect_accessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, 'nothing scrolls sideways').toBeLessThanOrEqual(0);
    await page.screenshot({
      path: `${import.meta.dirname}/screenshots/embed-example-${colorScheme}.png`,
      fullPage: true,
    });
  });
}

test('within a scaled part of a page, a chart reads the place under the pointer', async ({ page }) => {
  const slide = `<div style="width: 1000px; transform: scale(0.5); transform-origin: 0 0">${race()}</div>`;
  await page.goto(hosts.add(slide, { head: script }));
  const box = await page.locator('.u-over').boundingBox();
  for (const share of [0.25, 0.8]) {
    const x = box.x + share * box.width;
    await page.mouse.move(x, box.y + 40);
    const line = page.locator('.u-cursor-x');
    await expect.poll(async () => Math.round(Math.abs((await line.boundingBox()).x - x))).toBeLessThan(2);
  }
});
