/** Where a figure says what went wrong. */

import { element, set_text } from './dom.js';

/** Hidden until there is something to say, which is also announced as `spikealign:failure`. */
export function complaint() {
  const root = element('p', { class: 'notice failure', role: 'alert', hidden: true });
  return {
    root,
    /** @param {string} message */
    show(message) {
      root.hidden = false;
      set_text(root, message);
      root.dispatchEvent(new CustomEvent('spikealign:failure', { detail: { message }, bubbles: true }));
    },
    clear() {
      root.hidden = true;
    },
  };
}
