/**
 * Runs the scene of one figure in its own wasm instance, and answers with views of it.
 *
 * @import { FigureScene, FigureWork } from './messages.js'
 */
import init, { GuessFigure, LayerFigure, NeuronFigure, learn, send_down } from '../../pkg/spikealign.js';
import { serve } from '../workers/serve.js';

/** @type {GuessFigure | NeuronFigure | LayerFigure | null} */
let figure = null;

/** @type {FigureWork} */
const work = {
  async run({ module, scene, restart, until, milliseconds, connections }) {
    await init({ module_or_path: module });
    const restarted = !figure || restart;
    if (restarted) figure?.free();
    if (!figure || restarted) figure = open(scene);
    figure.advance_for(until, milliseconds);
    const view = figure.view();
    const weights =
      'pair' in view && figure instanceof LayerFigure ? figure.weights(view.pair, connections) : null;
    return { restarted, view, weights };
  },
  async send_down({ module, forward, feedback, error }) {
    await init({ module_or_path: module });
    return send_down(forward, feedback, error);
  },
  async learn({ module, forward, lower, feedback, outputs, steps }) {
    await init({ module_or_path: module });
    return learn(forward, lower, feedback, outputs, steps);
  },
};

/** @param {FigureScene} asked */
function open(asked) {
  // If opening fails, there is no figure.
  figure = null;
  if (asked.kind === 'guess') return new GuessFigure(asked.scene);
  return asked.kind === 'neuron' ? new NeuronFigure(asked.scene) : new LayerFigure(asked.scene);
}

serve(work);
