import { dataset, expect, finished, records, test } from './fixtures.js';

test.beforeAll(() => {
  if (dataset === 'garments') console.info('Fashion-MNIST is not here: the page is tested on garments.');
});

test(`three rules learn from ${dataset}`, async ({ page }) => {
  const settings = { autostart: 1, dataset, examples: 2000, epochs: 2, rdd_seconds: 5, rule: 'bp,fa,rdd', seed: 1 };
  await page.goto(`./?${new URLSearchParams(Object.entries(settings).map(([k, v]) => [k, String(v)]))}`);
  await finished(page);

  const all = await records(page);
  for (const rule of ['bp', 'fa', 'rdd']) {
    const own = all.filter((record) => record.rule === rule);
    expect(own.length, `records of ${rule}`).toBeGreaterThanOrEqual(2);
    expect(own.at(-1).test_accuracy, `accuracy of ${rule} rises`).toBeGreaterThan(own[0].test_accuracy);
    expect(own.every((record) => record.seed === 1)).toBe(true);
  }
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${import.meta.dirname}/screenshots/trained-${width}.png`, fullPage: true });
  }
});
