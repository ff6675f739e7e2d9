/**
 * The small menu below a figure that saves it as a picture. What it needs is loaded when it is first
 * wanted.
 *
 * @import { Figure } from './caption.js'
 */
import { element } from '../base/dom.js';
import { figure_title } from '../base/titles.js';

/** Loads what saves things. A second call costs nothing. */
export const load_tools = () => import('./menu.js');

/** @param {Figure} figure */
export function save_menu(figure) {
  const title = figure_title(figure.root);
  const summary = element(
    'summary',
    {},
    'Save',
    element('span', { class: 'visually-hidden' }, ` “${title}”`),
  );
  const box = element('div', { class: 'save-box' });
  const menu = element('details', { class: 'save' }, summary, box);
  menu.addEventListener('toggle', async () => {
    if (!menu.open) return;
    try {
      const { open } = await load_tools();
      open(menu, box, figure);
    } catch {
      box.replaceChildren(
        'What saves figures could not be loaded: the connection failed. Close this and try again.',
      );
    }
  });
  figure.root.classList.add('savable');
  figure.root.append(menu);
}
