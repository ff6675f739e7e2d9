// The address of the page sets every control; what it cannot use is noted and left.

import { enter, expect, scroll_to, test } from './fixtures.js';

const GIVEN = {
  dataset: 'garments',
  examples: '3200',
  test_examples: '300',
  rdd_seconds: '12.5',
  estimator: 'shrinkage',
  seed: '7',
  epochs: '4',
  net: '8,16,64,32',
  record_every: '800',
  learning_rate: '0.02',
  momentum: '0.8',
  batch_size: '16',
  image_size: '48',
  augment: 'true',
  feedback_layers: 'dense',
  weight_decay: '0.001',
  double_softmax: 'true',
  validation: 'true',
};

test('every control can be set', async ({ page }) => {
  await page.goto(`./?${new URLSearchParams({ ...GIVEN, rule: 'bp,rdd' })}`);
  for (const [field, value] of Object.entries(GIVEN)) {
    await expect(page.locator(`#setting-${field}`), field).toHaveValue(value);
  }
  await expect(page.getByRole('checkbox', { name: 'Backpropagation', exact: true })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Feedback alignment', exact: true })).not.toBeChecked();
  await expect(page.locator('.notice:visible')).toHaveCount(0);
});

test('a setting of a rule can be set, and is shown and passed on with its rule only', async ({ page }) => {
  await page.goto('./?dataset=garments&rule=bp,kp&kp.decay=0.002&wm.examples=64');
  await expect(page.locator('#setting-kp-decay')).toHaveValue('0.002');
  await expect(page.locator('#setting-wm-examples')).toBeHidden();
  await expect(page.locator('.notice:visible')).toHaveCount(0);
  await scroll_to(page, 'share');
  const link = page.getByLabel('Link to these settings');
  await expect(link).toHaveValue(/\/\?rule=bp,kp&dataset=garments&kp\.decay=0\.002$/);
  await expect(page.getByLabel('The same on the command line')).toHaveValue(
    /^spikealign train --rule bp (?!.*rule-setting).*\nspikealign train --rule kp .* --rule-setting kp\.decay=0\.002$/,
  );
  await page.goto('./?dataset=garments&rule=bp,kp&kp.decay=2');
  await expect(page.locator('.notice:visible')).toHaveCount(1);
  await expect(page.locator('#setting-kp-decay')).toHaveValue('0.0001');
});

test('hostile and unknown values are noted, and change nothing', async ({ page }) => {
  const search = new URLSearchParams({
    seed: '<img src=x onerror=alert(1)>',
    epochs: '-3',
    examples: '1e99',
    rule: 'bp,nonsense',
    constructor: 'x',
  });
  await page.goto(`./?${search}&dataset=garments&__proto__=x`);
  await expect(page.locator('.notice:visible')).toHaveCount(5);
  await expect(page.locator('#setting-seed')).toHaveValue('1');
  await expect(page.locator('#setting-epochs')).toHaveValue('8');
  await expect(page.getByRole('checkbox', { name: 'Spiking discontinuity', exact: true })).toBeChecked();
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
  await expect(page.locator('.notice:visible')).toHaveCount(4);
});

test('a setting out of range is refused where it stands', async ({ page }) => {
  await page.goto('./?dataset=garments');
  await enter(page.getByLabel('Seed', { exact: true }), '-1');
  await expect(page.getByText('“Seed” must be a whole number from 0')).toBeVisible();
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByText('A setting cannot be used: see the highlighted setting')).toBeVisible();
  await enter(page.getByLabel('Seed', { exact: true }), '3');
  await expect(page.getByText('“Seed” must be')).toBeHidden();
});

/** Addresses that no page of ours has made, and how many notes each is worth. */
const HOSTILE = {
  'a very long value': [`seed=${'9'.repeat(8_000)}&net=${'1,'.repeat(2_000)}`, 2],
  'a very long name': [`${'x'.repeat(12_000)}=1`, 1],
  'far too many parameters': [Array.from({ length: 1_500 }, (_, index) => `p${index}=1`).join('&'), 5],
  'signs that mean nothing': ['seed=%E0%A4%A&epochs=%&%zz=%00&=&&==&learning=%FF', 6],
  'what every object has': ['__proto__=1&constructor=1&toString=1&hasOwnProperty=1&valueOf=1', 5],
  'values that every object has': ['dataset=constructor&estimator=toString&layer=__proto__&rule=valueOf', 4],
  'numbers that are none': ['seed=NaN&epochs=Infinity&examples=-0x10&batch_size=1e400&momentum=-Infinity', 5],
  programs: ['seed=javascript:alert(1)&dataset=<script>alert(1)</script>&<svg/onload=alert(1)>=1', 3],
  'a selector': ['layer="]%2B*&shown=all],*[name=seed&alignment=\\', 3],
};
const MOST = 5;

for (const [what, [search, notes]] of Object.entries(HOSTILE)) {
  test(`an address with ${what} opens the page, with a note`, async ({ page }) => {
    page.on('dialog', () => expect(false, 'no program of the address runs').toBe(true));
    await page.goto(`./?dataset=garments&${search}`);
    await expect(page.locator('.notice:visible')).toHaveCount(Math.min(MOST, notes));
    // Nothing else than the defaults, and nothing that makes the page wider than its window.
    await scroll_to(page, 'share');
    await expect(page.getByLabel('Link to these settings')).toHaveValue(/\/\?dataset=garments$/);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}

test('of a setting that is given twice, the last counts', async ({ page }) => {
  await page.goto('./?dataset=garments&seed=5&seed=6&seed=seven');
  await expect(page.locator('#setting-seed')).toHaveValue('6');
  await expect(page.locator('.notice:visible')).toHaveCount(1);
});
