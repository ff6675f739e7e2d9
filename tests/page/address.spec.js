// The address of the page sets every control; what it cannot use is noted and left.

import { expect, test } from './fixtures.js';

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
};

test('every control can be set', async ({ page }) => {
  await page.goto(`./?${new URLSearchParams({ ...GIVEN, rule: 'bp,rdd' })}`);
  for (const [field, value] of Object.entries(GIVEN)) {
    await expect(page.locator(`#setting-${field}`), field).toHaveValue(value);
  }
  await expect(page.getByRole('checkbox', { name: 'Backpropagation' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Feedback alignment' })).not.toBeChecked();
  await expect(page.locator('.notice:visible')).toHaveCount(0);
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
  await expect(page.getByRole('checkbox', { name: 'Spiking discontinuity' })).toBeChecked();
  await page.getByRole('button', { name: 'Dismiss' }).first().click();
  await expect(page.locator('.notice:visible')).toHaveCount(4);
});

test('a setting out of range is refused where it stands', async ({ page }) => {
  await page.goto('./?dataset=garments');
  await page.getByLabel('Seed').fill('-1');
  await expect(page.getByText('“Seed” must be a whole number from 0')).toBeVisible();
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByText('One of the settings cannot be used')).toBeVisible();
  await page.getByLabel('Seed').fill('3');
  await expect(page.getByText('“Seed” must be')).toBeHidden();
});
