/** Parts of the page whose programs are fetched only when they are wanted. */

import { element } from './dom.js';
import { in_words } from './failure.js';

/**
 * Fetches a program. Where it does not arrive, the place of the part says so.
 *
 * @template Program
 * @param {HTMLElement} root the place
 * @param {() => Promise<Program>} fetch
 * @returns {Promise<Program>} never settles where it does not arrive: browsers do not fetch all of it again before a reload
 */
export function late(root, fetch) {
  return fetch().catch((error) => {
    const reload = element('button', { type: 'button', class: 'small' }, 'Reload the page');
    reload.addEventListener('click', () => location.reload());
    const sentence =
      `This part of the page could not be loaded (${in_words(error)}). ` +
      'Check the connection; there may also be a new version. ';
    root.append(element('p', { class: 'notice failure', role: 'alert' }, sentence, reload));
    return new Promise(() => {});
  });
}
