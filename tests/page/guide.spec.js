// The guided way: steps that the address names, questions that the core answers, terms, lecture mode and the handout.

import { readFileSync } from 'node:fs';
import { LayerFigure, NeuronFigure, initSync, send_down } from '../../pkg/spikealign.js';
import { expect_accessible, settled } from './axe.js';
import { built, expect, test } from './fixtures.js';

/** An effect with two standard errors. */
const sure = (value, error) =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)} ± ${(2 * error).toFixed(3)}`;

/** What the core finds of one neuron until a moment. */
function neuron(scene, steps) {
  const figure = new NeuronFigure(scene);
  figure.advance(steps);
  const view = figure.view();
  return { ...view, count: (view.windows[0] + view.windows[1]).toLocaleString('en') };
}

/** After how many seconds three quarters of the signs of each pair of layers agree, and how many do in the end. */
function layers() {
  const figure = new LayerFigure({ estimator: 'gradient', seed: 1 });
  figure.advance_for(90_000, Infinity);
  const signs = ({ alignment }) => alignment.sign_agreement;
  const { measurements } = figure.view();
  return [0, 1, 2].map((index) => {
    const own = measurements.filter(({ pair }) => pair === index);
    const found = own.find((one) => signs(one) >= 0.75);
    return `${found ? `after ${found.seconds.toFixed(1)} s` : 'not after 30 s'} (in the end ${(100 * signs(own.at(-1))).toFixed(1)}%)`;
  });
}

/** Clicks the question of a figure, and gives its answer. */
async function ask(page, id, question) {
  const box = page.locator(`#${id}-figure .ask`);
  await box.getByRole('button', { name: question }).click();
  const answer = box.getByRole('status');
  await expect(answer).toHaveText(/\d/);
  return answer;
}

test('one click asks, the core answers, and the address and every term say where and what', async ({
  page,
}) => {
  initSync({ module: readFileSync(new URL('../../pkg/spikealign_bg.wasm', import.meta.url)) });
  // Where a link leads is at the top of the window, also when all above it has been built.
  for (const id of ['limits', 'flow', 'neuron']) {
    await page.goto('about:blank');
    await page.goto(`./?dataset=garments#${id}`);
    await expect(page.locator(`#${id}`)).toBeInViewport();
    await built(page);
    const top = () => page.locator(`#${id}`).evaluate((step) => step.getBoundingClientRect().top);
    await expect.poll(top, id).toBeLessThan(120);
    expect(await top(), id).toBeGreaterThan(-20);
  }

  const copied = send_down(
    new Float32Array([0.9, -0.5, 0.4, -0.7, -0.8, 1.1]),
    new Float32Array([0.9, -0.7, -0.5, 0.8, 0.4, 1.1]),
    new Float32Array([1, -0.6]),
  );
  await expect(await ask(page, 'problem', 'What if a weight changes')).toHaveText(
    `One weight has changed its sign: 83.3% of the signs still agree, and the error is off by ${copied.angle.toFixed(0)}°.`,
  );

  const turned = neuron({ weights: [-4], noise: 200, confounding: 0, seed: 1 }, 23_000);
  const jump = turned.estimates.find(({ estimator }) => estimator === 'least-squares').effects[0];
  const [error, error_of_truth] = turned.standard_errors;
  const answer = await ask(page, 'neuron', 'does the jump follow');
  await expect(answer).toContainText(
    `With a weight of −4.0, after ${turned.count} windows, the jump is ${sure(jump, error)}: `,
  );
  await expect(answer).toContainText(`The true effect is ${sure(turned.truth[0], error_of_truth)}.`);
  const words =
    Math.abs(jump) <= 2 * error
      ? 'not certain yet'
      : jump < 0
        ? 'has the sign of the weight'
        : 'has the wrong sign';
  await expect(answer).toContainText(words);

  const scene = { weights: [-4, -3, -2, -1, 1, 2, 3, 4], noise: 200, seed: 1 };
  for (const confounding of [0, 0.5]) {
    const { estimates, count } = neuron({ ...scene, confounding }, 150_000);
    const compared = await ask(page, 'confounding', 'Is it the common source?');
    await expect(compared).toContainText(
      `With ${100 * confounding}% of the input shared, after ${count} windows`,
    );
    const drawn = ['observed', 'gradient', 'least-squares', 'innovation'].map((name) =>
      estimates.find(({ estimator }) => estimator === name),
    );
    for (const { error } of drawn) await expect(compared).toContainText(`${error.toFixed(1)}°`);
  }

  const found = await ask(page, 'layer', 'Which layer is found first?');
  for (const words of layers()) await expect(found).toContainText(words);
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#layer');

  // A term, for the keyboard and for a screen reader.
  const term = page.getByRole('button', { name: 'confounder' });
  const meaning = page.locator('#confounder-meaning');
  await expect(term).toHaveAccessibleDescription(/^A common cause of two things/);
  await expect(meaning).toBeHidden();
  await term.focus();
  await expect(meaning).toBeVisible();
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#confounding');
  await settled(page);
  await expect_accessible(page, '#top', '#problem', '#neuron', '#confounding', '#layer');
  await page.keyboard.press('Escape');
  await expect(meaning).toBeHidden();
});

test('in lecture mode a step fills the screen, in large type, and keys lead on; a handout has no controls', async ({
  page,
  browserName,
}) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto('./?dataset=garments&lecture=1#flow');
  const bar = page.getByRole('navigation', { name: 'Lecture' });
  await expect(bar.getByRole('status')).toHaveText('7 of 8');
  await expect(page.locator('.networks canvas').last()).toBeAttached();
  for (const key of ['ArrowLeft', 'PageUp', 'ArrowUp', 'ArrowLeft']) await page.keyboard.press(key);
  await expect(bar.getByRole('status')).toHaveText('3 of 8');
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#neuron');
  const step = page.locator('#neuron');
  await expect(step.getByRole('button', { name: 'Play', exact: true })).toBeInViewport({ ratio: 1 });
  const small = await page.evaluate(() => {
    const sized = [...document.querySelectorAll('.step *')].filter(
      (element) =>
        element.checkVisibility({ visibilityProperty: true }) &&
        [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()) &&
        !element.closest('.visually-hidden, svg, math, .points'),
    );
    return sized
      .filter((element) => parseFloat(getComputedStyle(element).fontSize) < 24)
      .map(({ outerHTML }) => outerHTML);
  });
  expect(small).toEqual([]);
  const heights = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.step')].map((one) => Math.round(one.getBoundingClientRect().height)),
    );
  for (const [width, height] of [
    [1024, 768],
    [1280, 720],
    [1366, 768],
    [1400, 1050],
    [1440, 900],
    [1680, 1050],
    [1920, 1080],
    [2560, 1440],
  ]) {
    await page.setViewportSize({ width, height });
    await expect.poll(heights).toEqual(Array(8).fill(height));
  }

  // A control that has the focus keeps its keys.
  const weight = step.getByRole('slider', { name: 'True weight' });
  await weight.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(weight).not.toHaveValue('4');
  await expect(bar.getByRole('status')).toHaveText('3 of 8');
  await weight.blur();
  const page_scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await page.keyboard.press('t');
  await expect.poll(page_scheme).toBe('dark');
  await settled(page);
  await expect_accessible(page);
  await bar.getByRole('button', { name: 'Next step' }).click();
  await expect(bar.getByRole('status')).toHaveText('4 of 8');
  await expect(bar.getByRole('link', { name: 'Leave' })).toHaveAttribute(
    'href',
    /\?dataset=garments#confounding$/,
  );

  if (browserName === 'firefox') return;
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('#window-meaning')).toBeVisible();
  await expect(bar).toBeHidden();
  for (const button of await step.getByRole('button').all()) await expect(button).toHaveClass('term');
});
