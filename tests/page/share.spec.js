// A link opens what was shown; the commands beside it compute the same.

import { built, dataset, enter, expect, finished, listen, records, scroll_to, test } from './fixtures.js';
import { in_shell, read_records } from './native.js';

const link = (page) => page.getByLabel('Link to these settings and choices');
const commands = (page) => page.getByLabel('The same on the command line');
const copy = (page, what) => page.getByRole('button', { name: `Copy ${what}` });

/** Opens the page, down to where its link is. */
async function open(page, search = '') {
  await page.goto(`./${search}`);
  await scroll_to(page, 'share');
  await expect(link(page)).not.toHaveValue('');
}

test('a link has what differs from the default, and nothing else', async ({ page, baseURL }) => {
  await open(page);
  const given = dataset === 'garments' ? '?dataset=garments' : '';
  await expect(link(page)).toHaveValue(`${baseURL}${given}`);
  await open(page, '?dataset=garments&seed=1&learning=accuracy&layer=1#share');
  await expect(link(page)).toHaveValue(`${baseURL}?dataset=garments`);
  await enter(page.getByLabel('Seed', { exact: true }), '3');
  await page.getByRole('checkbox', { name: 'Feedback alignment', exact: true }).uncheck();
  await expect(link(page)).toHaveValue(`${baseURL}?rule=bp,rdd&seed=3&dataset=garments`);
  await page.locator('#accuracy').getByRole('radio', { name: 'loss', exact: true }).check();
  await page.getByRole('radio', { name: 'a copy, made once' }).check();
  await expect(link(page)).toHaveValue(
    `${baseURL}?rule=bp,rdd&seed=3&dataset=garments&feedback=once&learning=loss`,
  );
  // A button that makes another choice.
  await page.locator('#problem-figure').getByRole('button', { name: 'Another draw' }).click();
  await expect(link(page)).toHaveValue(`${baseURL}?rule=bp,rdd&seed=3&dataset=garments&learning=loss`);
  // What cannot be used is not passed on.
  await enter(page.getByLabel('Seed', { exact: true }), '-3');
  await expect(link(page)).toHaveValue(/&?seed=3&/);
});

test('a link says which images were there instead of the default', async ({ page, baseURL }) => {
  await page.route('**/data/manifest.json', (route) => route.fulfill({ json: { 'fashion-mnist': false } }));
  await open(page);
  await expect(link(page)).toHaveValue(`${baseURL}?dataset=garments`);
});

test('every choice of the panels is part of a link, and of nothing else', async ({ page, baseURL }) => {
  await open(page, '?dataset=garments');
  const groups = await page.evaluate(() => {
    // The data set is a setting, and the layer of the stage is that of the scatter.
    const radios = [
      ...document.querySelectorAll('input[type="radio"]:not([name="data-set"], [name="stage_layer"])'),
    ];
    return Object.entries(Object.groupBy(radios, ({ name }) => name)).map(([name, group]) => [
      name,
      group.at(-1).value,
    ]);
  });
  expect(groups.length).toBeGreaterThan(4);
  const search = groups.map(([name, value]) => `${name}=${value}`).join('&');
  await open(page, `?dataset=garments&${search}`);
  await expect(page.locator('.notice:visible')).toHaveCount(0);
  for (const [name, value] of groups) {
    await expect(page.locator(`input[name="${name}"]:checked`), name).toHaveValue(value);
  }
  const address = new URL(await link(page).inputValue());
  expect([...address.searchParams].sort()).toEqual([['dataset', 'garments'], ...groups].sort());
  expect(address.href.startsWith(baseURL)).toBe(true);
});

test('what is set in the figures is part of a link', async ({ page, baseURL }) => {
  const set = {
    neuron_weight: '-2.5',
    neuron_noise: '120',
    neuron_estimator: 'means',
    neuron_draw: '3',
    confounding_shared: '0.8',
    confounding_draw: '2',
    layer_estimator: 'shrinkage',
    layer_draw: '4',
  };
  await open(page, '?dataset=garments');
  const [neuron, confounding, layer] = ['neuron', 'confounding', 'layer'].map((name) =>
    page.locator(`#${name}-figure`),
  );
  await neuron.getByLabel('True weight').fill(set.neuron_weight);
  await neuron.getByLabel('Noise from its neighbours').fill(set.neuron_noise);
  await neuron.getByLabel('Estimator').selectOption(set.neuron_estimator);
  await confounding.getByLabel('Input shared with exciting neighbours').fill(set.confounding_shared);
  await layer.getByLabel('Estimator').selectOption(set.layer_estimator);
  for (const [figure, times] of [
    [neuron, 2],
    [confounding, 1],
    [layer, 3],
  ]) {
    for (let time = 0; time < times; time++)
      await figure.getByRole('button', { name: 'Another draw' }).click();
  }
  const address = await link(page).inputValue();
  expect(Object.fromEntries(new URL(address).searchParams)).toEqual({ dataset: 'garments', ...set });

  await open(page, address.slice(baseURL.length));
  await expect(page.locator('.notice:visible')).toHaveCount(0);
  await expect(link(page)).toHaveValue(address);
  await expect(neuron.getByLabel('True weight')).toHaveValue(set.neuron_weight);
  // It computes when it is in view.
  await neuron.scrollIntoViewIfNeeded();
  await expect(neuron.locator('.weight dd')).toHaveText('−2.5');
  await expect(neuron).toHaveAttribute('data-seed', set.neuron_draw);
  await expect(confounding).toHaveAttribute('data-seed', set.confounding_draw);
  await expect(layer).toHaveAttribute('data-seed', set.layer_draw);
});

test('the copied link opens the same in a new profile, which gives the same records', async ({
  page,
  browser,
}) => {
  const small = 'examples=640&test_examples=200&record_every=320&epochs=2&rdd_seconds=3&net=4,8,32,16';
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, `?${small}&dataset=${dataset}&rule=bp,rdd&seed=4&learning_rate=0.02&autostart=1`);
  await page.locator('#alignment').getByRole('radio', { name: 'angle' }).check();
  await finished(page);
  // The link is that of the run that is shown, whatever the controls say by now.
  await enter(page.getByLabel('Seed', { exact: true }), '99');
  await copy(page, 'Link to these settings and choices').click();
  await expect(page.locator('#take').getByText('Copied', { exact: true })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('seed=4&');

  const profile = await browser.newContext();
  const other = await profile.newPage();
  await listen(other);
  await other.goto(copied);
  await built(other);
  await expect(other.locator('#setting-net')).toHaveValue('4,8,32,16');
  await expect(other.locator('#setting-learning_rate')).toHaveValue('0.02');
  await expect(other.getByRole('checkbox', { name: 'Feedback alignment', exact: true })).not.toBeChecked();
  await expect(other.locator('#alignment').getByRole('radio', { name: 'angle' })).toBeChecked();
  await expect(other.locator('.notice:visible')).toHaveCount(0);
  await other.getByRole('button', { name: 'Start training' }).click();
  await finished(other);
  const of_rule = (all, rule) => all.filter((record) => record.rule === rule);
  const [here, there] = [await records(page), await records(other)];
  for (const rule of ['bp', 'rdd']) {
    expect(of_rule(here, rule).length, rule).toBe(4);
    expect(of_rule(there, rule), rule).toEqual(of_rule(here, rule));
  }
  await profile.close();
});

test('the commands that are shown give the records of the page, digit for digit', async ({ page }) => {
  const small = 'examples=640&test_examples=200&record_every=0&epochs=2&rdd_seconds=2.5&net=4,8,32,16';
  const others = 'estimator=least-squares&learning_rate=0.02&momentum=0.8&batch_size=16&seed=7';
  await open(page, `?${small}&${others}&dataset=${dataset}&autostart=1`);
  await finished(page);
  const all = await records(page);
  const lines = (await commands(page).inputValue()).split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(line).toMatch(/^spikealign train --rule (bp|fa|rdd) /);
    // What is the native program's default, too, is not said.
    expect(line).not.toMatch(/--record-every/);
    const native = read_records(in_shell(line));
    expect(native).toHaveLength(2);
    expect(all.filter(({ rule }) => rule === native[0].rule)).toEqual(native);
  }
});

test('the defaults of the page are said where the native program has others', async ({ page }) => {
  await open(page, '?dataset=garments&rule=rdd');
  await expect(commands(page)).toHaveValue(
    'spikealign train --rule rdd --examples 10000 --rdd-seconds 60 --epochs 8 --test-examples 2000 --record-every 2500',
  );
});

test('without a clipboard the text is selected instead', async ({ page }) => {
  await page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'clipboard', {
      get: () => ({ writeText: () => Promise.reject(new DOMException('denied', 'NotAllowedError')) }),
    }),
  );
  await open(page, '?dataset=garments');
  await copy(page, 'The same on the command line').click();
  await expect(page.getByRole('status').getByText(/^Selected: copy it/)).toBeVisible();
  await expect(commands(page)).toBeFocused();
  const selected = await commands(page).evaluate((field) =>
    field.value.slice(field.selectionStart, field.selectionEnd),
  );
  expect(selected).toBe(await commands(page).inputValue());
});
