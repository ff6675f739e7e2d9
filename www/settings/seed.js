/** A random seed, from the core. */
import init, { random_seed } from '../../pkg/spikealign.js';
import { engine } from '../workers/engine.js';

/** @returns {Promise<number>} rejects with a sentence for the reader */
export async function draw_seed() {
  await init({ module_or_path: await engine() });
  return random_seed();
}
