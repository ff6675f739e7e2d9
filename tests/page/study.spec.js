// The page of the study: what is stored of a run is what this browser gets, digit for digit.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.js';
import { expect_accessible } from './axe.js';

const dist = join(import.meta.dirname, '..', '..', 'dist');

test('stored runs are verified in the browser, and one that is stored wrongly is found out', async ({
  page,
}) => {
  // Of one run another digest is stored.
  await page.route('**/study/results/garments.json', async (route) => {
    const response = await route.fetch();
    const runs = await response.json();
    const run = runs.find(({ name, settings }) => name === 'fa' && settings.seed === 2);
    run.sha256 = run.first_epoch.sha256;
    await route.fulfill({ response, json: runs });
  });
  await page.goto('./study.html');
  const garments = page.locator('[data-study="garments"]');
  await garments.locator('summary').click();
  const verified = (name, seed) =>
    garments
      .locator('tbody tr')
      .filter({ has: page.locator(`td:nth-child(1):text-is("${name}") + td:text-is("${seed}")`) });
  const place = () =>
    verified('fa', 2)
      .getByRole('button')
      .evaluate((button) => {
        const { x, y } = button.getBoundingClientRect();
        const table = button.closest('table').getBoundingClientRect();
        // To a tenth of a pixel: where the page has scrolled to changes what follows.
        return [x - table.x, y - table.y].map((distance) => distance.toFixed(1));
      });
  const placed = await place();
  for (const [name, seed] of [
    ['bp', 1],
    ['rdd', 1],
    ['wm', 1],
    ['stdwi', 1],
    ['fa', 2],
  ]) {
    await expect(verified(name, seed).locator('.outcome')).toContainText('Takes about');
    // By key: it is pressed wherever the outcomes of other runs move it.
    await verified(name, seed).getByRole('button').press('Enter');
  }
  for (const name of ['bp', 'rdd', 'wm', 'stdwi']) {
    await expect(verified(name, 1).locator('.outcome')).toContainText(
      'Equal: all 2 records, digit for digit',
    );
  }
  await expect(verified('fa', 2).locator('.outcome')).toContainText('Different');
  // What came of a run is announced, by one place for all; its button keeps the focus.
  await expect(garments.getByRole('status')).toHaveText(/^fa, seed 2: Different/);
  await expect(verified('fa', 2).getByRole('button')).toBeFocused();
  expect(await place(), 'no button has moved from under the pointer').toEqual(placed);

  // To verify all takes long, where they are many: a second press stops it after the run in hand.
  const all = garments.locator('.all');
  await expect(all).toHaveText(/^Verify all \d+ runs: about \d+ (s|min)$/);
  await all.press('Enter');
  await expect(all).toHaveText('Stop after this run');
  await all.press('Enter');
  await expect(all).toHaveText(/^Verify all/);
  await expect(verified('wm-spikes', 1).locator('.outcome')).toContainText('Takes about');

  // From a number to its runs; of a long run the first epoch can be verified.
  await page.locator('[data-result="learning/rdd-fa"]').first().click();
  await expect(page).toHaveURL(/#runs-learning$/);
  // Runs without a button are shown as they are stored.
  const stored = page
    .getByRole('link')
    .filter({ has: page.locator('[data-result^="diagnostics/"]') })
    .first();
  await expect(stored).toHaveAttribute('href', './study/results/diagnostics.json');
  // Whatever the report refers to lies beside it.
  const beside = page.locator('a:not([href*="://"], [href^="#"])');
  const addresses = await beside.evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  for (const address of new Set(addresses)) expect(existsSync(join(dist, address)), address).toBe(true);

  const learning = page.locator('[data-study="learning"]');
  await learning.locator('summary').click();
  await expect(learning.locator('tbody tr').first()).toContainText('(first epoch)');
  await expect_accessible(page);

  // On a phone the text of a figure can be read: what is wider than the screen scrolls by itself.
  await page.setViewportSize({ width: 390, height: 844 });
  const figure = page.locator('article img').last();
  await expect.poll(() => figure.evaluate(({ clientWidth }) => clientWidth)).toBeGreaterThanOrEqual(640);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
