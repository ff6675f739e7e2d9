// What Lighthouse says of the built page, on a slow phone and on a desk.

import { chromium, expect, test } from '@playwright/test';
import lighthouse, { auditFlowArtifacts, desktopConfig } from 'lighthouse';
import { free_port } from './ports.js';
import { in_processor_time } from './processor_time.js';

/** What tasks cost does not depend on other work, but when files arrive does: the best of so many looks is the page's. */
const LOOKS = 3;
const GOOD = 95;

for (const [device, config] of Object.entries({ phone: undefined, desk: desktopConfig })) {
  test(`Lighthouse gives ${GOOD} or more, ${device}`, async ({ baseURL }, { project }) => {
    const { launchOptions } = project.use;
    const onlyCategories = ['performance', 'accessibility', 'best-practices'];
    /** @type {{ [category: string]: number }} */
    const best = {};
    for (let look = 0; look < LOOKS && !onlyCategories.every((category) => best[category] >= GOOD); look++) {
      const port = await free_port('127.0.0.1');
      const browser = await chromium.launch({
        ...launchOptions,
        args: [...(launchOptions?.args ?? []), `--remote-debugging-port=${port}`],
      });
      const { artifacts } = await lighthouse(baseURL, { port, onlyCategories, logLevel: 'error' }, config);
      await browser.close();
      const { Trace } = artifacts;
      const busy = { ...artifacts, Trace: { ...Trace, traceEvents: in_processor_time(Trace.traceEvents) } };
      const flags = { onlyCategories, logLevel: 'error' };
      const { steps } = await auditFlowArtifacts(
        { name: device, gatherSteps: [{ artifacts: busy, flags }] },
        config,
      );
      for (const { id, score } of Object.values(steps[0].lhr.categories)) {
        best[id] = Math.max(best[id] ?? 0, Math.round(100 * score));
      }
    }
    console.info(`Lighthouse, ${device}: ${JSON.stringify(best)}`);
    for (const category of onlyCategories) expect(best[category], category).toBeGreaterThanOrEqual(GOOD);
  });
}
