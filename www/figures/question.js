/** A question that one click asks of a figure: it is answered once, from what the core has computed for it. */

import { element, set_text } from '../base/dom.js';

/**
 * @param {string} text
 * @param {() => void} ask begins what is to be measured
 */
export function question(text, ask) {
  let open = false;
  const button = element('button', { type: 'button' }, text);
  const said = element('p', { role: 'status' });
  button.addEventListener('click', () => {
    open = true;
    set_text(said, 'Measuring …');
    ask();
  });
  return {
    root: element('div', { class: 'ask' }, button, said),
    /** @param {string} words */
    answer(words) {
      if (open) set_text(said, words);
      open = false;
    },
    /** What was answered is no longer what is shown. */
    forget() {
      if (!open) set_text(said, '');
    },
  };
}
