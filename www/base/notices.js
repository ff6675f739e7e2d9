/**
 * Messages that stay in view, wherever the reader scrolls, until they are dismissed or no longer apply.
 */
import { element } from './dom.js';

/** @typedef {'note' | 'wrong-setting' | 'failure'} Kind notes stay, the others go when they no longer apply */

/**
 * @param {HTMLElement} root a place with `role="alert"`
 * @param {() => void} retry tries again what has failed
 */
export function notices(root, retry) {
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
      notice.remove();
      if (failed) retry();
    });
    notice.append(button);
    root.append(notice);
  };
  /** Removes those of a kind. @param {Kind} kind */
  const clear = (kind) => {
    for (const notice of root.querySelectorAll(`[data-kind="${kind}"]`)) notice.remove();
  };
  return { show, clear };
}
