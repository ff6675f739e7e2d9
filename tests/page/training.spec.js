import { built, dataset, expect, finished, records, test } from './fixtures.js';
import { read_records, spikealign } from './native.js';

test.beforeAll(() => {
  if (dataset === 'garments') console.info('Fashion-MNIST is not here: the page is tested on garments.');
});

test(`three rules learn from ${dataset}`, async ({ page, browserName }) => {
  const settings = {
    autostart: 1,
    dataset,
    examples: 1000,
    test_examples: 500,
    epochs: 2,
    rdd_seconds: 5,
    rule: 'bp,fa,rdd',
    seed: 1,
  };
  await page.goto(`./?${new URLSearchParams(Object.entries(settings).map(([k, v]) => [k, String(v)]))}`);
  await finished(page);

  const all = await records(page);
  for (const rule of ['bp', 'fa', 'rdd']) {
    const own = all.filter((record) => record.rule === rule);
    expect(own.length, `records of ${rule}`).toBeGreaterThanOrEqual(2);
    expect(own.at(-1).test_accuracy, `accuracy of ${rule} rises`).toBeGreaterThan(own[0].test_accuracy);
    expect(own.every((record) => record.seed === 1)).toBe(true);
  }
  await built(page);
  // What is out of view is drawn seldom, so the last numbers may take a moment.
  await expect(page.getByRole('row', { name: /Training images seen/ })).toHaveText(/2,000.*2,000.*2,000/);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({
      path: `${import.meta.dirname}/screenshots/trained-${width}-${browserName}.png`,
      fullPage: true,
    });
  }
});

test('the page gives the records of the native program, digit for digit', async ({ page }) => {
  const settings = {
    dataset,
    examples: 640,
    test_examples: 200,
    epochs: 2,
    record_every: 320,
    rdd_seconds: 3,
    seed: 5,
  };
  const rules = ['bp', 'fa', 'rdd'];
  const address = Object.entries({ ...settings, rule: rules.join(','), autostart: 1 });
  await page.goto(`./?${new URLSearchParams(address.map(([name, value]) => [name, String(value)]))}`);
  const flags = Object.entries(settings).flatMap(([name, value]) => [
    `--${name.replaceAll('_', '-')}`,
    String(value),
  ]);
  await finished(page);
  const all = await records(page);
  for (const rule of rules) {
    const native = read_records(spikealign('train', '--rule', rule, ...flags));
    expect(native).toHaveLength(4);
    expect(all.filter((record) => record.rule === rule)).toEqual(native);
  }
});
