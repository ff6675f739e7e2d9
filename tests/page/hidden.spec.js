// A page that nobody looks at goes on, loses nothing, and has nothing to catch up with on return.

import { built, expect, finished, records, test } from './fixtures.js';
import { hideable } from './hiding.js';

const SMALL =
  'dataset=garments&examples=640&test_examples=200&record_every=320&epochs=2&rdd_seconds=3&net=4,8,32,16';

/** Trains all three rules; gives the records of each. */
async function train(page, hidden) {
  await page.goto(`./?${SMALL}`);
  await built(page);
  if (hidden) {
    // Hidden in the middle of the training: by itself, since that may be over before a test has looked.
    await page.evaluate(() =>
      document.addEventListener('spikealign:record', () => window.hide_page(true), { once: true }),
    );
  }
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  const all = await records(page);
  return ['bp', 'fa', 'rdd'].map((rule) => all.filter((record) => record.rule === rule));
}

test('a page hidden while it trains has the records of one that was watched', async ({ page }) => {
  await page.addInitScript(hideable);
  await page.addInitScript(() => {
    const cleared = new Map();
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      cleared.set(this.canvas, (cleared.get(this.canvas) ?? 0) + 1);
      clearRect.apply(this, box);
    };
    Object.assign(window, { cleared });
  });
  const watched = await train(page, false);
  expect(await train(page, true)).toEqual(watched);

  await page.evaluate(() => {
    window.cleared.clear();
    window.hide_page(false);
  });
  await expect(page.getByRole('row', { name: /Training images seen/ })).toHaveText(/1,280.*1,280.*1,280/);
  await expect(page.locator('.lane .doing')).toHaveText(Array(3).fill('finished 2 epochs'));
  // Two seconds is the longest that a drawing may wait; a frame later, all that was due is drawn. Once for
  // what had waited, and once for what it had not seen: more would be a storm.
  await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  const times = await page.evaluate(() => [...window.cleared.values()]);
  expect(times.length).toBeGreaterThan(0);
  expect(Math.max(...times)).toBeLessThanOrEqual(2);
});
