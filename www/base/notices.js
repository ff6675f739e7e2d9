/**
 * Messages that stay in view, wherever the reader scrolls, until they are dismissed or no longer apply.
 */
import { element } from './dom.js';
import { gives_back_focus } from './focus.js';

/** @typedef {'note' | 'wrong-setting' | 'failure'} Kind notes stay, the others go when they no longer apply */

/**
 * @param {HTMLElement} root a place with `role="alert"`
 * @param {() => void} retry tries again what has failed
 */
export function notices(root, retry) {
  const remove = gives_back_focus(root);
  /**
   * @param {string} message
   * @param {Kind} [kind]
   */
  const show = (message, kind = 'note') => {
    const failed = kind === 'failure';
    const notice = element(
      'p',
      { class: failed ? 'notice failure' : 'notice', 'data-kind': kind },
      message,
      ' ',
    );
    const button = element('button', { type: 'button', class: 'small' }, failed ? 'Try again' : 'Dismiss');
    button.addEventListener('click', () => {
      remove(notice);
      if (failed) retry();
    });
    notice.append(button);
    root.append(notice);
  };
  /** Removes those of a kind. @param {Kind} kind */
  const clear = (kind) => {
    for (const notice of root.querySelectorAll(`[data-kind="${kind}"]`)) remove(notice);
  };
  return { show, clear };
}
