// The page asks for nothing that the reader did not ask for, and its policy would not let it.

import { readdirSync } from 'node:fs';
import { test as base } from '@playwright/test';
import { built, dataset, expect, finished, scroll_to, test } from './fixtures.js';

const SMALL = 'examples=640&test_examples=200&record_every=320&epochs=2&rdd_seconds=3&net=4,8,32,16';

/** What may be asked for, without the hash of its contents: what was built. */
const nameless = (name) => name.replace(/-[\w-]{8}(\.\w+)$|-idx[13]-ubyte\.gz$/, '$1');
const PROGRAM = readdirSync(new URL('../../dist/assets/', import.meta.url)).map(nameless);
const PAGE = ['', 'manifest.json', 'service_worker.js', ...PROGRAM];
const IMAGES = ['train-images', 'train-labels', 't10k-images', 't10k-labels'];

/** The pages that are built; the example stands for an author's own page, whose policy is the author's. */
const PAGES = readdirSync(new URL('../../dist/', import.meta.url)).filter(
  (name) => name.endsWith('.html') && name !== 'embed-example.html',
);

/** Sources of a policy that carry what the page itself has made. */
const OWN = ['blob:', 'data:'];

/** Collects the requests of a page, of its workers as well: names without hashes, or whole if foreign. */
function requests_of(page, baseURL) {
  const seen = new Set();
  page.on('request', (request) => {
    const url = new URL(request.url());
    // A blob is made by the page itself, and leaves it as little as it came from elsewhere.
    if (url.protocol === 'blob:') return;
    const foreign = url.origin !== new URL(baseURL).origin || request.method() !== 'GET';
    const name = url.pathname.split('/').at(-1) ?? '';
    seen.add(foreign ? `${request.method()} ${url.href}` : nameless(name));
  });
  return seen;
}

test('a visit with a training asks for the files of the page and the images, and for nothing else', async ({
  page,
  baseURL,
}) => {
  const seen = requests_of(page, baseURL);
  await page.goto('./');
  await built(page);
  await expect(page.locator('#problem-figure canvas, #problem-figure svg').first()).toBeVisible();
  // All figures. And the race once more: a reader who came by before the page had looked which images there are was not
  // seen, and gets none.
  for (const section of await page.locator('main > section').all()) await section.scrollIntoViewIfNeeded();
  await scroll_to(page, 'race');
  const source = dataset === 'fashion-mnist' ? 'Fashion-MNIST: the first' : 'Generated images';
  await expect(page.locator('#images .source')).toContainText(source);
  const images = dataset === 'fashion-mnist' ? IMAGES : [];
  await expect.poll(() => [...seen]).toEqual(expect.arrayContaining(images));
  // Each data set that can be chosen shows an image, chosen or not.
  const shown = () =>
    page.locator('#images .choices canvas').evaluateAll((pictures) => pictures.map(({ width }) => width));
  await expect.poll(shown).toEqual(dataset === 'fashion-mnist' ? [28, 28] : [28]);
  expect([...PAGE, ...IMAGES]).toEqual(expect.arrayContaining([...seen]));

  // A run on generated images: its workers are loaded, and nothing is fetched after that.
  seen.clear();
  await page.goto(`./?dataset=garments&${SMALL}`);
  // The last that the page asks for by itself.
  await expect.poll(() => seen.has('manifest.json')).toBe(true);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.locator('.lane .doing').first()).toContainText('learning');
  await expect(page.locator('.lane .doing').last()).toContainText('spiking');
  // The first images of the other data set, to be shown where one chooses.
  await expect.poll(() => [...seen]).toEqual(expect.arrayContaining(images));
  seen.clear();
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await finished(page);
  for (const summary of await page.locator('summary:visible').all()) await summary.click();
  // But for parts of the program that are loaded when they can be of use.
  expect(PROGRAM).toEqual(expect.arrayContaining([...seen]));
});

test('without a visit to the race no image is fetched', async ({ page, baseURL }) => {
  const seen = requests_of(page, baseURL);
  await page.goto('./');
  await built(page);
  await page.locator('#problem').scrollIntoViewIfNeeded();
  await expect.poll(() => seen.has('manifest.json')).toBe(true);
  expect(IMAGES.filter((name) => seen.has(name))).toEqual([]);
});

for (const address of PAGES) {
  // Without the clean console of the other tests: what is forbidden is told there.
  base(`the policy of ${address} forbids what is inline and what is elsewhere`, async ({ page }) => {
    await page.goto(address);
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    const sources = policy?.split('; ').flatMap((directive) => directive.split(' ').slice(1));
    expect(sources).toContain("'none'");
    const own = ["'none'", "'self'", "'wasm-unsafe-eval'", ...OWN, expect.stringMatching(/^'sha256-/)];
    for (const source of sources ?? []) expect(own).toContainEqual(source);
    const directives = ['connect-src', 'img-src', 'script-src-elem', 'style-src-attr'];
    const tried = await page.evaluate(async (directives) => {
      const blocked = new Set();
      const all = new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          blocked.add(effectiveDirective);
          if (directives.every((directive) => blocked.has(directive))) resolve(undefined);
        });
      });
      const script = document.createElement('script');
      script.textContent = 'window.intruded = true';
      const styled = document.createElement('p');
      styled.setAttribute('style', 'color: red');
      const image = new Image();
      image.src = 'http://localhost:1/pixel.png';
      document.body.append(script, styled, image);
      await fetch('http://localhost:1/beacon').catch(() => {});
      await all;
      return { intruded: 'intruded' in window, blocked: [...blocked].sort() };
    }, directives);
    expect(tried).toEqual({ intruded: false, blocked: directives });
  });
}
