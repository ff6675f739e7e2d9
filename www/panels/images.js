/**
 * The images to learn from: ten classes, a few of each; where they come from; and a place to bring
 * one's own.
 *
 * @import { ImageStore } from '../images/store.js'
 * @import { Preview } from '../race/messages.js'
 * @import { Settings } from '../settings/table.js'
 */
import { element, set_text } from '../base/dom.js';
import { count } from '../base/format.js';
import { part_names, parts } from '../images/idx.js';
import { draw_image } from '../images/preview.js';

/** Classes, and images shown of each. */
const CLASSES = 10;
const EACH = 4;

/**
 * @param {HTMLElement} root
 * @param {ImageStore} store
 * @param {{ planned: () => Settings, choose: (dataset: Settings['dataset']) => void, retry: () => void }} page
 *   `choose` is called when the reader asks for a data set, `retry` to load again after a failure
 */
export function images(root, store, page) {
  const cells = Array.from({ length: CLASSES }, () => {
    const canvas = element('canvas', { width: 28, height: 28 * EACH, 'aria-hidden': 'true' });
    const label = element('figcaption', {}, '\u00a0');
    return { canvas, label, root: element('figure', {}, canvas, label) };
  });
  const source = element('p', { class: 'source' });
  const progress = element('progress', { max: 1, value: 0, 'aria-label': 'Images that have arrived' });
  const retry = element('button', { type: 'button', class: 'small' }, 'Try again');
  const generate = element('button', { type: 'button', class: 'small' }, 'Use generated images');
  const way_on = element('p', { class: 'way-on', hidden: true }, retry, ' ', generate);
  const own = own_files(store, page.choose);
  root.append(
    element('div', { class: 'mosaic' }, ...cells.map((cell) => cell.root)),
    element('div', { class: 'source-line', role: 'status' }, source, progress),
    way_on,
    own,
  );
  retry.addEventListener('click', page.retry);
  generate.addEventListener('click', () => page.choose('garments'));

  /** @type {Preview | null} */
  let drawn = null;
  const draw = () => {
    const { stage, preview, fraction } = store.state;
    set_text(source, describe(store, page.planned()));
    root.classList.toggle('failed', stage === 'failed');
    root.classList.toggle('loading', stage === 'loading' || stage === 'waiting');
    progress.classList.toggle('idle', stage !== 'loading');
    progress.value = fraction;
    way_on.hidden = stage !== 'failed';
    if (preview && preview !== drawn) draw_preview(cells, preview);
    drawn = preview;
  };
  store.addEventListener('change', draw);
  draw();
}

/**
 * @param {ImageStore} store
 * @param {Settings} settings
 */
function describe({ state, beside, absence }, settings) {
  const { stage, dataset, own_files, message } = state;
  if (stage === 'waiting') return 'Looking for images …';
  if (stage === 'failed') return message;
  if (stage === 'loading' && dataset === 'fashion-mnist') return `Loading the ${message} …`;
  const used = `the first ${count(settings.examples)} training images`;
  if (dataset === 'fashion-mnist') {
    return `Fashion-MNIST${own_files ? ', from your own files' : ''}: ${used}.`;
  }
  const why = beside ? '' : ` because ${absence}`;
  return `Generated images, drawn by this page from seed ${settings.seed}${why}.`;
}

/**
 * @param {{ canvas: HTMLCanvasElement, label: HTMLElement }[]} cells
 * @param {Preview} preview
 */
function draw_preview(cells, preview) {
  const { classes, labels } = preview;
  for (const [index, { canvas, label }] of cells.entries()) {
    set_text(label, classes[index] ?? '\u00a0');
    const context = canvas.getContext('2d');
    context?.clearRect(0, 0, canvas.width, canvas.height);
    const of_class = labels.flatMap((label, image) => (label === index ? [image] : [])).slice(0, EACH);
    for (const [place, image] of of_class.entries()) {
      draw_image(context, preview, image, place * preview.rows);
    }
  }
}

/**
 * The place to drop the four official files, or to choose them.
 *
 * @param {ImageStore} store
 * @param {(dataset: Settings['dataset']) => void} choose
 */
function own_files(store, choose) {
  const input = element('input', { type: 'file', multiple: true, id: 'own-files', class: 'hidden-input' });
  const label = element('label', { for: 'own-files', class: 'button small' }, 'Choose files');
  const list = element('ul', { class: 'file-list' });
  const trouble = element('p', { class: 'trouble', role: 'alert' });
  const zone = element(
    'div',
    { class: 'drop-zone' },
    element(
      'p',
      {},
      'Drop the four official Fashion-MNIST files here, in any order. They stay in this browser.',
    ),
    list,
    element('p', {}, input, label),
    trouble,
  );
  const root = element('details', {}, element('summary', {}, 'Use your own copy of Fashion-MNIST'), zone);

  /** @param {File[]} files */
  const take = async (files) => {
    if (files.length === 0) return;
    root.open = true;
    set_text(trouble, '');
    set_text(trouble, (await store.take(files)).join(' '));
    if (store.missing.length === 0) choose('fashion-mnist');
  };
  input.addEventListener('change', () => {
    take([...(input.files ?? [])]);
    input.value = '';
  });
  // The whole page takes files: one that misses the zone must not replace the page.
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    zone.classList.add('over');
    root.open = true;
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) zone.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('over');
    take([...(event.dataTransfer?.files ?? [])]);
  });

  const draw = () => {
    list.replaceChildren(
      ...part_names.map((part) => {
        const file = store.files[part];
        const state = file ? 'here' : 'missing';
        return element('li', { class: state }, `${parts[part].label}: ${state}`);
      }),
    );
  };
  store.addEventListener('change', draw);
  draw();
  return root;
}
