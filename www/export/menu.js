/**
 * What the menu of a figure holds: pictures, and the caption.
 *
 * @import { Figure } from './caption.js'
 */
import '../styles/save_box.css';
import { copyable } from '../base/copyable.js';
import { element } from '../base/dom.js';
import { in_words } from '../base/failure.js';
import { figure_title } from '../base/titles.js';
import { dataset_of } from '../images/datasets.js';
import { caption, chosen_in } from './caption.js';
import { file_name, save } from './files.js';
import { pixels_are_true } from './looks.js';
import { draw_picture, png_file, svg_file } from './picture.js';

// Look for open menus on the page: `open` is called a moment after one opens.
document.addEventListener('click', ({ target }) => {
  if (target instanceof Node) close_without(target);
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  const [opened] = opened_menus();
  opened?.querySelector('summary')?.focus();
  close_without(null);
});

function opened_menus() {
  return /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll('.save[open]'));
}

/** Closes what is open, but for the menu that holds a part of the page. @param {Node | null} part */
function close_without(part) {
  for (const menu of opened_menus()) if (!part || !menu.contains(part)) menu.open = false;
}

/**
 * @param {HTMLDetailsElement} menu
 * @param {HTMLElement} box its content
 * @param {Figure} figure
 */
export function open(menu, box, figure) {
  close_without(menu);
  const words = copyable('Caption', 5, 'prose');
  words.show(caption(figure));
  const problem = element('p', { role: 'alert' });
  const can_read = pixels_are_true();
  if (!can_read) {
    problem.textContent =
      'This browser falsifies pictures that pages make, against tracking: it can save SVG, without images, but not PNG.';
  }
  const buttons = Object.entries(formats).map(([ending, { text, make }]) => {
    const disabled = ending === 'png' && !can_read;
    const button = element('button', { type: 'button', class: 'small', disabled }, text);
    button.addEventListener('click', async () => {
      problem.textContent = '';
      try {
        save(name_of(figure, ending), await make(figure));
      } catch (error) {
        problem.textContent = in_words(error);
      }
    });
    return button;
  });
  box.replaceChildren(element('div', { class: 'row' }, ...buttons), words.root, problem);
}

/**
 * What can be saved, by the ending of the file.
 *
 * @type {{ [ending: string]: { text: string, make: (figure: Figure) => Promise<Blob> | Blob } }}
 */
const formats = {
  png: { text: 'PNG', make: async (figure) => png_file(await picture(figure)) },
  svg: { text: 'SVG', make: async (figure) => svg_file(await picture(figure)) },
  txt: {
    text: 'Caption',
    make: (figure) => new Blob([`${caption(figure)}\n`], { type: 'text/plain' }),
  },
};

/** @param {Figure} figure */
function picture(figure) {
  const { root, run } = figure;
  const settings = run?.().settings;
  const of_run = settings ? [dataset_of(settings.dataset).title, `Seed: ${settings.seed}`] : [];
  return draw_picture(root, {
    title: figure_title(root),
    chosen: [...chosen_in(root), ...of_run].join(' · '),
    description: caption(figure),
  });
}

/** @param {Figure} figure @param {string} ending */
function name_of({ root, name, run }, ending) {
  const settings = run?.().settings;
  const of_run = settings ? [settings.dataset, `seed${settings.seed}`] : [];
  const of_figure = root.dataset.seed ? [`seed${root.dataset.seed}`] : [];
  const chosen = [...root.querySelectorAll('.choices label:has(:checked)')].map(
    (label) => label.textContent ?? '',
  );
  return file_name([...of_run, name, ...of_figure, ...chosen], ending);
}
