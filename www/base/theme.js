/** The colour scheme: the system's, until the reader chooses the other one, which this browser remembers. */

import { scheme_changed } from './colors.js';
import { set_text } from './dom.js';

const KEY = 'spikealign-theme';

/** @param {HTMLElement} button that switches between the two */
export function theme_switch(button) {
  const page = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const now = () => page.dataset.theme ?? (system.matches ? 'dark' : 'light');
  const other = () => (now() === 'dark' ? 'light' : 'dark');
  const show = () => set_text(button, other() === 'dark' ? 'Dark colours' : 'Light colours');
  const kept = storage()?.getItem(KEY);
  if (kept === 'light' || kept === 'dark') page.dataset.theme = kept;
  system.addEventListener('change', show);
  button.addEventListener('click', () => {
    page.dataset.theme = other();
    storage()?.setItem(KEY, now());
    scheme_changed();
    show();
  });
  show();
}

/** Some browsers deny it. */
function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
