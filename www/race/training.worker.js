/**
 * Trains one network with one rule, in its own wasm instance. It works only on request: to pause is to
 * stop asking.
 *
 * @import { ImageSource } from '../images/source.js'
 * @import { Configuration, Progress } from '../../pkg/spikealign.js'
 */
import init, { Experiment, read_checkpoint } from '../../pkg/spikealign.js';
import { in_words } from '../base/failure.js';
import { preview } from '../images/preview.js';
import { open_images } from '../images/source.js';
import { serve } from '../workers/serve.js';
import { keep } from './checkpoints.js';

/** How many test images the page may show. */
const SHOWN = 8;

/** @type {{ experiment: Experiment, configuration: Configuration } | null} */
let begun = null;

/** @typedef {typeof work} TrainingWork */

const work = {
  /**
   * Begins, or resumes from a checkpoint: then with its records and progress.
   *
   * @param {{ module: WebAssembly.Module, configuration: Configuration, source: ImageSource, checkpoint: Uint8Array | null }} request
   */
  async start({ module, configuration, source, checkpoint }) {
    await init({ module_or_path: module });
    const images = await open_images(source, configuration);
    const experiment = checkpoint
      ? Experiment.resume(checkpoint, images)
      : new Experiment(configuration, images);
    begun = { experiment, configuration };
    const tests = preview(images, 'test', SHOWN);
    images.free();
    return {
      layer_names: experiment.layer_names(),
      tests,
      records: checkpoint ? read_checkpoint(checkpoint).records : [],
      progress: checkpoint ? experiment.advance(0) : null,
    };
  },

  /**
   * Works for this long, at least one chunk. It stops at a record, so that the next request belongs to the
   * record.
   *
   * @param {number} milliseconds
   * @returns {Progress}
   */
  advance: (milliseconds) => running().experiment.advance_for(milliseconds),

  /**
   * How often each label was given each answer in the last test, label by label; and the probability of
   * each class for the first test images, image by image; and a sample of the network.
   *
   * @param {number} count of test images
   */
  answers(count) {
    const { experiment } = running();
    return {
      confusion: experiment.confusion(),
      probabilities: experiment.answers(count),
      view: experiment.view(),
    };
  },

  /** A sample of the network now. */
  view: () => running().experiment.view(),

  /**
   * The probabilities of the classes for an image that is not of the data set.
   *
   * @param {Uint8Array} image
   */
  answer: (image) => running().experiment.answer(image),

  /**
   * Keeps a checkpoint in the browser's own storage.
   *
   * @param {{ race: string, at: number }} request whose it is, and the time, in milliseconds since 1970
   * @returns {Promise<string | true>} why it could not be kept, or true
   */
  async keep({ race, at }) {
    const { experiment, configuration } = running();
    const { stage, epoch } = experiment.advance(0);
    try {
      const kept = { race, configuration, epoch, done: stage === 'done', at };
      await keep(kept, experiment.checkpoint());
      return true;
    } catch (error) {
      return in_words(error);
    }
  },

  /**
   * A sample of a layer: pairs of forward and feedback weight, interleaved.
   *
   * @param {{ layer: number, most: number }} request
   */
  weights: ({ layer, most }) => running().experiment.weights(layer, most),

  /**
   * A NumPy file of weights, or a checkpoint.
   *
   * @param {{ layer: number, which: Which }} request
   */
  file({ layer, which }) {
    const { experiment } = running();
    if (which === 'checkpoint') return experiment.checkpoint();
    return which === 'forward' ? experiment.forward_npy(layer) : experiment.feedback_npy(layer);
  },
};

/** @typedef {'forward' | 'feedback' | 'checkpoint'} Which */

serve(work, (answer) => (ArrayBuffer.isView(answer) ? [/** @type {ArrayBuffer} */ (answer.buffer)] : []));

function running() {
  if (!begun) throw new Error('The training has not begun.');
  return begun;
}
