// Whether a page can be used by everyone, as far as axe can tell.

import AxeBuilder from '@axe-core/playwright';
import { expect } from './fixtures.js';

/**
 * Holds that axe finds nothing on a page, or in parts of it. All its rules are asked, and only what breaks one is told:
 * passing on whatever is right takes axe, and Playwright, most of their time. `setLegacyMode` has axe run in the page, and
 * in its frames of the same origin, instead of carrying all of its findings to a page of their own.
 */
export async function expect_accessible(page, ...parts) {
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  for (const part of parts) builder.include(part);
  const { violations } = await builder.analyze();
  expect(violations).toEqual([]);
}

/** Waits until colours that change over a moment have changed. @param {import('@playwright/test').Page} page */
export const settled = (page) =>
  page.evaluate(async () => {
    // Looked at in every frame: a change that is cut short, by another or because its place is gone, may never say so.
    const running = () => document.getAnimations().some(({ playState }) => playState === 'running');
    while (running()) await new Promise(requestAnimationFrame);
  });
