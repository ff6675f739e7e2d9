/**
 * The reader's own images: reads them in a worker of their own. Loaded when there are some.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 * @import { Loading } from './images.worker.js'
 * @import { Kept } from './kept_files.js'
 * @import { OwnFile, ReadersWork } from './readers.worker.js'
 */
import { in_words } from '../base/failure.js';
import { dataset_of } from './datasets.js';
import { Mailbox } from '../workers/mailbox.js';
import { start_worker } from '../workers/start.js';
import { turns } from '../workers/turns.js';
import program from './readers.worker.js?worker&url';

/** How many files are handed to a worker at a time. Each takes the page's own thread up to half a millisecond. */
const PIECE = 50;
/** After how many it is told: to lay out the page again takes as long as to hand over a piece. */
const TOLD_EVERY = 20 * PIECE;

/**
 * Which data sets the files can be.
 *
 * @param {OwnFile[]} files
 * @param {(loading: Loading) => void} on_news hears how many of them are on their way
 */
export const recognise = (files, on_news) => ask('recognise', files, undefined, on_news);

/** @typedef {Awaited<ReturnType<ReadersWork['read']>>} Images */

/** What was read last, from which files, and by which settings. @type {{ files: OwnFile[], wanted: string, images: Images } | null} */
let last = null;

/**
 * The images that a configuration uses.
 *
 * @param {Kept} own
 * @param {Configuration} configuration
 * @param {(loading: Loading) => void} on_news hears how many of the files are on their way
 */
export async function read_own({ files, names }, configuration, on_news) {
  const { dataset, seed, image_size, examples, test_examples } = configuration;
  // Of pictures the seed draws those to test with.
  const of_pictures = dataset_of(dataset).shape[0] === 0 ? [seed, image_size] : [];
  const wanted = [dataset, examples, test_examples, ...of_pictures].join(' ');
  if (last?.files !== files || last.wanted !== wanted) {
    last = { files, wanted, images: await ask('read', files, configuration, on_news) };
  }
  return with_names(last.images, names);
}

/**
 * @param {Images} images
 * @param {string[]} names of the classes in place of those in the files; or none
 * @returns {Images}
 */
function with_names({ source, preview, counts }, names) {
  const classes = names.length === preview.classes.length ? names : preview.classes;
  const arrays = source.arrays && { ...source.arrays, classes };
  return { source: { ...source, arrays }, preview: { ...preview, classes }, counts };
}

/**
 * Hands the files to a new worker, and asks it.
 *
 * @template {keyof ReadersWork & string} Kind
 * @param {Kind} kind
 * @param {OwnFile[]} files
 * @param {Parameters<ReadersWork[Kind]>[0]} request
 * @param {(loading: Loading) => void} on_news
 */
async function ask(kind, files, request, on_news) {
  /** @type {Mailbox<ReadersWork>} */
  const mailbox = new Mailbox(() => start_worker(program, 'readers'), turns);
  try {
    for (let start = 0; start < files.length; start += PIECE) {
      if (start % TOLD_EVERY === 0) on_news({ label: 'files', done: start, total: files.length });
      await mailbox.ask('take', () => files.slice(start, start + PIECE), { without_turn: true });
    }
    const answer = await mailbox.ask(kind, () => request, { without_turn: true });
    if (!answer) throw new Error('These images are no longer needed.');
    return answer;
  } catch (error) {
    // The program ran out of memory: its message is that of a machine.
    if (/unreachable|out of memory|allocat/i.test(in_words(error))) {
      throw new Error('These files take more memory than the browser has: use fewer or smaller ones.');
    }
    throw error;
  } finally {
    mailbox.close();
  }
}
