/** The images with a worker of this browser. */
import { engine } from '../workers/engine.js';
import { start_worker } from '../workers/start.js';
import program from './images.worker.js?worker&url';
import { ImageStore } from './store.js';

/** @param {string} base the address beside which `data/` lies */
export function images_in_browser(base) {
  return new ImageStore(base, () => start_worker(program, 'images'), engine);
}
