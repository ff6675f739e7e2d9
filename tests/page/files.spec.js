// The reader's own files: good ones in any order, and every kind of bad one.

import { gzipSync } from 'node:zlib';
import { expect, finished, records, test } from './fixtures.js';

const COUNTS = { train: 96, t10k: 40 };

/** A small file of the official format, every image a pattern of its label. */
function idx(set, kind) {
  const count = COUNTS[set];
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
  if (kind === 'labels') return Buffer.concat([header(0x801, [count]), labels]);
  const pixels = new Uint8Array(784 * count).map(
    (_, at) => ((at % 784) * (1 + labels[Math.floor(at / 784)])) % 251,
  );
  return Buffer.concat([header(0x803, [count, 28, 28]), pixels]);
}

function header(magic, dimensions) {
  const bytes = Buffer.alloc(4 + 4 * dimensions.length);
  [magic, ...dimensions].forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

/** A file as a file chooser hands it over. */
function file(set, kind, pack = gzipSync) {
  const name = `${set}-${kind}-idx${kind === 'images' ? 3 : 1}-ubyte.gz`;
  return { name, mimeType: 'application/octet-stream', buffer: pack(idx(set, kind)) };
}

const SMALL = 'dataset=garments&examples=96&test_examples=40&epochs=1&rdd_seconds=1&record_every=0';

test('four files are taken in any order, packed or not, and trained on', async ({ page }) => {
  await page.goto(`./?${SMALL}`);
  const input = page.locator('#own-files');
  await input.setInputFiles([file('t10k', 'labels'), file('train', 'images', (bytes) => bytes)]);
  await expect(page.getByText('training images: here')).toBeVisible();
  await expect(page.getByText('test images: missing')).toBeVisible();
  await input.setInputFiles([file('train', 'labels', (bytes) => bytes), file('t10k', 'images')]);
  await expect(page.getByText('from your own files')).toBeVisible();
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  expect((await records(page)).length).toBe(3);
});

test('a file that is something else is named, and nothing is lost', async ({ page }) => {
  await page.goto(`./?${SMALL}`);
  const buffer = Buffer.from('a picture of a cat');
  await page.locator('#own-files').setInputFiles([{ name: 'cat.jpg', mimeType: 'image/jpeg', buffer }]);
  await expect(page.getByText('“cat.jpg” is not one of the four Fashion-MNIST files')).toBeVisible();
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  expect((await records(page)).length).toBe(3);
});

test('files that are too short, or damaged, are refused with a way on', async ({ page }) => {
  const short = file('train', 'images');
  short.buffer = short.buffer.subarray(0, short.buffer.length / 2);
  await page.goto(`./?${SMALL}`);
  await page
    .locator('#own-files')
    .setInputFiles([short, file('train', 'labels'), file('t10k', 'images'), file('t10k', 'labels')]);
  await expect(page.locator('#images .source')).toContainText('training images');
  await page.getByRole('button', { name: 'Use generated images' }).click();
  await expect(page.locator('#images .source')).toContainText('Generated images');
  await page.getByRole('button', { name: 'Start training' }).click();
  await finished(page);
  expect((await records(page)).length).toBe(3);
});
