// The panels of the race show the numbers of the records that the page announces.

import { description } from '../../pkg/description.js';
import { expect_accessible, settled } from './axe.js';
import { run } from './core.js';
import { test as alone, finished, records, scroll_to } from './fixtures.js';
import { SMALL, expect, test } from './trained.js';

const NAMES = {
  bp: 'Backpropagation',
  fa: 'Feedback alignment',
  rdd: 'Spiking discontinuity',
};

/** Numbers as the page writes them: the same here, so that a slip of the page is seen. */
const percent = (share) => `${(100 * share).toFixed(1)}%`;
const degrees = (angle) => `${angle.toFixed(1)}°`;
const decimal = (number) => number.toFixed(2).replace('-0.00', '0.00').replace('-', '−');
const significant = (number) =>
  Math.abs(number) < 1e-6
    ? '0'
    : new Intl.NumberFormat('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 })
        .format(number)
        .replace('-', '−');

/** The last record of each rule. */
async function last_records(page) {
  const all = await records(page);
  return Object.keys(NAMES).map((rule) => all.findLast((record) => record.rule === rule));
}

/** What the label of a chart must say of the last records. */
const now = (last, read) =>
  `Now: ${last.map((record) => `${NAMES[record.rule]} ${read(record)}`).join(', ')}.`;

/** Holds what a chart says against the records. */
async function expect_now(chart, last, read) {
  await expect(chart).toHaveAttribute('aria-label', new RegExp(escape(now(last, read))));
}

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Chooses among radio buttons. */
const choose = (page, section, name) =>
  page.locator(section).getByRole('radio', { name, exact: true }).check();

test('the learning curves show accuracy, error and loss of test and training', async ({ page }) => {
  const last = await last_records(page);
  const chart = page.locator('#accuracy .chart');
  await expect_now(chart, last, ({ test_accuracy }) => percent(test_accuracy));
  await choose(page, '#accuracy', 'error');
  await expect_now(chart, last, ({ test_accuracy }) => percent(1 - test_accuracy));
  await choose(page, '#accuracy', 'training');
  await expect_now(chart, last, ({ train_accuracy }) => percent(1 - train_accuracy));
  await choose(page, '#accuracy', 'loss');
  await expect_now(chart, last, ({ train_loss }) => decimal(train_loss));
  await expect(page.locator('#accuracy .y-title')).toHaveText('Training loss (cross-entropy, nats)');
  await choose(page, '#accuracy', 'test');
  await expect_now(chart, last, ({ test_loss }) => decimal(test_loss));
});

test('the alignment is shown by every measure, of every layer', async ({ page }) => {
  const last = await last_records(page);
  const formats = { share: percent, degrees, decimal, significant };
  const charts = page.locator('#alignment .chart');
  await expect(charts).toHaveCount(description.layers.length);
  for (const { name, label, format } of description.measures) {
    await choose(page, '#alignment', label);
    for (const layer of description.layers.keys()) {
      await expect_now(charts.nth(layer), last, ({ layers }) => formats[format](layers[layer][name]));
    }
  }
  await choose(page, '#alignment', 'symmetric');
  await expect(page.locator('#alignment math')).toHaveText(/‖W−BT‖2/);
  await expect(page.locator('#alignment .y-title')).toHaveText('Alignment function “symmetric”');
  // One canvas a chart, however often the measure has changed.
  await expect(page.locator('#alignment canvas')).toHaveCount(description.layers.length);
});

test('the angles of the updates are those of the records', async ({ page }) => {
  const last = await last_records(page);
  const charts = page.locator('#gradients .chart');
  await expect(charts).toHaveCount(3);
  for (const layer of [0, 1, 2]) {
    await expect_now(charts.nth(layer), last, ({ gradient_angles }) => degrees(gradient_angles[layer]));
  }
  const [backpropagation] = last;
  expect(backpropagation.gradient_angles).toEqual([0, 0, 0, 0]);
});

test('the stage shows the networks as the core has them, at every record', async ({ page }) => {
  const stage = await scroll_to(page, 'stage');
  const slider = stage.getByRole('slider', { name: 'Moment' });
  await expect(slider).toHaveAttribute('max', '4');
  for (const rule of ['fa', 'rdd']) {
    const { configuration } = (await records(page)).findLast((record) => record.rule === rule);
    const canvas = stage.locator('.networks > div', { hasText: NAMES[rule] }).locator('canvas');
    for (const [moment, { record, view }] of run(configuration).entries()) {
      await slider.fill(String(moment));
      const told = view.layers.map(({ forward, feedback }, layer) => {
        const right = feedback.filter((weight, index) => weight * forward[index] > 0).length;
        const signs = `${right} of ${feedback.length} connections drawn have the right sign`;
        const angle = degrees(record.gradient_angles[layer]);
        return `${description.layers[layer]}: ${signs}; update ${angle} from backpropagation’s`;
      });
      await expect(canvas).toHaveAttribute('aria-label', `${NAMES[rule]}. ${told.join('. ')}.`);
    }
  }
  await slider.fill('4');
  await expect(stage.locator('output')).toHaveText('now');
  await choose(page, '#stage', '128 → 64');
  await expect(page.locator('#scatter input[name="layer"]:checked')).toHaveValue('2');
  await expect(page.locator('#gradients .layer.chosen h3')).toContainText('Layer 2');
  await choose(page, '#stage', '512 → 128');
});

test('the confusion has the accuracy of the record, and the shares of its rows', async ({ page }) => {
  const last = await last_records(page);
  const tables = page.locator('#confusion table');
  for (const [index, { rule, test_accuracy }] of last.entries()) {
    const start = `${NAMES[rule]}: ${percent(test_accuracy)} correct. Most often, “`;
    await expect(tables.nth(index)).toHaveAttribute('aria-label', new RegExp(escape(start)));
    const rows = tables.nth(index).getByRole('row');
    await expect(rows).toHaveCount(11);
    for (const row of (await rows.all()).slice(1)) {
      const shares = (await row.getByRole('cell').allTextContents()).map((text) => Number(text) || 0);
      expect(shares).toHaveLength(10);
      const sum = shares.reduce((sum, share) => sum + share);
      expect(Math.abs(sum - 100), `rounded shares of a row add up to ${sum}`).toBeLessThanOrEqual(5);
    }
  }
  await expect(tables.first().getByRole('rowheader').last()).toHaveText('Ankle boot');
});

test('every network answers the same eight images, with probabilities that add up', async ({ page }) => {
  const cards = page.locator('#answers .card');
  await expect(cards).toHaveCount(8);
  const bars = cards.getByRole('img');
  await expect(bars).toHaveCount(24);
  for (const [index, one] of (await bars.all()).entries()) {
    await expect(one).toHaveAttribute('aria-label', /, (right|wrong): /);
    // Read together: the last answers may be drawn only now.
    const [label, mark] = await one.evaluate((bars) => [
      bars.getAttribute('aria-label') ?? '',
      bars.closest('li')?.querySelector('.mark')?.textContent,
    ]);
    expect(label).toContain(Object.values(NAMES)[index % 3]);
    const shares = [...label.matchAll(/(\d+\.\d)%/g)].map(([, share]) => Number(share));
    const sum = shares.reduce((sum, share) => sum + share);
    // Classes below half a percent are left out.
    expect(sum).toBeGreaterThan(95);
    expect(sum).toBeLessThan(100.6);
    expect(shares).toEqual([...shares].sort((one, other) => other - one));
    const card = cards.nth(Math.floor(index / 3));
    const truth = await card.locator('.truth').textContent();
    const answer = /: (.+?) \d/.exec(label)?.[1];
    expect(/, right:/.test(label)).toBe(answer === truth);
    expect(mark).toBe(answer === truth ? '✓' : '✗');
  }
  const inked = await cards.locator('.picture').evaluateAll((canvases) =>
    canvases.map((canvas) =>
      canvas
        .getContext('2d')
        .getImageData(0, 0, 28, 28)
        .data.some((level) => level > 0),
    ),
  );
  expect(inked).toEqual(Array(8).fill(true));
});

test('every network answers a picture that is drawn, or dropped', async ({ page }) => {
  const panel = await scroll_to(page, 'answers');
  await panel.getByText('Draw a picture').click();
  const canvas = panel.locator('.drawing-board canvas');
  const said = panel.locator('.drawing-board li');
  const names = Object.values(NAMES);
  await canvas.click();
  await expect(said).toHaveText(names.map((name) => new RegExp(`^${name}: .+, [\\d.]+%$`)));
  // It is announced because it was asked for: the list, which follows every record, is not.
  const announced = panel.locator('.drawing-board').getByRole('status');
  await expect(announced).toHaveText((await said.allTextContents()).join('; '));
  await expect(panel.locator('.drawing-board ul[aria-live]')).toHaveCount(0);
  const ink = await canvas.evaluate((canvas) => [
    ...canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data,
  ]);
  expect(ink, 'a dot is a drawing').toEqual([255, 255, 255, 255]);
  await panel.getByRole('button', { name: 'Clear' }).click();
  await expect(said).toHaveCount(0);

  // It is not one of the images to learn from.
  const red = await page.evaluateHandle(async () => {
    const canvas = new OffscreenCanvas(40, 40);
    const context = canvas.getContext('2d');
    context.fillStyle = '#ff0000';
    context.fillRect(0, 0, 40, 40);
    const transfer = new DataTransfer();
    transfer.items.add(new File([await canvas.convertToBlob()], 'red.png', { type: 'image/png' }));
    return transfer;
  });
  for (const type of ['dragover', 'drop']) await canvas.dispatchEvent(type, { dataTransfer: red });
  // The luma of red.
  const image = new Uint8Array(28 * 28).fill(76);
  const answers = (await last_records(page)).map(({ rule, configuration }) => {
    const { answer } = run(configuration, image).at(-1);
    const most = answer.indexOf(Math.max(...answer));
    const { classes } = description.datasets.find(({ name }) => name === 'garments');
    return `${NAMES[rule]}: ${classes[most]}, ${percent(answer[most])}`;
  });
  await expect(said).toHaveText(answers);
  await expect(page.locator('.drop-zone')).toHaveClass('drop-zone');
  await expect(page.locator('.own-images')).toBeEmpty();
  await panel.locator('#drawn-picture').setInputFiles({
    name: 'cat.png',
    mimeType: 'image/png',
    buffer: Buffer.from('a cat'),
  });
  await expect(panel.locator('.drawing-board ul')).toHaveText(
    '“cat.png” is not a picture that this browser can show.',
  );
  await expect(announced).toContainText('“cat.png”');
});

alone('a race runs with another seed, and a rule that does not run is not shown', async ({ page }) => {
  await page.goto(`./?${SMALL}&rule=bp,rdd&autostart=1`);
  await finished(page);
  const [{ configuration: first }] = await records(page);
  const seeds = await scroll_to(page, 'seeds');
  await seeds.getByRole('button', { name: 'Add a seed' }).click();
  await expect(seeds.locator('.reading')).toContainText('2 seeds done.');
  const differences = [first.seed, first.seed + 1].map((seed) => {
    const end = (rule) => run({ ...first, rule, seed, epochs: 2 }).at(-1).record.test_accuracy;
    return 100 * (end('rdd') - end('bp'));
  });
  const mean = (differences[0] + differences[1]) / 2;
  const [low, high] = differences.toSorted((one, other) => one - other).map((points) => points.toFixed(1));
  await expect(seeds.getByRole('listitem')).toHaveText(
    `After 2 seeds, ${NAMES.rdd} ends ${Math.abs(mean).toFixed(1)} points ${mean < 0 ? 'below' : 'above'} ` +
      `${NAMES.bp} on average (seeds: ${low} to ${high}): too few seeds to tell.`.replaceAll('-', '−'),
  );
  const each = differences.map((points) => points.toFixed(1)).join(', ');
  await expect(seeds.getByRole('img')).toHaveAttribute(
    'aria-label',
    new RegExp(
      `points\\. ${NAMES.rdd} − ${NAMES.bp}: ${each}; mean ${mean.toFixed(1)}\\.$`.replaceAll('-', '−'),
    ),
  );
  await expect(page.locator('#confusion table:visible')).toHaveCount(2);
  await expect(page.locator('#answers canvas[role="img"]:visible')).toHaveCount(16);
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(page.locator('#confusion .reading:visible')).toHaveText(Array(2).fill('Not tested yet.'));
});

test('beside what the study says stands what this run says', async ({ page }) => {
  await scroll_to(page, 'limits');
  const all = await records(page);
  const [fa, rdd] = ['fa', 'rdd'].map((name) => all.findLast(({ rule }) => rule === name).test_accuracy);
  const points = 100 * (rdd - fa);
  await expect(page.locator('#own-run')).toHaveText(
    ` (in your run: ${Math.abs(points).toFixed(1)} points ${points < 0 ? 'less' : 'more'})`,
  );
});

test('a dot of the scatter is chosen with the pointer and with the keyboard', async ({ page }) => {
  await page.evaluate(() => {
    Object.assign(window, { pairs: [] });
    document.addEventListener('spikealign:pair', ({ detail }) => window.pairs.push(detail));
  });
  const plots = page.locator('.plot');
  const about = page.locator('#scatter .about-chosen');
  await expect(about).toHaveText('Click a dot to inspect its connection.');
  await expect(plots.first().locator('canvas')).toHaveAttribute('aria-label', /correlation 1\.00/);
  // Backpropagation's weights lie on the diagonal, densest in the middle.
  await plots.first().locator('canvas').click();
  await expect(about).toContainText(/^Backpropagation, a connection of layer 1: forward weight/);
  // In which no sign differs.
  await expect(page.getByRole('button', { name: 'Strongest disagreement, Backpropagation' })).toBeDisabled();
  await page.locator('#scatter').getByRole('radio', { name: '64 → 10' }).check();
  // One layer, by one name, in every panel.
  await expect(page.locator('#stage').getByRole('radio', { name: '64 → 10' })).toBeChecked();
  await expect(about).toContainText('Click a dot');
  const button = page.getByRole('button', { name: 'Strongest disagreement, Feedback alignment' });
  await expect(button).toBeEnabled();
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(about).toContainText('the signs differ');

  const [clicked, keyed] = await page.evaluate(() => window.pairs);
  expect(clicked).toMatchObject({ rule: 'bp', layer: 1 });
  expect(clicked.feedback).toBe(clicked.forward);
  expect(Math.abs(clicked.forward)).toBeLessThan(clicked.spread);
  expect(keyed).toMatchObject({ rule: 'fa', layer: 3 });
  expect(keyed.forward * keyed.feedback).toBeLessThan(0);
  expect(keyed.spread).toBeGreaterThan(0);
  // Nothing has moved. To the neuron and back, with the focus.
  await expect(button).toBeFocused();
  const visit = page.getByRole('button', { name: 'See what a neuron with this weight sees' });
  await visit.press('Enter');
  const note = page.locator('#pair-note');
  await expect(note).toBeFocused();
  await expect(note).toBeInViewport();
  await note.getByRole('button', { name: 'Back to the dot' }).press('Enter');
  await expect(visit).toBeFocused();
  await expect(visit).toBeInViewport();
  await expect(about).toContainText(`forward weight ${significant(keyed.forward)}`);
  await expect(about).toContainText(`feedback weight ${significant(keyed.feedback)}`);
});

test('axe finds nothing in the panels once they are filled, and in what can be opened, light and dark', async ({
  page,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'axe judges the same document and styles; once is enough');
  const in_both_schemes = async () => {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await test.step(colorScheme, async () => {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        await expect_accessible(page);
      });
    }
  };
  await choose(page, '#alignment', 'symmetric');
  await page.getByRole('button', { name: 'Strongest disagreement, Spiking discontinuity' }).click();
  await expect(page.locator('#scatter .about-chosen')).toContainText('Spiking discontinuity');
  for (const table of await page.locator('#confusion table').all()) {
    await expect(table).toHaveAttribute('aria-label', / correct\. /);
  }
  await expect(page.locator('#answers .cards canvas[role="img"]').last()).toHaveAttribute(
    'aria-label',
    /\d%/,
  );
  await in_both_schemes();
  // What the study found comes after the reader's own prediction.
  for (const summary of await page.locator('summary:visible').all()) await summary.click();
  await in_both_schemes();
});
