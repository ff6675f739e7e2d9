/**
 * Trains one network with one rule, in a wasm instance of its own. It does what it is asked, says
 * what came of it, and waits: pausing is not asking.
 *
 * @import { ImageSource, TrainingReply, TrainingRequest } from './messages.js'
 * @import { Configuration, Progress } from '../pkg/spikealign.js'
 */
import init, { Experiment, Images } from '../pkg/spikealign.js';
import { in_words } from './failure.js';

/** @type {Experiment | null} */
let experiment = null;

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
    const images = await open_images(request.source, request.configuration);
    experiment = new Experiment(request.configuration, images);
    return { type: 'ready', generation, layer_names: experiment.layer_names() };
  }
  if (experiment === null) throw new Error('The training was asked to go on before it began.');
  if (request.type === 'advance') {
    return { type: 'progress', generation, progress: advance(experiment, request.milliseconds) };
  }
  const { layer, most } = request;
  return { type: 'weights', generation, layer, weights: experiment.weights(layer, most) };
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
 * Advances chunk by chunk, at least one, until the time is up.
 *
 * @param {Experiment} experiment
 * @param {number} milliseconds
 * @returns {Progress} of the last chunk, with the records and the freshest alignment of all
 */
function advance(experiment, milliseconds) {
  const end = performance.now() + milliseconds;
  const records = [];
  let layers = null;
  for (;;) {
    const progress = experiment.advance(1);
    records.push(...progress.records);
    layers = progress.layers ?? layers;
    if (progress.stage === 'done' || performance.now() >= end) {
      return { ...progress, records, layers };
    }
  }
}

/** @param {TrainingReply} message */
function reply(message) {
  postMessage(message, { transfer: message.type === 'weights' ? [message.weights.buffer] : [] });
}
