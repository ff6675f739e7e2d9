/**
 * Reads the reader's own files, with the readers of the native program: they are a WebAssembly package of their own, which
 * is loaded only here. It works for one request, since its memory never shrinks.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 * @import { Preview } from './preview.js'
 * @import { ImageSource } from './source.js'
 */
import init, { Dropped } from '../../readers/pkg/readers.js';
import { in_words } from '../base/failure.js';
import { serve } from '../workers/serve.js';

/** How many images the page shows. */
const SHOWN = 200;

/** @typedef {{ path: string, file: File }} OwnFile a file, and its path from the folder that was dropped */

/** @typedef {typeof work} ReadersWork */

/** What was handed over so far. @type {OwnFile[]} */
const files = [];

const work = {
  /** Takes some of the files. @param {OwnFile[]} some */
  take: (some) => void files.push(...some),

  /** Tells which data sets the files can be, and what belongs to none. */
  recognise: async () => (await open()).recognise(),

  /**
   * Reads the images that a configuration uses.
   *
   * @param {Configuration} configuration
   */
  async read({ dataset, seed, image_size, examples, test_examples }) {
    const images = (await open()).read(dataset, seed, image_size, examples, test_examples);
    const classes = images.classes();
    const shape = [...images.shape];
    const labels = [images.labels(false), images.labels(true)];
    const pixels = [images.pixels(false), images.pixels(true)];
    /** @type {ImageSource} */
    const source = {
      dataset,
      files: [0, 1].flatMap((part) => [bytes_of(pixels[part]), bytes_of(labels[part])]),
      arrays: { shape, classes, normalisation: images.normalisation() },
    };
    const counts = labels.map((all) => {
      const counts = classes.map(() => 0);
      for (const label of all) counts[label] = (counts[label] ?? 0) + 1;
      return counts;
    });
    return { source, preview: first(shape, classes, pixels[0], labels[0]), counts };
  },
};

serve(work);

async function open() {
  try {
    await init();
  } catch (error) {
    const why = in_words(error);
    throw new Error(`What reads files could not be loaded (${why}): check the connection, and try again`);
  }
  return new Dropped(
    files.map(({ path }) => path),
    files.map(({ file }) => file),
  );
}

/** @param {Uint8Array} [array] */
const bytes_of = (array) => new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (array)]);

/**
 * The first images of each class, to be shown.
 *
 * @param {number[]} shape
 * @param {string[]} classes
 * @param {Uint8Array} pixels
 * @param {Uint8Array} labels
 * @returns {Preview}
 */
function first([rows = 0, columns = 0, channels = 1], classes, pixels, labels) {
  const each = Math.ceil(SHOWN / classes.length);
  const seen = classes.map(() => 0);
  const chosen = [...labels.keys()].filter((index) => {
    const label = labels[index] ?? 0;
    return (seen[label] = (seen[label] ?? 0) + 1) <= each;
  });
  const size = rows * columns * channels;
  const shown = new Uint8Array(chosen.length * size);
  for (const [place, index] of chosen.entries()) {
    shown.set(pixels.subarray(index * size, (index + 1) * size), place * size);
  }
  return {
    rows,
    columns,
    channels,
    classes,
    labels: chosen.map((index) => labels[index] ?? 0),
    pixels: shown,
  };
}
