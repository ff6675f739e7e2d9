/**
 * The reader's own images before the training: which data set they are, how many there are of each class, and what
 * was left out. Loaded when there are some.
 *
 * @import { ImageStore } from '../images/store.js'
 * @import { Kept } from '../images/kept_files.js'
 * @import { OwnFile } from '../images/readers.worker.js'
 * @import { Page } from './images.js'
 */
import { element, set_text } from '../base/dom.js';
import { in_words } from '../base/failure.js';
import { count } from '../base/format.js';
import { dataset_of } from '../images/datasets.js';
import { MOST_KEPT, keep_files } from '../images/kept_files.js';
import { recognise } from '../images/own.js';

/** How many of the files that were left out are named. */
const NAMED = 3;

/**
 * @param {HTMLElement} root
 * @param {ImageStore} store
 * @param {Page} page
 */
export function own_images(root, store, page) {
  const trouble = element('p', { class: 'trouble', role: 'alert' });
  const choice = element('p');
  const left_out = element('p');
  const table = element('table', { class: 'own-classes' });
  const kept = element('p', { class: 'quiet' });
  root.append(trouble, choice, left_out, element('div', { class: 'own-scroll' }, table), kept);
  /** Files of a data set that is not complete yet. @type {OwnFile[]} */
  let waiting = [];

  /** @param {Promise<OwnFile[]> | OwnFile[]} coming */
  const take = async (coming) => {
    set_text(trouble, '');
    set_text(choice, 'Looking through your files …');
    try {
      const files = await coming;
      const paths = new Set(files.map(({ path }) => path));
      const all = [...waiting.filter(({ path }) => !paths.has(path)), ...files];
      const { datasets, missing, others } = await recognise(all, ({ done, total }) => {
        if (done > 0) set_text(choice, `Looking through your files … ${count(done)} of ${count(total)}`);
      });
      // The others can follow.
      waiting = missing ? all : [];
      set_text(choice, '');
      set_text(trouble, missing ?? '');
      set_text(left_out, others.length > 0 ? left(others) : '');
      if (!missing) choose_among(datasets, all);
    } catch (error) {
      set_text(choice, '');
      set_text(trouble, `${in_words(error)}.`);
    }
  };

  /** @param {string[]} datasets the likeliest first @param {OwnFile[]} files */
  const choose_among = (datasets, files) => {
    const take_as = (/** @type {string} */ dataset) => {
      bring({ dataset, files, names: [] });
      page.choose(dataset);
    };
    const [first = '', ...others] = datasets;
    if (others.length === 0) {
      choice.replaceChildren();
    } else {
      const options = datasets.map((name) => element('option', { value: name }, dataset_of(name).title));
      const select = element('select', {}, ...options);
      select.addEventListener('change', () => take_as(select.value));
      choice.replaceChildren(
        element('label', {}, 'These files have the names of several data sets. They are ', select),
      );
    }
    take_as(first);
  };

  /** @param {Kept} own */
  const bring = (own) => {
    brought = own;
    store.bring(own);
  };
  /** Files that have not been read yet. @type {Kept | null} */
  let brought = null;
  /** Keeps for the next visit what could be read. @param {Kept} own */
  const keep = async (own) => {
    if (own !== brought) return;
    brought = null;
    set_text(kept, 'Being kept for your next visit …');
    const why_not =
      own.files.length > MOST_KEPT
        ? `More than ${count(MOST_KEPT)} files cannot be kept`
        : 'This browser has no room to keep them';
    const sentence = (await keep_files(own))
      ? 'Kept in this browser for your next visit. Nothing leaves it.'
      : `${why_not}: choose them again at your next visit.`;
    set_text(kept, sentence);
  };

  /** The numbers of each class that the table has. @type {string | null} */
  let shown = null;
  /** @type {HTMLInputElement[]} */
  let fields = [];
  const draw = () => {
    const { read, preview, counts } = store.state;
    table.hidden = !read;
    if (!read || !counts || !preview) return;
    keep(read);
    const now = JSON.stringify(counts);
    // A new table would take the focus from the field that the reader has gone on to.
    if (now !== shown) lay_out(preview.classes, counts);
    shown = now;
    for (const [label, name] of preview.classes.entries()) {
      const field = fields[label];
      // What is being typed stays.
      if (field && field.defaultValue !== name) field.defaultValue = field.value = name;
    }
  };
  /** @param {string[]} classes @param {number[][]} counts */
  const lay_out = (classes, counts) => {
    fields = classes.map((name, label) => {
      const field = element('input', { value: name, 'aria-label': `Name of class ${label}`, maxlength: 60 });
      field.addEventListener('change', () => {
        const { read } = store.state;
        if (!read) return;
        field.value = field.value.trim() || field.defaultValue;
        bring({ ...read, names: fields.map(({ value }) => value) });
        page.retry();
      });
      return field;
    });
    const rows = fields.map((field, label) => {
      const numbers = counts.map((of_classes) => element('td', {}, count(of_classes[label] ?? 0)));
      return element('tr', {}, element('th', { scope: 'row' }, field), ...numbers);
    });
    const head = ['class', 'to train', 'to test'].map((text) => element('th', { scope: 'col' }, text));
    table.replaceChildren(element('tr', {}, ...head), ...rows);
  };
  store.addEventListener('change', draw);
  draw();
  return { take };
}

/** @param {string[]} others */
function left(others) {
  const named = others.slice(0, NAMED).join(', ');
  const more = others.length > NAMED ? ' and others' : '';
  return others.length === 1
    ? `Left out, because it is neither a picture nor an official file: ${named}.`
    : `Left out, because they are neither pictures nor official files: ${count(others.length)} files (${named}${more}).`;
}
