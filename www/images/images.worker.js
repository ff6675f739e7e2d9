/**
 * Gets images: fetches or opens files, unpacks them, generates the built-in set, and shows the
 * first few, all of it off the page's own thread.
 *
 * @import { IdentifiedReply, IdentifyRequest, ImagesReply, ImagesRequest, Part, PrepareRequest } from '../race/messages.js'
 */
import init, { Images, check_configuration } from '../../pkg/spikealign.js';
import { in_words } from '../base/failure.js';
import { count as grouped } from '../base/format.js';
import { bytes_needed, items_in, part_names, parts, read_beginning, which_part } from './idx.js';
import { keep, kept } from './kept.js';
import { preview } from './preview.js';

/** How many images the page shows. */
const SHOWN = 200;

/** How often progress is told, in bytes. */
const REPORT_EVERY = 250_000;

addEventListener('message', async ({ data: request }) => {
  try {
    reply(await answer(request));
  } catch (error) {
    reply({ type: 'failed', generation: request.generation, message: in_words(error) });
  }
});

/**
 * @param {ImagesRequest} request
 * @returns {Promise<ImagesReply>}
 */
async function answer(request) {
  return request.type === 'identify' ? identify(request) : prepare(request);
}

/**
 * @param {PrepareRequest} request
 * @returns {Promise<ImagesReply>}
 */
async function prepare(request) {
  const { generation, configuration } = request;
  await init({ module_or_path: request.module });
  check_configuration(configuration);
  if (configuration.dataset === 'garments') {
    const images = Images.garments(configuration.seed, SHOWN, 1);
    const shown = preview(images, 'train', SHOWN);
    images.free();
    return { type: 'prepared', generation, source: { dataset: 'garments' }, preview: shown };
  }
  // Labels first: they are small, and everything after them can be shown.
  const [train_labels, test_labels, test_images, train_images] = [
    await part_of(request, 'train_labels', configuration.examples),
    await part_of(request, 'test_labels', configuration.test_examples),
    await part_of(request, 'test_images', configuration.test_examples),
    await part_of(request, 'train_images', configuration.examples),
  ];
  const { examples, test_examples } = configuration;
  const images = Images.fashion_mnist(
    train_images,
    train_labels,
    test_images,
    test_labels,
    examples,
    test_examples,
  );
  const shown = preview(images, 'train', SHOWN);
  images.free();
  // The core has read them: they are good.
  const read = { train_images, train_labels, test_images, test_labels };
  for (const part of part_names) {
    if (!request.files[part]) keep(`${request.address}${parts[part].file}`, read[part]);
  }
  return {
    type: 'prepared',
    generation,
    source: {
      dataset: 'fashion-mnist',
      train_images: new Blob([train_images]),
      train_labels: new Blob([train_labels]),
      test_images: new Blob([test_images]),
      test_labels: new Blob([test_labels]),
    },
    preview: shown,
  };
}

/**
 * @param {PrepareRequest} request
 * @param {Part} part
 * @param {number} count
 */
async function part_of({ files, address, generation }, part, count) {
  const { file, label } = parts[part];
  const total = bytes_needed(part, count);
  const stream = files[part]?.stream() ?? (await fetch_part(`${address}${file}`, part, count));
  let told = 0;
  try {
    return await read_beginning(stream, total, (done) => {
      if (done - told < REPORT_EVERY && done < total) return;
      told = done;
      reply({ type: 'loading', generation, part, done, total });
    });
  } catch (error) {
    throw new Error(`The ${label} could not be read to the end: ${in_words(error)}`);
  }
}

/**
 * The file from beside the page; or, without a network, what this browser keeps of it.
 *
 * @param {string} address
 * @param {Part} part
 * @param {number} count
 */
async function fetch_part(address, part, count) {
  const { label } = parts[part];
  const response = await fetch(address).catch(() => null);
  if (response?.ok && response.body) return response.body;
  if (response) throw new Error(`The ${label} did not arrive: the server answered ${response.status}.`);
  const beginning = await kept(address);
  if (!beginning) throw new Error(`The ${label} did not arrive: the connection failed.`);
  const items = items_in(part, beginning.length);
  if (items < count) {
    throw new Error(
      `The connection failed, and this browser keeps only the first ${grouped(items)} ${label}: ` +
        'ask for no more of them, or use generated images.',
    );
  }
  return beginning.body;
}

/**
 * @param {IdentifyRequest} request
 * @returns {Promise<IdentifiedReply>}
 */
async function identify({ generation, files }) {
  const found = files.map(async (file) => {
    try {
      const part = which_part(await read_beginning(file.stream(), 8), file.name);
      if (part) return { file, part, message: parts[part].label };
    } catch {
      return { file, part: null, message: `“${file.name}” is a damaged gzip file.` };
    }
    const expected = part_names.map((part) => parts[part].file).join(', ');
    return {
      file,
      part: null,
      message: `“${file.name}” is not one of the four Fashion-MNIST files (${expected}).`,
    };
  });
  return { type: 'identified', generation, files: await Promise.all(found) };
}

/** @param {ImagesReply} message */
function reply(message) {
  postMessage(message);
}
