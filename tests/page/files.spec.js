// The reader's own files: every kind of good ones gives the records of the native program, and bad ones are told in a
// sentence.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { built, enter, expect, finished, records, scroll_to, test } from './fixtures.js';
import { read_records, spikealign } from './native.js';
import {
  png,
  png_head,
  tar_of_empty,
  write_cifar,
  write_pictures,
  write_svhn,
  write_voc,
  zip,
} from './own-files.js';

const SETTINGS = { examples: 96, test_examples: 40, epochs: 1, record_every: 0, rdd_seconds: 3, seed: 3 };
const RULES = ['bp', 'fa'];
const ADDRESS = new URLSearchParams({ dataset: 'garments', rule: RULES.join(','), ...SETTINGS });

/** Small files of Fashion-MNIST, every image a pattern of its label, two of them packed. */
function write_fashion(folder) {
  mkdirSync(folder);
  const header = (magic, ...sizes) => {
    const bytes = Buffer.alloc(4 + 4 * sizes.length);
    [magic, ...sizes].forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
    return bytes;
  };
  return Object.entries({ train: 96, t10k: 40 }).flatMap(([set, count]) => {
    const labels = Buffer.alloc(count).map((_, index) => index % 10);
    const pixels = Buffer.alloc(784 * count).map(
      (_, at) => ((at % 784) * (1 + labels[Math.floor(at / 784)])) % 251,
    );
    const [of_images, of_labels] = [3, 1].map((kind) =>
      join(folder, `${set}-${kind === 3 ? 'images' : 'labels'}-idx${kind}-ubyte`),
    );
    writeFileSync(`${of_images}.gz`, gzipSync(Buffer.concat([header(0x803, count, 28, 28), pixels])));
    writeFileSync(of_labels, Buffer.concat([header(0x801, count), labels]));
    return [`${of_images}.gz`, of_labels];
  });
}

/** Brings files to the page, trains on them, and compares with the native program, which is told where they are. */
async function learn(page, dataset, found, data) {
  await expect(page.locator('#images .source')).toHaveText(found);
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  const all = (await records(page)).filter(({ configuration }) => configuration.dataset === dataset);
  const flags = Object.entries(SETTINGS).flatMap(([name, value]) => [
    `--${name.replaceAll('_', '-')}`,
    `${value}`,
  ]);
  for (const rule of RULES) {
    const native = read_records(
      spikealign('train', '--dataset', dataset, '--data', data, '--rule', rule, ...flags),
    );
    expect(all.filter((record) => record.rule === rule)).toEqual(native);
  }
}

test('dropped files of every kind give the records of the native program', async ({ page }) => {
  const folder = test.info().outputPath('own');
  mkdirSync(folder, { recursive: true });
  /** Each time, a worker loads the readers anew. @type {string[]} */
  const reads = [];
  page.on('request', (request) => request.url().includes('readers_bg') && reads.push(request.url()));
  await page.goto(`./?${ADDRESS}`);
  await built(page);
  const input = page.locator('#own-files');
  const zone = page.locator('.drop-zone');
  const reset = page.getByRole('button', { name: 'Reset' });

  const [, , ...to_test] = write_fashion(join(folder, 'fashion'));
  const to_train = write_fashion(join(folder, 'again')).slice(0, 2);
  await input.setInputFiles(to_test);
  await expect(zone).toContainText('There are 2 of the 4 files of Fashion-MNIST: add train-images');
  await input.setInputFiles(to_train);
  await learn(
    page,
    'fashion-mnist',
    /Fashion-MNIST, from your own files: 96 .* 40 test/,
    join(folder, 'fashion'),
  );

  const svhn = write_svhn(join(folder, 'svhn'), [96, 40]);
  await reset.click();
  await input.setInputFiles(svhn);
  await learn(page, 'svhn', /SVHN, from your own files: 96 .* 40 test/, join(folder, 'svhn'));

  const cifar = write_cifar(folder);
  await reset.click();
  await input.setInputFiles(cifar);
  await learn(page, 'cifar-10', /CIFAR-10, from your own files: 96 .* 40 test/, cifar);
  await expect(zone).toContainText(
    'Left out, because it is neither a picture nor an official file: cifar-10-batches',
  );

  const voc = write_voc(folder, [96, 40]);
  await reset.click();
  await input.setInputFiles(voc);
  await learn(page, 'voc-2012', /PASCAL VOC 2012, .* from your own files: 96 .* 40 test/, voc);

  const pictures = write_pictures(folder, { cats: 40, dogs: 30, 'guinea pigs': 50 });
  await reset.click();
  await input.setInputFiles(pictures);
  await learn(page, 'folder', /your own images, from your own files: 96 training and 24 test/, pictures);
  await expect(zone.getByRole('row')).toHaveText([/class/, '328', '246', '4010']);
  await expect(page.locator('#confusion table').first()).toContainText('guinea pigs');

  // The seed has divided them, too.
  const seeds = await scroll_to(page, 'seeds');
  await expect(seeds.locator('.reading')).toContainText('divides your pictures');
  await expect(seeds.getByRole('button')).toBeDisabled();

  // A class has another name, now and at the next visit. The files are not read again for it.
  const read_before = reads.length;
  expect(read_before).toBeGreaterThan(0);
  await enter(zone.getByLabel('Name of class 1'), 'hounds');
  await zone.getByLabel('Name of class 1').press('Tab');
  await expect(page.locator('#images .mosaic')).toContainText('hounds');
  await expect(zone.getByLabel('Name of class 2'), 'the next field is still there').toBeFocused();
  await enter(zone.getByLabel('Name of class 2'), 'rodents');
  await zone.getByLabel('Name of class 2').press('Enter');
  await expect(page.locator('#images .mosaic')).toContainText('hounds');
  await expect(page.locator('#images .mosaic')).toContainText('rodents');
  expect(reads).toHaveLength(read_before);
  await expect(zone.getByText('Kept in this browser')).toBeVisible();
  await page.goto(`./?${new URLSearchParams({ ...Object.fromEntries(ADDRESS), dataset: 'folder' })}`);
  await page.locator('#images').scrollIntoViewIfNeeded();
  await expect(page.locator('#images .mosaic')).toContainText('rodents');

  // What is bad is told, and what was there stays.
  writeFileSync(join(folder, 'broken.zip'), readFileSync(pictures).subarray(0, 4000));
  await input.setInputFiles(join(folder, 'broken.zip'));
  await expect(zone.getByRole('alert')).toContainText('broken.zip: is not a valid zip');
  await input.setInputFiles({ name: 'cat.txt', mimeType: 'text/plain', buffer: Buffer.from('a cat') });
  await expect(zone.getByRole('alert')).toContainText('There is nothing to learn from');
  await expect(page.locator('#images .mosaic')).toContainText('rodents');
  await input.setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('a cat') });
  await expect(page.locator('#images .source')).toContainText('outside a class folder; put it into one');
  await page.getByRole('button', { name: 'Use generated images' }).click();
  await expect(page.locator('#images .source')).toContainText('Generated images');
});

test('a hundred classes fit the page: a square of answers, and a list that scrolls', async ({ page }) => {
  const classes = Array.from({ length: 100 }, (_, number) => [`kind ${number}, whose name has no room`, 2]);
  const archive = write_pictures(test.info().outputPath('many'), Object.fromEntries(classes));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('./?rule=bp&epochs=1&examples=64&test_examples=20&image_size=20');
  await built(page);
  await page.locator('#own-files').setInputFiles(archive);
  const list = page.locator('.own-scroll');
  await expect(list.getByRole('rowheader')).toHaveCount(100);
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  const table = page.locator('#confusion table');
  await expect(table.getByRole('row')).toHaveCount(101);
  // A record fills it, a few frames later.
  await expect(page.locator('#confusion .reading')).toContainText('correct');
  await expect(page.getByText('The pointer on a cell shows')).toBeVisible();
  await expect(page.getByText('A dot means')).toBeHidden();
  const [square, of_list] = [await table.boundingBox(), await list.boundingBox()];
  expect(Math.abs(square.height - square.width)).toBeLessThan(0.05 * square.width);
  expect(of_list.height).toBeLessThan(500);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('what nothing can be learned from is told in a sentence, and what was there stays', async ({ page }) => {
  await page.goto(`./?${ADDRESS}`);
  await built(page);
  const input = page.locator('#own-files');
  const source = page.locator('#images .source');
  const alert = page.locator('.drop-zone').getByRole('alert');
  const bring = (buffer) => input.setInputFiles({ name: 'own.zip', mimeType: 'application/zip', buffer });
  const pictures = (...classes) =>
    Object.fromEntries(classes.flatMap((name) => [1, 2].map((n) => [`${name}/${n}.png`, png(20, 20, n)])));
  await bring(zip(pictures('apples', 'pears')));
  await expect(source).toContainText('2 training and 2 test images');

  const [picture] = Object.values(pictures('pears'));
  for (const [files, words] of [
    [
      { 'b/1.png': picture, 'b/2.png': Buffer.alloc((64 << 20) + 1) },
      'has more than 67108864 bytes; make it smaller',
    ],
    [
      { 'b/1.png': picture, 'b/2.png': png_head(31_623, 31_623) },
      'would take more than 192 MB of memory; make it smaller',
    ],
    [{ ...pictures('b'), 'c/': Buffer.alloc(0) }, 'has no pictures in c; add some'],
    [{ 'b/1.png': picture }, 'has one picture of b, but two are needed'],
    [{}, 'are of 1 class(es): at least 2 are needed'],
  ]) {
    await bring(zip({ ...pictures('a'), ...files }));
    await expect(source).toContainText(words);
    await expect(page.locator('#images .mosaic')).toContainText('apples');
  }
  await bring(zip(pictures('a', 'b'), true));
  await expect(alert).toContainText('own.zip: is locked with a password; unpack it');

  // As many as that, and none of them in the folder of a class.
  const buffer = gzipSync(tar_of_empty(100_000), { level: 1 });
  await input.setInputFiles({ name: 'many.tar.gz', mimeType: 'application/gzip', buffer });
  await expect(source).toContainText('many.tar.gz: has 0.png outside a class folder; put it into one');
  await expect(page.locator('#images .mosaic')).toContainText('apples');

  // A folder with thousands of files is handed over in pieces, and read, but not kept.
  await page.locator('#own-folder').evaluate(
    (input, picture) => {
      const path = (name, number) => ({ value: `insects/${name}/${number}.png` });
      const files = ['crickets', 'ants'].flatMap((name) =>
        Array.from({ length: 1001 }, (_, number) =>
          Object.defineProperty(
            new File([new Uint8Array(picture)], 'a.png'),
            'webkitRelativePath',
            path(name, number),
          ),
        ),
      );
      Object.defineProperty(input, 'files', { value: files });
      input.dispatchEvent(new Event('change'));
    },
    [...picture],
  );
  await expect(source).toContainText('your own images, from your own files: 96 training and 40 test images');
  await expect(page.locator('#images .mosaic')).toContainText('crickets');
  await expect(page.locator('.drop-zone')).toContainText('More than 2,000 files cannot be kept');
});
