/**
 * Trains one network with one rule, in a wasm instance of its own. It does what it is asked, says
 * what came of it, and waits: pausing is not asking.
 *
 * @import { ImageSource, TrainingReply, TrainingRequest, Which } from './messages.js'
 * @import { Configuration, Progress } from '../../pkg/spikealign.js'
 */
import init, { Experiment, Images, read_checkpoint } from '../../pkg/spikealign.js';
import { keep } from './checkpoints.js';
import { in_words } from '../base/failure.js';
import { preview } from '../images/preview.js';

/** How many test images the page may show. */
const SHOWN = 8;

/** @type {Experiment | null} */
let experiment = null;
/** @type {Configuration | null} */
let configuration = null;

addEventListener('message', async ({ data: request }) => {
  try {
    reply(await answer(request));
  } catch (error) {
    reply({ type: 'failed', generation: request.generation, message: in_words(error) });
  }
});

/**
 * @param {TrainingRequest} request
 * @returns {Promise<TrainingReply>}
 */
async function answer(request) {
  const { generation } = request;
  if (request.type === 'start') {
    await init({ module_or_path: request.module });
    const { checkpoint } = request;
    configuration = request.configuration;
    const images = await open_images(request.source, configuration);
    experiment = checkpoint ? Experiment.resume(checkpoint, images) : new Experiment(configuration, images);
    const tests = preview(images, 'test', SHOWN);
    images.free();
    const past = {
      records: checkpoint ? read_checkpoint(checkpoint).records : [],
      progress: checkpoint ? experiment.advance(0) : null,
    };
    return { type: 'ready', generation, layer_names: experiment.layer_names(), tests, ...past };
  }
  if (experiment === null) throw new Error('The training was asked to go on before it began.');
  if (request.type === 'advance') {
    return { type: 'progress', generation, progress: advance(experiment, request.milliseconds) };
  }
  if (request.type === 'answers') {
    const probabilities = experiment.answers(request.count);
    return { type: 'answers', generation, answers: { confusion: experiment.confusion(), probabilities } };
  }
  if (request.type === 'keep') {
    return { type: 'kept', generation, problem: await keep_checkpoint(experiment) };
  }
  if (request.type === 'file') {
    const { layer, which } = request;
    return { type: 'file', generation, layer, which, file: file_of(experiment, layer, which) };
  }
  const { layer, most } = request;
  return { type: 'weights', generation, layer, weights: experiment.weights(layer, most) };
}

/**
 * @param {Experiment} experiment
 * @param {number} layer
 * @param {Which} which
 */
function file_of(experiment, layer, which) {
  if (which === 'checkpoint') return experiment.checkpoint();
  return which === 'forward' ? experiment.forward_npy(layer) : experiment.feedback_npy(layer);
}

/**
 * @param {Experiment} experiment
 * @returns {Promise<string | null>} why it could not be kept
 */
async function keep_checkpoint(experiment) {
  try {
    if (!configuration) throw new Error('nothing has begun');
    const { stage, epoch } = experiment.advance(0);
    const kept = { configuration, epoch, done: stage === 'done', at: Date.now() };
    await keep(kept, experiment.checkpoint());
    return null;
  } catch (error) {
    return in_words(error);
  }
}

/**
 * @param {ImageSource} source
 * @param {Configuration} configuration
 */
async function open_images(source, { seed, examples, test_examples }) {
  if (source.dataset === 'garments') return Images.garments(seed, examples, test_examples);
  const { train_images, train_labels, test_images, test_labels } = source;
  const parts = [train_images, train_labels, test_images, test_labels];
  const [a, b, c, d] = await Promise.all(parts.map((part) => part.arrayBuffer()));
  if (!a || !b || !c || !d) throw new Error('One of the four files is missing.');
  return Images.fashion_mnist(
    new Uint8Array(a),
    new Uint8Array(b),
    new Uint8Array(c),
    new Uint8Array(d),
    examples,
    test_examples,
  );
}

/**
 * Advances chunk by chunk, at least one, until the time is up or something has been recorded.
 *
 * @param {Experiment} experiment
 * @param {number} milliseconds
 * @returns {Progress} of the last chunk, with the freshest alignment of all
 */
function advance(experiment, milliseconds) {
  const end = performance.now() + milliseconds;
  let layers = null;
  for (;;) {
    const progress = experiment.advance(1);
    layers = progress.layers ?? layers;
    if (progress.records.length > 0 || progress.stage === 'done' || performance.now() >= end) {
      return { ...progress, layers };
    }
  }
}

/** @param {TrainingReply} message */
function reply(message) {
  postMessage(message, { transfer: message.type === 'weights' ? [message.weights.buffer] : [] });
}
