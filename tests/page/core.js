// The core in Node.js, for what records don't have: a sample of the network at each record.

import { readFileSync } from 'node:fs';
import { Experiment, Images, initSync } from '../../pkg/spikealign.js';

initSync({ module: readFileSync(new URL('../../pkg/spikealign_bg.wasm', import.meta.url)) });

/**
 * A whole run on generated images, record by record.
 *
 * @param {object} configuration
 * @param {Uint8Array} [image] which each network is asked about
 */
export function run(configuration, image) {
  const { seed, examples, test_examples } = configuration;
  const images = Images.open('garments', [], seed, examples, test_examples);
  const experiment = new Experiment(configuration, images);
  const seen = [];
  for (let stage = 'training'; stage !== 'done';) {
    const progress = experiment.advance(1);
    stage = progress.stage;
    for (const record of progress.records) {
      seen.push({ record, view: experiment.view(), answer: image && experiment.answer(image) });
    }
  }
  return seen;
}
