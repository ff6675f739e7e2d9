/**
 * Runs the scene of one figure, in a wasm instance of its own: as many steps as it is asked for, and a
 * view of what they led to.
 *
 * @import { FigureReply, FigureRequest, FigureScene } from './messages.js'
 */
import init, { LayerFigure, NeuronFigure, send_down } from '../../pkg/spikealign.js';
import { in_words } from '../base/failure.js';

/** Steps between two looks at the clock. */
const CHUNK = 200;

/** @type {NeuronFigure | LayerFigure | null} */
let figure = null;
let steps_done = 0;

addEventListener('message', async ({ data: request }) => {
  try {
    postMessage(await answer(request));
  } catch (error) {
    /** @type {FigureReply} */
    const reply = { type: 'failed', generation: request.generation, message: in_words(error) };
    postMessage(reply);
  }
});

/**
 * @param {FigureRequest} request
 * @returns {Promise<FigureReply>}
 */
async function answer(request) {
  const { generation } = request;
  await init({ module_or_path: request.module });
  if (request.type === 'send-down') {
    const [forward, feedback, error] = [request.forward, request.feedback, request.error];
    return { type: 'sent-down', generation, transport: send_down(forward, feedback, error) };
  }
  const restarted = !figure || request.restart;
  if (restarted) {
    figure?.free();
    figure = null;
    figure = open(request.scene);
    steps_done = 0;
  }
  if (!figure) throw new Error('The figure has no scene.');
  advance(figure, request.until, request.milliseconds);
  const view = figure.view();
  const weights =
    'pair' in view && figure instanceof LayerFigure ? figure.weights(view.pair, request.connections) : null;
  return { type: 'view', generation, restarted, view, weights };
}

/** @param {FigureScene} scene */
function open(scene) {
  return scene.kind === 'neuron' ? new NeuronFigure(scene.neuron) : new LayerFigure(scene.layer);
}

/**
 * @param {NeuronFigure | LayerFigure} figure
 * @param {number} until the step to get to
 * @param {number} milliseconds to get there, at most
 */
function advance(figure, until, milliseconds) {
  const end = performance.now() + milliseconds;
  while (steps_done < until) {
    const steps = Math.min(CHUNK, until - steps_done);
    figure.advance(steps);
    steps_done += steps;
    if (performance.now() >= end) return;
  }
}
