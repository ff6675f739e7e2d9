// For everyone: the keyboard alone, and a page that never blocks. What axe finds is asked where there is something to see.

import { expect, finished, test } from './fixtures.js';

const SMALL = 'dataset=garments&examples=640&test_examples=200&record_every=320&rdd_seconds=3';

test('the keyboard alone starts, steps and resets', async ({ page }) => {
  await page.goto(`./?${SMALL}&epochs=1`);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the race' })).toBeFocused();
  await page.keyboard.press('Enter');
  // A browser may follow a link only after the key.
  await expect(page.locator('#controls')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Start training' })).toBeFocused();
  await page.keyboard.press('Enter');
  await finished(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.lane .doing').first()).toHaveText('ready to start');
});

test('no task of the page is long while three workers train', async ({ page, browserName }) => {
  test.skip(browserName !== 'chromium', 'Firefox does not tell which tasks are long');
  await page.addInitScript(() => {
    const long = [];
    Object.assign(window, { longTasks: long });
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) long.push({ startTime, duration });
    }).observe({ type: 'longtask' });
  });
  await page.goto(`./?${SMALL}&epochs=2`);
  await page.getByRole('button', { name: 'Start training' }).click();
  const started = await page.evaluate(() => performance.now());
  await finished(page);
  const tasks = await page.evaluate(() => window.longTasks);
  const long = tasks
    .filter(({ startTime }) => startTime > started)
    .map(({ duration }) => Math.round(duration));
  // Told, not asserted: three workers on two busy cores may take the processor in the middle of a task.
  test
    .info()
    .annotations.push({ type: 'tasks over 50 ms while training', description: `${long.join(', ')} ms` });
  console.info(`Main-thread tasks over 50 ms while training: ${long.length > 0 ? long.join(', ') : 'none'}`);
});
