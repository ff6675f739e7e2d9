/** Text that can be copied with a button, or selected where the clipboard is out of reach. */

import '../styles/copyable.css';
import { element, set_text } from './dom.js';

let made = 0;

/**
 * @param {string} label
 * @param {number} rows lines of text that are seen at once
 * @param {'address' | 'code' | 'prose'} kind where lines may break: anywhere, nowhere, between words
 */
export function copyable(label, rows, kind) {
  const id = `copyable-${++made}`;
  const wrap = kind === 'code' ? 'off' : 'soft';
  const field = element('textarea', { id, rows, wrap, class: kind, readonly: true, spellcheck: 'false' });
  const button = element('button', { type: 'button', class: 'small' }, 'Copy');
  const of_what = element('span', { class: 'visually-hidden' }, ` ${label}`);
  button.append(of_what);
  const said = element('span', { class: 'said', role: 'status' });
  button.addEventListener('click', async () => {
    // Emptied first, so that a second time is said as well.
    set_text(said, '');
    try {
      await navigator.clipboard.writeText(field.value);
      set_text(said, 'Copied');
    } catch {
      field.focus();
      field.select();
      set_text(said, 'Selected: copy it with the keyboard or the browser’s menu');
    }
  });
  const root = element(
    'div',
    { class: 'copyable' },
    element('label', { for: id }, label),
    field,
    element('div', { class: 'row' }, button, said),
  );
  /** @param {string} text */
  const show = (text) => {
    if (field.value === text) return;
    field.value = text;
    set_text(said, '');
  };
  return { root, show };
}
