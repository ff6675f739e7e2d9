/** What the page itself asks the core: it takes no time, so no worker is needed. */
import { default_configuration, initSync, version } from '../../pkg/spikealign.js';
import { engine } from '../engine.js';

/** The version of the core, and the defaults of the native program. */
export async function about_core() {
  initSync({ module: await engine() });
  return { version: version(), defaults: default_configuration() };
}
