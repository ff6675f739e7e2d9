/**
 * The images to learn from: a few of each class; where they come from; and a place to add one's own.
 *
 * @import { Preview } from '../images/preview.js'
 * @import { ImageStore } from '../images/store.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { element, set_text } from '../base/dom.js';
import { count } from '../base/format.js';
import { dataset_of, files_in_words, generated, of_files } from '../images/datasets.js';
import { draw_image } from '../images/preview.js';

/** Images shown of each class. */
const EACH = 4;

/**
 * @param {HTMLElement} root
 * @param {ImageStore} store
 * @param {{ planned: () => Settings, choose: (dataset: string) => void, retry: () => void }} page
 *   `choose` is called when the reader asks for a data set, `retry` to load again after a failure
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
  /** A cell per class, before the images arrive. @param {string} dataset */
  const lay_out = (dataset) => {
    const { classes, shape } = dataset_of(dataset);
    const [rows, columns] = shape;
    const now = `${classes.length} ${rows} ${columns}`;
    if (mosaic.dataset.layout === now) return;
    mosaic.dataset.layout = now;
    drawn = null;
    cells = classes.map(() => make_cell(rows, columns));
    mosaic.replaceChildren(...cells.map((cell) => cell.root));
  };
  const draw = () => {
    const { stage, preview, fraction } = store.state;
    set_text(source, describe(store, page.planned()));
    if (!preview || preview !== drawn) lay_out(preview ? store.state.dataset : page.planned().dataset);
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
  if (stage === 'loading' && !generated) return `Loading the ${message} …`;
  const used = `the first ${count(settings.examples)} training images`;
  if (!generated) return `${title}${own_files ? ', from your own files' : ''}: ${used}.`;
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
 * The place to drop the official files of a data set, or to choose them.
 *
 * @param {ImageStore} store
 * @param {{ planned: () => Settings, choose: (dataset: string) => void }} page
 */
function own_files(store, { planned, choose }) {
  const input = element('input', { type: 'file', multiple: true, id: 'own-files', class: 'hidden-input' });
  const label = element('label', { for: 'own-files', class: 'button small' }, 'Choose files');
  const list = element('ul', { class: 'file-list' });
  const trouble = element('p', { class: 'trouble', role: 'alert' });
  const invitation = element('p');
  const zone = element(
    'div',
    { class: 'drop-zone' },
    invitation,
    list,
    element('p', {}, input, label),
    trouble,
  );
  const summary = element('summary');
  const root = element('details', { hidden: of_files.length === 0 }, summary, zone);
  /** The data set whose files came last. @type {string | null} */
  let brought = null;
  const shown = () => {
    const { name, files } = dataset_of(planned().dataset);
    return dataset_of(brought ?? (files.length > 0 ? name : (of_files[0]?.name ?? name)));
  };

  /** @param {File[]} files */
  const take = async (files) => {
    if (files.length === 0) return;
    root.open = true;
    set_text(trouble, '');
    const { dataset, problems } = await store.take(files, shown().name);
    set_text(trouble, problems.join(' '));
    brought = dataset ?? brought;
    draw();
    if (dataset && store.missing(dataset).length === 0) choose(dataset);
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
    const dataset = shown();
    const missing = store.missing(dataset.name);
    set_text(summary, `Use your own copy of ${dataset.title}`);
    const files = files_in_words(dataset).replace(' ', ' official ');
    set_text(invitation, `Drop the ${files} here, in any order. They stay in this browser.`);
    list.replaceChildren(
      ...dataset.files.map(({ label }, index) => {
        const state = missing.includes(index) ? 'missing' : 'here';
        return element('li', { class: state }, `${label}: ${state}`);
      }),
    );
  };
  store.addEventListener('change', draw);
  draw();
  return root;
}
