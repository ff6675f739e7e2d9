// Start, pause, resume, step and reset, on settings small enough to end within seconds.

import { built, enter, expect, finished, pause_after_record, records, test } from './fixtures.js';

const SMALL = 'dataset=garments&examples=640&test_examples=200&record_every=320&epochs=2&rdd_seconds=3';

/** What the lane of a rule says. */
const lane = (page, rule) => page.locator('.lane', { hasText: rule });
const button = (page, name) =>
  page.getByRole('group', { name: 'Training' }).getByRole('button', { name, exact: true });

test('one step is one batch, or a tenth of a second of spiking', async ({ page }) => {
  await page.goto(`./?${SMALL}`);
  for (const step of [1, 2, 3]) {
    await button(page, 'Step').click();
    await expect(lane(page, 'Backpropagation')).toContainText(`learning, ${32 * step} of 640 images`);
    await expect(lane(page, 'Feedback alignment')).toContainText(`learning, ${32 * step} of 640 images`);
    await expect(lane(page, 'Spiking')).toContainText(`spiking, 0.${step} s of 3.0 s`);
  }
});

test('a pause holds, and resuming goes on to the end', async ({ page }) => {
  await page.goto(`./?${SMALL}&rule=bp`);
  await pause_after_record(page);
  await button(page, 'Start training').click();
  await expect(button(page, 'Resume')).toBeVisible();
  // A record is the last thing of its answer, and a step is one batch: nothing is learned between the two.
  const doing = lane(page, 'Backpropagation').locator('.doing');
  await expect(doing).toHaveText('Epoch 1 of 2: learning, 320 of 640 images');
  await button(page, 'Step').click();
  await expect(doing).toHaveText('Epoch 1 of 2: learning, 352 of 640 images');
  await button(page, 'Resume').click();
  await finished(page);
  expect((await records(page)).at(-1).examples).toBe(2 * 640);
  await expect(button(page, 'Train again')).toBeVisible();
});

test('nothing of a run that was reset is drawn or announced', async ({ page }) => {
  // So long that it cannot be over before it is reset.
  await page.goto(`./?${SMALL.replace('epochs=2', 'epochs=1000')}&seed=1`);
  await button(page, 'Start training').click();
  await page.waitForFunction(() => window.spikealignSeen.records.length > 0);
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 720 };
  const too_wide = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // Also on the narrowest screen, which is 1,280 pixels at 400%, and where figures are narrow beside their text.
  await built(page);
  for (const width of [1200, 1100, 768, 390, 320]) {
    await page.setViewportSize({ width, height });
    await expect.poll(too_wide).toBe(0);
  }
  await button(page, 'Reset').click();
  await expect.poll(too_wide).toBe(0);
  await button(page, 'Discard').click();
  await page.setViewportSize({ width, height });
  await expect(page.locator('.lane .doing')).toHaveText(Array(3).fill('ready to start'));
  const cells = page.locator('#results td');
  await expect.poll(async () => new Set(await cells.allTextContents())).toEqual(new Set(['–']));
  const old = (await records(page)).length;
  await enter(page.getByLabel('Seed', { exact: true }), '2');
  await page.locator('#settings summary').first().click();
  await enter(page.getByLabel('Epochs', { exact: true }), '2');
  await button(page, 'Start training').click();
  await finished(page);
  const fresh = (await records(page)).slice(old);
  expect(new Set(fresh.map(({ seed }) => seed))).toEqual(new Set([2]));
  expect(fresh.length).toBe(3 * 4);
  // The table has the latest of them: 200 test images are not as many of each class, so that the two accuracies differ.
  for (const [title, field] of [
    ['Test accuracy', 'test_accuracy'],
    ['Test accuracy, mean of the classes', 'test_balanced_accuracy'],
  ]) {
    const row = page.locator('#results tr', {
      has: page.getByRole('rowheader', { name: title, exact: true }),
    });
    const shown = ['bp', 'fa', 'rdd'].map((name) => {
      const { [field]: share } = fresh.filter(({ rule }) => rule === name).at(-1);
      return `${(100 * share).toFixed(1)}%`;
    });
    await expect(row.getByRole('cell')).toHaveText(shown);
  }
});

test('settings that have changed since the start are pointed out', async ({ page }) => {
  await page.goto(`./?${SMALL}`);
  const reminder = page.getByText('The settings have changed');
  await button(page, 'Step').click();
  // Before anything is learned, a reset has nothing to ask.
  await expect(lane(page, 'Backpropagation')).toContainText('learning, 32 of 640 images');
  await expect(reminder).toBeHidden();
  await enter(page.getByLabel('Images per epoch'), '960');
  await expect(reminder).toBeVisible();
  await button(page, 'Reset').click();
  await button(page, 'Discard').click();
  await expect(reminder).toBeHidden();
});

test('the weights of a layer are drawn, and said in words', async ({ page }) => {
  await page.goto(`./?${SMALL}&autostart=1`);
  await finished(page);
  // Built only now, when the networks have learned.
  await built(page);
  const plots = page.locator('.plot canvas');
  await expect(plots.first()).toHaveAttribute('aria-label', /same sign 100\.0%, correlation 1\.00/);
  await expect(plots.first()).toHaveAttribute('aria-label', /A sample of 2,979 connections/);
  await page.locator('#scatter').getByRole('radio', { name: '64 → 10' }).check();
  await expect(plots.nth(2)).toHaveAttribute('aria-label', /All 640 connections: same sign \d+\.\d%/);
  await page.getByRole('radio', { name: 'spiking', exact: true }).check();
  // The others are not on the page.
  await expect(plots).toHaveCount(1);
});

test('a rule joins a race that runs, and a seventh is refused in words', async ({ page }) => {
  await page.goto(`./?${SMALL}&rule=bp&autostart=1`);
  await built(page);
  const table = page.locator('#all-rules');
  await expect(table.getByRole('button', { name: 'racing: Backpropagation' })).toBeDisabled();
  await table.getByRole('button', { name: 'Let it race: Direct feedback alignment' }).click();
  await expect(table.getByRole('status')).toHaveText('Direct feedback alignment has joined the race.');
  await expect(table.getByRole('button', { name: 'racing: Direct feedback alignment' })).toBeFocused();
  await expect(page.locator('.lane')).toHaveCount(2);
  await expect(page.locator('#reminder')).toBeHidden();
  await expect(page.locator('.lane .doing')).toHaveText(Array(2).fill(/^finished/));
  // It has no feedback weights, and everything says so.
  await expect(page.locator('.plot .reading').last()).toHaveText(/^This rule has no feedback weights/);
  const signs = page.locator('#results tr', { hasText: 'Signs that agree, layer 1' });
  await expect(signs.getByRole('cell')).toHaveText(['100.0%', '–']);
  // A longer name at the end of a line gets its room, as soon as there is a line.
  const chart = page.locator('#accuracy .u-over');
  const width = () => chart.evaluate(({ clientWidth }) => clientWidth);
  const before = await width();
  await table.getByRole('button', { name: 'Let it race: Kolen–Pollack' }).click();
  await expect(page.locator('.lane .doing')).toHaveText(Array(3).fill(/^finished/));
  await expect.poll(width).toBeLessThan(before - 20);
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  for (const title of ['Weight mirror', 'Information alignment', 'Spiking discontinuity']) {
    await table.getByRole('button', { name: `Let it race: ${title}`, exact: true }).click();
  }
  await expect(table.getByRole('status')).toHaveText('Spiking discontinuity starts with the next run.');
  await table.getByRole('button', { name: 'Let it race: Feedback alignment', exact: true }).click();
  await expect(table.getByRole('status')).toHaveText(/^At most 6 rules/);
  const seventh = page.getByRole('checkbox', { name: 'Feedback alignment', exact: true });
  await seventh.click();
  await expect(seventh).not.toBeChecked();
  await expect(page.locator('#setting-rule-wrong')).toHaveText(/^At most 6 rules race at once/);
});

test('a preset asks for a prediction, and a finished run stays to compare with', async ({ page }) => {
  await page.goto(`./?${SMALL.replace('epochs=2', 'epochs=1')}&rule=fa`);
  const start = page.getByRole('button', { name: 'Start the race' });
  const { y } = await start.boundingBox();
  expect(y, 'within two screens').toBeLessThan(2 * page.viewportSize().height);
  await page.locator('#race').scrollIntoViewIfNeeded();
  const source = page.getByLabel('Common source');
  const study = page.locator('#presets').getByText('What the study found');
  await page.getByRole('button', { name: 'Confounded drive' }).click();
  await expect(source).toHaveValue('heterogeneous');
  // Of which something is to be predicted, that rule races.
  await expect(page.getByRole('checkbox', { name: 'Spiking discontinuity', exact: true })).toBeChecked();
  await study.click();
  await expect(page.getByText('Networks that learned Fashion-MNIST so')).toBeVisible();
  await page.getByRole('button', { name: 'Six seconds of spiking' }).click();
  await expect(source).toHaveValue('none');
  await expect(study).toBeHidden();
  await expect(page.getByLabel('Spiking phase per epoch')).toHaveValue('6');
  await page.getByLabel('Spiking discontinuity, at the end').fill('0.7');
  const chart = page.locator('#accuracy .chart');
  await expect(chart).toHaveAttribute('aria-label', /Spiking discontinuity, prediction: 70\.0%\.$/);
  // And with the pointer, which Firefox moves only to what is in view.
  await chart.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
  const box = await chart.locator('.u-over').boundingBox();
  await page.mouse.move(box.x + box.width - 5, box.y + box.height / 4);
  await page.mouse.down();
  await page.mouse.up();
  const drawn = page.locator('#presets output');
  await expect(drawn).not.toHaveText('70.0%');
  const predicted = await drawn.textContent();

  await start.click();
  await expect(chart).toBeInViewport();
  await finished(page);
  const all = await records(page);
  const [fa, rdd] = ['fa', 'rdd'].map((name) => {
    const { test_accuracy } = all.findLast(({ rule }) => rule === name);
    return `${(100 * test_accuracy).toFixed(1)}%`;
  });
  await expect(page.locator('#presets p[role="status"]')).toHaveText(
    `You predicted ${predicted}; it reached ${rdd}.`,
  );
  await button(page, 'Train again').click();
  await expect(chart).toHaveAttribute(
    'aria-label',
    new RegExp(
      `Feedback alignment, six seconds of spiking: ${fa}. Spiking discontinuity, six seconds of spiking: ${rdd}`,
    ),
  );
  await expect(page.locator('#presets p[role="status"]')).toBeEmpty();
  // With other settings nothing has been predicted.
  await enter(page.getByLabel('Seed', { exact: true }), '5');
  await expect(page.getByLabel('Spiking discontinuity, at the end')).toBeHidden();
  await expect(page.locator('#presets [aria-pressed="true"]')).toHaveCount(0);
});

test('the reader chooses the colours, and they stay', async ({ page }) => {
  await page.goto('./');
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByRole('button', { name: 'Dark colours' }).click();
  const dark = await paper();
  expect(dark).not.toBe(light);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Light colours' })).toBeVisible();
  expect(await paper()).toBe(dark);
  await page.getByRole('button', { name: 'Light colours' }).click();
  expect(await paper()).toBe(light);
});
