import { service_workers } from '../base/service_workers.js';
import { trusted } from '../base/trusted.js';

/**
 * Stores the page for offline use, if the browser allows it: without a service worker the page still works online.
 *
 * @param {(sentence: string) => void} say hears why nothing could be stored
 */
export async function keep_page(say) {
  // Vite's development server has nothing to keep: it builds every file anew.
  const workers = service_workers();
  if (!import.meta.env.PROD || !workers) return;
  const address = trusted('./service_worker.js');
  const registration = await workers.register(address).catch(() => null);
  const worker = registration?.installing;
  worker?.addEventListener('statechange', () => {
    // An older version may be there, and goes on.
    if (worker.state !== 'redundant' || registration?.active) return;
    say('It could not be stored for use offline: a file was altered on its way here, or there is no room.');
  });
}
