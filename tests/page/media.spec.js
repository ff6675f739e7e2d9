// On paper, with colours of the system, and in browsers that falsify pictures.

import { readFileSync } from 'node:fs';
import { built, download, expect, test as alone } from './fixtures.js';
import { test } from './trained.js';

/** Lines of the grid of charts, in each scheme. */
const GRID = { light: '228,228,223', dark: '42,47,52' };

/** The colours of charts, those among them that nobody has scrolled to. */
const grids = (page) =>
  page.locator('#gradients .chart canvas, #alignment .chart canvas').evaluateAll((canvases, colors) => {
    const found = canvases.map((canvas) => {
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext('2d');
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, width, height);
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 3).join());
      return Object.keys(colors).filter((scheme) => seen.has(colors[scheme]));
    });
    return [...new Set(found.flat())];
  }, GRID);

/** Whether each choice differs from those beside it in more than its background. */
const chosen_are_framed = (page) =>
  page
    .locator('.choices label:visible')
    .evaluateAll((labels) =>
      labels.every(
        (label) =>
          (getComputedStyle(label).outlineStyle === 'solid') === label.querySelector('input').checked,
      ),
    );

test('what is printed is drawn, and dark on light, wherever the reader has been', async ({
  page,
  browserName,
}) => {
  test.skip(browserName === 'firefox', 'over BiDi this Firefox can neither be made dark nor print');
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => grids(page)).toEqual(['dark']);
  // As soon as the browser has told of it: it prints next.
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  expect(await grids(page)).toEqual(['light']);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  expect(await grids(page)).toEqual(['dark']);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(253, 253, 251)');
  expect(await chosen_are_framed(page)).toBe(true);
  expect(await grids(page)).toEqual(['light']);
  await page.emulateMedia({ media: null, colorScheme: null });
});

alone(
  'what is printed before the rest is built says so, and has all the next time',
  async ({ page, browserName }) => {
    test.skip(browserName === 'firefox', 'over BiDi this Firefox can not print');
    await page.goto('./?dataset=garments');
    await page.locator('#guess-figure canvas').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    const said = () =>
      page.locator('main').evaluate((main) => getComputedStyle(main, '::before').getPropertyValue('content'));
    expect(await said()).toContain('Print it again.');
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    // The last that is built; its buttons are not printed.
    await expect(page.locator('#all-rules button').last()).toBeAttached();
    expect(await said()).toBe('none');
    await expect(page.locator('#problem-figure svg').first()).toBeVisible();
    // What runs only once it is looked at has nothing to print, and says so; what needs no run has.
    const words = (name) =>
      page
        .locator(`#${name}-figure .figure, #${name}-figure.figure`)
        .first()
        .evaluate((figure) => getComputedStyle(figure, '::before').getPropertyValue('content'));
    for (const name of ['neuron', 'confounding', 'layer']) {
      expect(await words(name)).toContain('had not run when it was printed');
    }
    expect(await words('problem')).toBe('none');
  },
);

test('with the colours of the system, what is chosen has a frame', async ({ page, browserName }) => {
  test.skip(browserName === 'firefox', 'over BiDi this Firefox has its own colours only');
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await chosen_are_framed(page)).toBe(true);
  await page.emulateMedia({ forcedColors: null });
});

alone('where pictures are falsified, an SVG has its colours, and PNG says why not', async ({ page }) => {
  // As LibreWolf and Tor do.
  await page.addInitScript(() => {
    for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
      const { getImageData } = prototype;
      prototype.getImageData = function (...given) {
        const image = getImageData.apply(this, given);
        crypto.getRandomValues(image.data.subarray(0, 65_536));
        return image;
      };
    }
  });
  await page.goto('./?dataset=garments');
  await built(page);
  const figure = page.locator('.savable:has(#problem-figure), #problem-figure.savable');
  await figure.locator('.save > summary').click();
  await expect(figure.getByRole('button', { name: 'PNG' })).toBeDisabled();
  await expect(figure.locator('.save-box [role="alert"]')).toContainText('falsifies pictures');
  const { path } = await download(page, figure.getByRole('button', { name: 'SVG' }));
  const svg = readFileSync(path, 'utf8');
  const colors = new Set(svg.match(/#[0-9a-f]{6}/g));
  // Paper, ink, and quiet.
  for (const color of ['#fdfdfb', '#1d1f21', '#5c6166']) expect(colors).toContain(color);
});
