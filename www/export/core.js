/** What the page itself asks the core: it takes no time, so no worker is needed. */
import init, { default_configuration, version } from '../../pkg/spikealign.js';
import { engine } from '../workers/engine.js';

/** The version of the core, and the defaults of the native program. */
export async function about_core() {
  await init({ module_or_path: await engine() });
  return { version: version(), defaults: default_configuration() };
}
