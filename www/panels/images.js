/**
 * The images to learn from: a few of each class; where they come from; and a place to add one's own.
 *
 * @import { OwnFile } from '../images/readers.worker.js'
 * @import { Preview } from '../images/preview.js'
 * @import { ImageStore } from '../images/store.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { description } from '../../pkg/description.js';
import { choices } from '../base/choices.js';
import { element, set_text } from '../base/dom.js';
import { count } from '../base/format.js';
import { late } from '../base/late.js';
import { chosen, dropped } from '../images/collect.js';
import { dataset_of, generated, of_files } from '../images/datasets.js';
import { draw_image } from '../images/preview.js';

/** Images shown of each class. */
const EACH = 4;

/**
 * `choose` is called when the reader asks for a data set, `retry` to load again after a failure
 *
 * @typedef {{ planned: () => Settings, choose: (dataset: string) => void, retry: () => void }} Page
 */

/**
 * @param {HTMLElement} root
 * @param {ImageStore} store
 * @param {Page} page
 */
export function images(root, store, page) {
  const mosaic = element('div', { class: 'mosaic' });
  const source = element('p', { class: 'source' });
  const progress = element('progress', { max: 1, value: 0, 'aria-label': 'Images loaded' });
  const retry = element('button', { type: 'button', class: 'small' }, 'Try again');
  const generate = element('button', { type: 'button', class: 'small' }, 'Use generated images');
  const way_on = element('p', { class: 'way-on', hidden: true }, retry, ' ', generate);
  const own = own_files(store, page);
  root.append(
    chooser(store, page),
    mosaic,
    element('div', { class: 'source-line', role: 'status' }, source, progress),
    way_on,
    own,
  );
  retry.addEventListener('click', page.retry);
  generate.addEventListener('click', () => page.choose(generated.name));

  /** @type {Cell[]} */
  let cells = [];
  /** @type {Preview | null} */
  let drawn = null;
  /** A cell per class, before the images arrive. @param {Pick<Preview, 'classes' | 'rows' | 'columns'>} images */
  const lay_out = ({ classes, rows, columns }) => {
    const now = `${classes.length} ${rows} ${columns}`;
    if (mosaic.dataset.layout === now) return;
    mosaic.dataset.layout = now;
    drawn = null;
    cells = classes.map(() => make_cell(rows, columns));
    mosaic.replaceChildren(...cells.map((cell) => cell.root));
  };
  const expected = () => {
    const { classes, shape } = dataset_of(page.planned().dataset);
    return { classes, rows: shape[0] ?? 0, columns: shape[1] ?? 0 };
  };
  const draw = () => {
    const { stage, preview, fraction } = store.state;
    set_text(source, describe(store, page.planned()));
    if (!preview || preview !== drawn) lay_out(preview ?? expected());
    root.classList.toggle('failed', stage === 'failed');
    root.classList.toggle('loading', stage === 'loading' || stage === 'waiting');
    progress.classList.toggle('idle', stage !== 'loading');
    progress.value = fraction;
    const had_focus = way_on.matches(':focus-within');
    way_on.hidden = stage !== 'failed';
    // It goes when one of its buttons is pressed: the focus goes on to what is chosen.
    const chosen = root.querySelector('.choices :checked');
    if (had_focus && way_on.hidden && chosen instanceof HTMLElement) chosen.focus();
    if (preview && preview !== drawn) draw_preview(cells, preview);
    drawn = preview;
  };
  store.addEventListener('change', draw);
  draw();
}

/**
 * The data sets that can be had, each with its first image. Of the reader's own it is seen once they are read.
 *
 * @param {ImageStore} store
 * @param {Page} page
 */
function chooser(store, { planned, choose }) {
  const root = element('div', { class: 'choices' });
  /** @type {Map<string, HTMLCanvasElement>} */
  const pictures = new Map();
  let names = '';
  const glimpsed = new Set();
  /** @param {string} name @param {Preview | null} preview */
  const show = (name, preview) => {
    const picture = pictures.get(name);
    if (!preview || !picture || picture.width > 0) return;
    [picture.width, picture.height] = [preview.columns, preview.rows];
    draw_image(picture.getContext('2d'), preview, 0);
  };
  const draw = () => {
    const { stage, dataset, preview } = store.state;
    const chosen = planned().dataset;
    const all = description.datasets.filter(({ name }) => store.has(name));
    const now = all.map(({ name }) => name).join();
    if (now !== names) {
      names = now;
      const texts = Object.fromEntries(all.map(({ name, title }) => [name, title]));
      const made = choices({ name: 'data-set', title: 'Learn from', texts, chosen, on_change: choose });
      for (const [index, { name }] of all.entries()) {
        const picture =
          pictures.get(name) ?? element('canvas', { width: 0, height: 0, 'aria-hidden': 'true' });
        pictures.set(name, picture);
        made.labels[index]?.prepend(picture);
      }
      root.replaceChildren(made.root);
    }
    const input = root.querySelector(`input[value="${chosen}"]`);
    if (input instanceof HTMLInputElement) input.checked = true;
    if (stage !== 'ready') return;
    show(dataset, preview);
    // The others after that, when nothing more important is fetched.
    for (const [name, { width }] of pictures) {
      if (width > 0 || glimpsed.has(name) || !store.is_beside(name)) continue;
      glimpsed.add(name);
      store.glimpse(planned(), name).then((preview) => show(name, preview));
    }
  };
  store.addEventListener('change', draw);
  draw();
  return root;
}

/** @typedef {ReturnType<typeof make_cell>} Cell images of one class, one below the other */

/** @param {number} rows @param {number} columns of an image */
function make_cell(rows, columns) {
  const canvas = element('canvas', { width: columns, height: rows * EACH, 'aria-hidden': 'true' });
  const label = element('figcaption', {}, '\u00a0');
  return { canvas, label, root: element('figure', {}, canvas, label) };
}

/**
 * @param {ImageStore} store
 * @param {Settings} settings
 */
function describe(store, settings) {
  const { stage, dataset, own_files, message } = store.state;
  const { title, generated } = dataset_of(dataset);
  if (stage === 'waiting') return 'Looking for images …';
  if (stage === 'failed') return message;
  if (stage === 'loading' && own_files) return 'Reading your files …';
  if (stage === 'loading' && !generated) return `Loading the ${message} …`;
  const { counts } = store.state;
  if (counts) {
    const [train = 0, test = 0] = counts.map((of_classes) => of_classes.reduce((sum, one) => sum + one, 0));
    return `${title}, from your own files: ${count(train)} training and ${count(test)} test images.`;
  }
  const used = `the first ${count(settings.examples)} training images`;
  if (!generated) return `${title}: ${used}.`;
  const [missed] = of_files.filter(({ name }) => !store.is_beside(name));
  const why = missed ? ` because ${store.absence(missed.name)}` : '';
  return `Generated images, drawn by this page from seed ${settings.seed}${why}.`;
}

/**
 * @param {Cell[]} cells
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
 * The place to drop one's own images, or to choose them. What is done with them is loaded when there are some.
 *
 * @param {ImageStore} store
 * @param {Page} page
 */
function own_files(store, page) {
  const files = element('input', { type: 'file', multiple: true, id: 'own-files', class: 'hidden-input' });
  const folder = element('input', {
    type: 'file',
    id: 'own-folder',
    class: 'hidden-input',
    webkitdirectory: true,
  });
  const result = element('div', { class: 'own-images' });
  const zone = element(
    'div',
    { class: 'drop-zone' },
    element(
      'p',
      {},
      'Drop a folder, or a zip of one, with a folder of pictures for each class; or the official files of ' +
        'MNIST and its kin, CIFAR-10, CIFAR-100, SVHN or PASCAL VOC. Nothing leaves this browser.',
    ),
    element(
      'p',
      {},
      files,
      element('label', { for: 'own-files', class: 'button small' }, 'Choose files'),
      ' ',
      folder,
      element('label', { for: 'own-folder', class: 'button small' }, 'Choose a folder'),
    ),
    result,
  );
  const root = element('details', {}, element('summary', {}, 'Use your own images'), zone);
  const own = async () => {
    const { own_images } = await late(result, () => import('./own_images.js'));
    return own_images(result, store, page);
  };
  /** @type {ReturnType<typeof own> | null} */
  let loaded = null;
  /** @param {Promise<OwnFile[]> | OwnFile[]} files */
  const take = async (files) => {
    root.open = true;
    loaded ??= own();
    (await loaded).take(files);
  };
  for (const input of [files, folder]) {
    input.addEventListener('change', () => {
      take(chosen(input.files ?? []));
      input.value = '';
    });
  }
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
    zone.classList.remove('over');
    // Taken by another part of the page, or no files.
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    take(dropped(event.dataTransfer));
  });
  // What was kept from an earlier visit, or is brought, is shown with its classes.
  store.addEventListener('change', () => {
    if (store.state.own_files) loaded ??= own();
  });
  return root;
}
