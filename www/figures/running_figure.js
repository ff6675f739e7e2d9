/**
 * The common parts of running figures: a simulation, its controls, a seed, and a place for failures.
 *
 * @import { LayerView, NeuronView } from '../../pkg/spikealign.js'
 * @import { FigureScene, RunAnswer } from './messages.js'
 */
import { element } from '../base/dom.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { complaint } from '../base/complaint.js';
import { playback } from './playback.js';
import { Simulation } from './simulation.js';

/**
 * A figure, for the page and for other pages.
 *
 * @typedef {object} Figure
 * @property {Simulation | null} simulation
 * @property {(weight: number) => void} [look_at] begins again with this weight
 */

/**
 * @typedef {object} Play
 * @property {FigureScene} scene changed in place by the figure, before it calls `restart`
 * @property {string} title for a screen reader
 * @property {string} drawn the name of its seed
 * @property {number} limit steps after which it ends
 * @property {number} [pause] milliseconds between two drawings, at least
 * @property {(answer: RunAnswer) => void} take a new view
 * @property {() => void} give_up what was asked for: the moment that would have answered it is no longer on its way
 * @property {() => void} draw what is there
 * @property {() => void} forget what was seen of another scene
 */

/**
 * @param {HTMLElement} root
 * @param {Play} play
 */
export function running_figure(root, { scene, title, drawn, limit, pause = 0, take, give_up, draw, forget }) {
  const failure = complaint();
  const simulation = new Simulation(root, structuredClone(scene), limit, {
    show(answer) {
      if (answer.restarted) forget();
      take(answer);
      if (!simulation.seeks) give_up();
      soon();
    },
    change: () => controls.show(),
    fail(message) {
      give_up();
      failure.show(message);
    },
    retry: failure.clear,
  });
  const restart = () => {
    root.dataset.seed = String(scene.scene.seed);
    simulation.set_scene(structuredClone(scene));
    simulation.play();
  };
  const controls = playback(simulation, title, { name: drawn, seed: scene.scene.seed }, (seed) => {
    scene.scene.seed = seed;
    restart();
  });
  const soon = drawing(
    root,
    () => {
      draw();
      controls.show();
    },
    pause,
  );
  root.dataset.seed = String(scene.scene.seed);
  on_new_looks(root, soon);
  return {
    simulation,
    controls: controls.root,
    failure: failure.root,
    restart,
    draw: soon,
    /** Once everything is in its place. */
    begin() {
      controls.show();
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches) simulation.play();
    },
  };
}
