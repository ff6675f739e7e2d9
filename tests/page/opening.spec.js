import { expect_accessible } from './axe.js';
import { built, expect, test } from './fixtures.js';

/** Opens the page, and waits for what it builds last: it is built piece by piece. */
async function open(page) {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await built(page);
}

test('the page opens, and axe finds nothing', async ({ page }) => {
  await open(page);
  await expect_accessible(page);
  // A slider says its own value: as it changes many times a second, it is not announced as well.
  await expect(page.locator('.playback output')).not.toHaveCount(0);
  await expect(
    page.locator(':is(.playback, .figure .slider, .moment) output:not([aria-live="off"])'),
  ).toHaveCount(0);
});

for (const width of [390, 1440]) {
  test(`the page fits a window of ${width} px`, async ({ page, browserName }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, 'nothing scrolls sideways').toBeLessThanOrEqual(0);
    await page.screenshot({
      path: `${import.meta.dirname}/screenshots/opening-${width}-${browserName}.png`,
      fullPage: true,
    });
  });
}

test('charts are larger in a wide window, wherever they were made', async ({ page }) => {
  await open(page);
  const axes = () =>
    page.locator('.chart .u-over').evaluateAll((plots) => [...new Set(plots.map((plot) => plot.offsetLeft))]);
  for (const [width, axis] of [
    [1440, 48],
    [2560, 68],
    [1440, 48],
  ]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(axes).toEqual([axis]);
  }
  await page.setViewportSize({ width: 2560, height: 900 });
  await page.reload();
  await built(page);
  await expect.poll(axes).toEqual([68]);
});

test('a browser whose language is none has charts', async ({ page }) => {
  // What WebKit says in the locale "C".
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'C', configurable: true }),
  );
  await page.goto('./#race');
  await expect(page.locator('#accuracy .uplot').first()).toBeVisible();
});
