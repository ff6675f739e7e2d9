// What breaks is said where it breaks, in words, with a way on.

import { expect, finished, records, test } from './fixtures.js';

/** The images are fetched for a reader who gets near the race. */
const RACE = '#race';
const SMALL =
  'dataset=garments&examples=640&test_examples=100&epochs=1&rdd_seconds=1&record_every=0&net=4,8,32,16';

test('a core that cannot be compiled', async ({ page }) => {
  let broken = true;
  await page.route('**/*.wasm', (route) =>
    broken ? route.fulfill({ contentType: 'application/wasm', body: 'not wasm' }) : route.continue(),
  );
  await page.goto(`./?${SMALL}${RACE}`);
  await expect(page.locator('#images .source')).toContainText('Failed to compile the training program');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.locator('#notices')).toContainText('Failed to compile the training program');
  // Figures say so as well, until they have an answer.
  const of_problem = page.locator('#problem-figure');
  const running = [page.locator('#guess-figure'), page.locator('#neuron-figure')];
  const failed = async (/** @type {import('@playwright/test').Locator} */ figure) => {
    await figure.scrollIntoViewIfNeeded();
    await expect(figure.getByRole('alert')).toContainText('Failed to compile the training program');
  };
  await failed(of_problem);
  for (const figure of running) {
    await failed(figure);
    // It waits for the reader, whose press has an answer of its own.
    await expect(figure.locator('.play')).toHaveText('Play');
    await figure.locator('.play').click();
    await failed(figure);
    await expect(figure.locator('.play')).toHaveText('Play');
  }
  broken = false;
  for (const figure of running) await figure.locator('.play').click();
  await of_problem.getByRole('button', { name: 'Another draw' }).click();
  for (const figure of [of_problem, ...running]) await expect(figure.getByRole('alert')).toBeHidden();
  await page.getByRole('button', { name: 'Start training' }).focus();
  await page.locator('#notices').getByRole('button', { name: 'Try again' }).click();
  // The notice goes, and the focus is where it was before.
  await expect(page.getByRole('button', { name: 'Start training' })).toBeFocused();
  await expect(page.locator('#images .source')).toContainText('Generated images');
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  expect((await records(page)).length).toBe(3);
});

test('a random seed that cannot be drawn', async ({ page }) => {
  let broken = true;
  await page.route('**/*.wasm', (route) =>
    broken ? route.fulfill({ contentType: 'application/wasm', body: 'not wasm' }) : route.continue(),
  );
  await page.goto(`./?${SMALL}&seed=random${RACE}`);
  const failure = page.locator('#notices .failure');
  await expect(failure).toContainText('Failed to compile the training program');
  // Neither is another one taken in its place.
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(failure).toHaveCount(1);
  await expect(page.locator('#controls')).not.toHaveAttribute('data-state', /./);
  broken = false;
  await failure.getByRole('button', { name: 'Try again' }).click();
  await expect(page).toHaveURL(/[?&]seed=\d+/);
  await expect(failure).toHaveCount(0);
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  const { searchParams } = new URL(page.url());
  expect((await records(page))[0].seed).toBe(Number(searchParams.get('seed')));
});

test('a worker that dies, and its rule started again', async ({ page }) => {
  let deaths = 1;
  await page.route('**/training.worker*', (route) =>
    deaths-- > 0
      ? route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("out of luck")' })
      : route.continue(),
  );
  await page.goto(`./?${SMALL}`);
  await page.getByRole('button', { name: 'Start training' }).click();
  const dead = page.locator('.lane.failed');
  await expect(dead).toHaveCount(1);
  await expect(dead).toContainText('The worker died');
  await dead.getByRole('button', { name: 'Start this rule again' }).click();
  await expect(page.locator('.lane:focus')).toHaveCount(1);
  await expect(page.locator('.lane .doing')).toHaveText(Array(3).fill('finished 1 epoch'));
  expect(new Set((await records(page)).map(({ rule }) => rule))).toEqual(new Set(['bp', 'fa', 'rdd']));
});

test('a data set beside the page that is not what it claims', async ({ page }) => {
  await page.route('**/data/manifest.json', (route) => route.fulfill({ json: { 'fashion-mnist': true } }));
  await page.route('**/data/fashion-mnist/*', (route) => route.fulfill({ body: '<!doctype html>' }));
  await page.goto(`./?${SMALL}&dataset=fashion-mnist${RACE}`);
  await expect(page.locator('#images.failed .source')).not.toBeEmpty();
  await page.getByRole('button', { name: 'Use generated images' }).click();
  await expect(page.locator('#images .choices :checked')).toBeFocused();
  await expect(page.locator('#images .source')).toContainText('Generated images');
});

test('a page without Fashion-MNIST says that its images are generated', async ({ page }) => {
  await page.route('**/data/manifest.json', (route) => route.fulfill({ json: { 'fashion-mnist': false } }));
  await page.goto(`./${RACE}`);
  await expect(page.locator('#images .source')).toContainText('Fashion-MNIST is not hosted with this page');
});
