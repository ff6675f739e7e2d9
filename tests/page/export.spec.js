// What is taken out of the page, read by programs that are not ours: numpy, pandas, an XML parser, and
// the browser's decoder of pictures. And read back by the native program.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect_accessible, settled } from './axe.js';
import { built, download, expect, finished, go_to, prefer, records, scroll_to, test } from './fixtures.js';
import { in_shell, spikealign } from './native.js';
import { in_python } from './python.js';
import { test as look } from './trained.js';

const root = `${import.meta.dirname}/../..`;
const SMALL =
  'dataset=garments&examples=640&test_examples=200&record_every=320&epochs=2&rdd_seconds=3&seed=2&net=4,8,32,16';
const RULES = { bp: 'Backpropagation', fa: 'Feedback alignment', rdd: 'Spiking discontinuity' };
const version = /^version = "(.+)"$/m.exec(readFileSync(`${root}/Cargo.toml`, 'utf8'))?.[1];

/** Every figure: where it is, what its files are called, and words that its picture must hold. */
const FIGURES = [
  {
    id: 'guess-figure',
    name: 'spikealign-guess-seed10',
    words: ['Membrane potential (threshold 1)', 'ms after the largest drive'],
  },
  {
    id: 'problem-figure',
    name: 'spikealign-weight-transport-random-and-fixed',
    words: ['outputs', 'negative weight'],
  },
  {
    id: 'neuron-figure',
    name: 'spikealign-neuron-seed1',
    words: ['Membrane potential (threshold 1)', 'time (s)', 'jump'],
  },
  {
    id: 'confounding-figure',
    name: 'spikealign-confounding-seed1',
    words: ['true weight', 'windows', 'Plain correlation'],
  },
  {
    id: 'layer-figure',
    name: 'spikealign-layer-seed1',
    words: ['forward weight', 'Weights whose sign agrees', '512 → 128'],
  },
  {
    id: 'accuracy',
    name: 'spikealign-garments-seed2-learning-accuracy-test',
    words: ['Test accuracy', 'training images seen', 'Backpropagation', '80%'],
  },
  { id: 'answers', name: 'spikealign-garments-seed2-answers', words: ['Spiking discontinuity', '✓'] },
  { id: 'confusion', name: 'spikealign-garments-seed2-confusion', words: ['Ankle boot', 'answer →'] },
  {
    id: 'alignment',
    name: 'spikealign-garments-seed2-alignment-signs',
    words: ['Weights whose sign agrees', 'Layer 3: 16 → 10', 'chance'],
  },
  {
    id: 'gradients',
    name: 'spikealign-garments-seed2-updates',
    words: ['Second convolution', 'chance', '100°'],
  },
  {
    id: 'scatter',
    name: 'spikealign-garments-seed2-weights-128-32-side-by-side',
    words: ['forward weight →', '↑ feedback weight'],
  },
];

look.use({ search: SMALL });

/** Goes down to what can be taken along, once that has the records of so many rules. */
async function go_down(page, rules = 3) {
  await scroll_to(page, 'share');
  await expect(page.getByText(`${4 * rules} records so far.`)).toBeVisible();
}

/** Trains, and goes there. */
async function train(page, rules = Object.keys(RULES)) {
  await page.goto(`./?${SMALL}&rule=${rules}&autostart=1`);
  await finished(page);
  await go_down(page, rules.length);
}

/** Opens the menu below a figure. */
async function menu(page, id) {
  const found = page.locator(`#${id}.savable, .savable:has(#${id})`);
  await found.evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
  await found.locator('.save > summary').click();
  await expect(found.getByRole('button', { name: 'PNG' })).toBeVisible();
  return found;
}

test.describe('records', () => {
  test('JSON lines are those of the native program, to the letter, and CSV has the same numbers', async ({
    page,
  }) => {
    await train(page);
    const lines = await download(page, page.getByRole('button', { name: 'Save as JSON lines' }));
    expect(lines.name).toBe('spikealign-garments-seed2-records.jsonl');
    const commands = await page.getByLabel('The same on the command line').inputValue();
    const native = commands.split('\n').map(in_shell);
    expect(readFileSync(lines.path, 'utf8')).toBe(native.join(''));

    const table = await download(page, page.getByRole('button', { name: 'Save as CSV' }));
    expect(table.name).toBe('spikealign-garments-seed2-records.csv');
    const all = await records(page);
    const read = in_python(
      `
import json, sys, pandas
table = pandas.read_csv(sys.argv[1], float_precision="round_trip")
assert table["epoch"].dtype == "int64" and table["test_loss"].dtype == "float64"
lines = pandas.read_json(sys.argv[2], lines=True)
assert len(lines) == len(table) and list(lines["rule"]) == list(table["rule"])
print(json.dumps({"columns": list(table.columns), "rows": json.loads(table.to_json(orient="records", double_precision=15))}))`,
      table.path,
      lines.path,
    );
    expect(read.rows).toHaveLength(all.length);
    expect(read.columns).toEqual([...new Set(read.columns)]);
    for (const record of all) {
      const row = read.rows.find(
        ({ rule, examples }) => rule === record.rule && examples === record.examples,
      );
      const is = (column, value) => expect(row[column], column).toBeCloseTo(value, 12);
      for (const name of ['seed', 'epoch', 'train_loss', 'test_accuracy', 'simulated_seconds']) {
        is(name, record[name]);
      }
      is('sign_agreement_32-16', record.layers[2].sign_agreement);
      is('angle_16-10', record.layers[3].angle);
      is('self_128-32', record.layers[1].self);
      is('gradient_angle_100-8', record.gradient_angles[0]);
      is('gradient_angle_16-10', 0);
      const measured = record.layers_after_spiking[1]?.correlation;
      if (measured === undefined) expect(row['after_spiking_correlation_128-32']).toBe(null);
      else is('after_spiking_correlation_128-32', measured);
    }

    // And back again.
    const summary = spikealign('summary', lines.path);
    expect(summary).toBe(spikealign('summary', table.path));
    const rows = summary.trim().split('\n');
    expect(rows).toHaveLength(1 + 3 * 2);
    const last = all.findLast(({ rule }) => rule === 'rdd');
    expect(rows.at(-1)).toMatch(/^rdd +1 +2 +1280 /);
    const told = Array.from(rows.at(-1).matchAll(/([\d.]+)%/g), ([, percent]) => Number(percent));
    const shares = [
      last.test_accuracy,
      last.test_balanced_accuracy,
      ...last.layers.map((layer) => layer.sign_agreement),
    ];
    expect(told).toHaveLength(shares.length);
    // To the digit that is shown: a number in the middle between two is rounded either way.
    for (const [at, share] of shares.entries()) {
      expect(Math.abs(told[at] - 100 * share)).toBeLessThanOrEqual(0.05 + 1e-9);
    }
  });

  test('the native program refuses what is no record, and says where it stands', () => {
    expect(() => spikealign('summary', `${root}/README.md`)).toThrow(/README\.md cannot be read: .*line: 2/);
    expect(() => spikealign('summary', 'nowhere.jsonl')).toThrow(/reading nowhere\.jsonl/);
  });
});

// A page for each: after ten downloads Chromium asks its reader before the next.
for (const [rule, name] of Object.entries(RULES)) {
  test(`the weights of every layer are read by numpy, ${name}`, async ({ page }) => {
    await train(page, [rule]);
    const last = (await records(page)).at(-1);
    const sizes = [
      [32, 128],
      [16, 32],
      [10, 16],
    ];
    for (const [layer, [n_out, n_in]] of sizes.entries()) {
      await page.getByRole('combobox', { name: 'Rule' }).selectOption({ label: name });
      await page.getByRole('combobox', { name: 'Layer' }).selectOption({ index: layer + 1 });
      const forward = await download(page, page.getByRole('button', { name: 'Save forward' }));
      const feedback = await download(page, page.getByRole('button', { name: 'Save feedback' }));
      const start = `spikealign-garments-seed2-${rule}-layer${layer + 1}-${n_in}-${n_out}`;
      expect([forward.name, feedback.name]).toEqual([`${start}-forward.npy`, `${start}-feedback.npy`]);
      const read = in_python(
        `
import json, sys, numpy
W, B = (numpy.load(file, allow_pickle=False) for file in sys.argv[1:])
assert W.dtype == B.dtype == numpy.float32 and W.flags.c_contiguous and B.flags.c_contiguous
signs = numpy.sign(W) == numpy.sign(B.T)
print(json.dumps({"W": W.shape, "B": B.shape, "same": bool((W == B.T).all()), "signs": float(signs[B.T != 0].mean())}))`,
        forward.path,
        feedback.path,
      );
      expect(read).toMatchObject({ W: [n_out, n_in], B: [n_in, n_out], same: rule === 'bp' });
      expect(read.signs).toBeCloseTo(last.layers[layer + 1].sign_agreement, 12);
    }
  });
}

for (const [colorScheme, paper] of /** @type {const} */ ([
  ['light', [253, 253, 251]],
  ['dark', [20, 23, 26]],
])) {
  // Four a page, for the same reason; the first four are above the race, and need none.
  for (const from of [0, 4, 8]) {
    test(`figures from number ${from + 1} are saved as pictures and as drawings, ${colorScheme}`, async ({
      page,
    }) => {
      await prefer(page, colorScheme);
      if (from === 0) await page.goto(`./?${SMALL}`);
      else await train(page);
      for (const { id, name, words } of FIGURES.slice(from, from + 4)) {
        const figure = await menu(page, id);
        // What runs on says more and more, and might need another line by its second picture.
        if ((await figure.locator('.playback').count()) > 0) await go_to(figure, 30);
        const title = await page.locator('section', { has: figure }).locator('h2').last().textContent();
        // The figures above the race draw themselves when they come into view.
        for (const canvas of await figure.locator('canvas[role="img"]:visible').all()) {
          await expect(canvas).not.toHaveAttribute('aria-label', /nothing yet/);
        }
        const svg = await download(page, figure.getByRole('button', { name: 'SVG' }));
        expect(svg.name).toBe(`${name}.svg`);
        const drawn = in_python(
          `
import json, sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
name = "{http://www.w3.org/2000/svg}"
assert root.tag == name + "svg"
for bad in ("NaN", "undefined", "Infinity", "var(", "light-dark"):
    assert all(bad not in value for one in root.iter() for value in one.attrib.values()), bad
print(json.dumps({
    "width": float(root.get("width")), "height": float(root.get("height")),
    "title": root.findtext(name + "title"), "about": root.findtext(name + "desc"),
    "texts": [one.text for one in root.iter(name + "text")],
    "shapes": sum(1 for one in root.iter() if one.tag in (name + "path", name + "rect", name + "line")),
}))`,
          svg.path,
        );
        expect(drawn.title).toBe(title);
        expect(drawn.about).toContain(`Spikealign ${version}, http`);
        for (const word of [title, ...words]) {
          expect(drawn.texts.join(' ').replaceAll('\u00a0', ' '), `${id}: ${word}`).toContain(word);
        }
        expect(drawn.shapes, id).toBeGreaterThan(10);

        const png = await download(page, figure.getByRole('button', { name: 'PNG' }));
        expect(png.name).toBe(`${name}.png`);
        const bytes = readFileSync(png.path).toString('base64');
        const { width, height, corner, inked } = await page.evaluate(async (bytes) => {
          // The page's policy lets nothing be fetched from a `data:` address.
          const decoded = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
          const image = await createImageBitmap(new Blob([decoded], { type: 'image/png' }));
          const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
          context?.drawImage(image, 0, 0);
          const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
          const corner = [...pixels.slice(0, 4)];
          let inked = 0;
          for (let index = 0; index < pixels.length; index += 4) inked += Number(pixels[index] !== corner[0]);
          return { width: image.width, height: image.height, corner, inked: inked / (pixels.length / 4) };
        }, bytes);
        expect([width, height], id).toEqual([2 * drawn.width, 2 * drawn.height]);
        expect(corner).toEqual([...paper, 255]);
        expect(inked, id).toBeGreaterThan(0.01);
        await page.keyboard.press('Escape');
      }
    });
  }
}

look('a chart has its lines and its axes, and holds what is chosen', async ({ page }) => {
  await page.locator('#accuracy').getByRole('radio', { name: 'loss', exact: true }).check();
  const figure = await menu(page, 'accuracy');
  const svg = await download(page, figure.getByRole('button', { name: 'SVG' }));
  expect(svg.name).toBe('spikealign-garments-seed2-learning-loss-test.svg');
  const lines = in_python(
    `
import json, re, sys, xml.etree.ElementTree as tree
name = "{http://www.w3.org/2000/svg}"
groups = [one for one in tree.parse(sys.argv[1]).getroot().iter(name + "g") if one.get("stroke")]
paths = {g.get("stroke"): p.get("d") for g in groups for p in g.iter(name + "path")}
print(json.dumps({stroke: len(re.findall("[ML]", d)) for stroke, d in paths.items()}))`,
    svg.path,
  );
  // Four records, four points, in the colour of each rule.
  expect(lines).toMatchObject({ '#0068a5': 4, '#b84c00': 4, '#007a5a': 4 });
});

// A page of its own: Firefox grants nothing to one that is there.
test('a caption says what is chosen, the settings, the seed and the version', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await train(page);
  const figure = await menu(page, 'alignment');
  const caption = figure.getByLabel('Caption', { exact: true });
  const text = await caption.inputValue();
  for (const part of [
    'How well feedback matches the forward weights. Measure: signs. After 1,280 training images.',
    'seed: 2;',
    'images: generated garments;',
    `Spikealign ${version}, http://`,
    'net=4,8,32,16',
  ]) {
    expect(text).toContain(part);
  }
  await figure.getByRole('button', { name: 'Copy Caption' }).click();
  await expect(figure.getByText('Copied', { exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  const file = await download(page, figure.getByRole('button', { name: 'Caption', exact: true }));
  expect(file.name).toBe('spikealign-garments-seed2-alignment-signs.txt');
  expect(readFileSync(file.path, 'utf8')).toBe(`${text}\n`);
});

test('until there is a race, what is saved is of the stored run that is shown', async ({ page }) => {
  await page.goto(`./?${SMALL}#race`);
  await built(page);
  await expect(page.locator('#accuracy .y-title')).toHaveText(
    'Test accuracy: a stored run on generated garments, yours will replace this',
  );
  const caption = (await menu(page, 'accuracy')).getByLabel('Caption', { exact: true });
  await expect(caption).toHaveValue(/After 20,000 training images\. Settings: .*seed: 1;/);
  // A panel that does not show it is of what comes.
  const other = (await menu(page, 'confusion')).getByLabel('Caption', { exact: true });
  await expect(other).toHaveValue(/Settings: .*seed: 2;/);
});

test.describe('kept by the service worker', () => {
  test.use({ serviceWorkers: 'allow', expected: /Failed to load resource: net::ERR_/ });

  test('all of it works with the network gone', async ({ page }) => {
    await train(page);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await page.context().setOffline(true);
    for (const button of ['Save as CSV', 'Save as JSON lines', 'Save forward', 'Save feedback']) {
      await download(page, page.getByRole('button', { name: button }));
    }
    const figure = await menu(page, 'gradients');
    for (const button of ['PNG', 'SVG', 'Caption']) {
      await download(page, figure.getByRole('button', { name: button, exact: true }));
    }
  });
});

test('what cannot be saved yet is not offered', async ({ page }) => {
  await page.goto('./?dataset=garments');
  await scroll_to(page, 'share');
  await expect(page.getByText('No records yet.')).toBeVisible();
  for (const button of ['Save as CSV', 'Save as JSON lines', 'Save forward', 'Save feedback']) {
    await expect(page.getByRole('button', { name: button })).toBeDisabled();
  }
});

test('a menu is used with the keyboard, closes again, and moves nothing', async ({ page }) => {
  await page.goto('./?dataset=garments');
  await built(page);
  const summary = page.locator('#accuracy .save > summary');
  await expect(summary).toHaveText('Save “How much each network has learned”');
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#accuracy').getByRole('button', { name: 'PNG' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.locator('#accuracy').getByRole('button', { name: 'PNG' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(summary).toBeFocused();
  await expect(page.locator('#accuracy .save[open]')).toHaveCount(0);
  // A click elsewhere closes it, too.
  await summary.click();
  await expect(page.locator('#accuracy .save[open]')).toHaveCount(1);
  await page.locator('#accuracy-title').click();
  await expect(page.locator('#accuracy .save[open]')).toHaveCount(0);
  // In one go: the page may still be getting ready, and what comes moves what is below. Last: opened anew, a menu
  // makes its buttons anew, and a focus would be lost.
  const [open, closed] = await page.locator('#accuracy .save').evaluate((menu) => {
    const top = () => document.querySelector('#answers-title').getBoundingClientRect().top;
    menu.open = true;
    const open = top();
    menu.open = false;
    return [open, top()];
  });
  expect(open).toBe(closed);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  look(`axe finds nothing in what can be taken along, ${colorScheme}`, async ({ page }) => {
    await prefer(page, colorScheme);
    await go_down(page);
    await menu(page, 'scatter');
    await settled(page);
    await expect_accessible(page, '#share', '#scatter');
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      // Charts have their new size a frame later.
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await expect.poll(overflow, 'nothing scrolls sideways').toBeLessThanOrEqual(0);
      await scroll_to(page, 'share');
      await page.screenshot({ path: `${import.meta.dirname}/screenshots/take-${colorScheme}-${width}.png` });
    }
    await page.keyboard.press('Escape');
  });
}
