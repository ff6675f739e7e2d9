/**
 * Plays one figure at a speed, with pauses, to any moment, and only while it is in view. Its worker holds the
 * state. A scene always runs the same way, so to go back in time it runs again from the start.
 *
 * @import { FigureScene, FigureWork, RunAnswer, RunRequest } from './messages.js'
 */
import { in_words } from '../base/failure.js';
import { at_end } from '../base/lifetime.js';
import { engine } from '../workers/engine.js';
import { Mailbox } from '../workers/mailbox.js';
import { start_worker } from '../workers/start.js';
import { turns } from '../workers/turns.js';
import program from './figure.worker.js?worker&url';

/** How long the worker works between two views, in milliseconds. */
const SLICE = 24;
/** A figure that was not seen for this long does not catch up, in milliseconds. */
const LONGEST_PAUSE = 100;

/** A worker of a figure. @returns {Mailbox<FigureWork>} */
export const figure_worker = () => new Mailbox(() => start_worker(program, 'figure'), turns);

/**
 * @typedef {object} Looks what a simulation tells its figure
 * @property {(answer: RunAnswer) => void} show a new view
 * @property {() => void} change it plays, pauses, or has another speed
 * @property {(message: string) => void} fail and it waits until something is asked of it
 * @property {() => void} retry what has failed is tried again
 */

export class Simulation {
  /** Simulated milliseconds a millisecond; without end, as fast as it goes. */
  speed = 1;
  playing = false;
  /** Steps that the last view has seen. */
  steps = 0;
  /** The furthest step that was reached. */
  reached = 0;
  /** Recent simulated milliseconds per millisecond. */
  factor = 0;
  /** How many connections each view comes with. */
  connections = 0;

  #root;
  #scene;
  #limit;
  #looks;
  #worker = figure_worker();
  #in_view = false;
  /** Whether a request is pending: there is one at a time, however often the scene changes. */
  #asked = false;
  #restart = true;
  /** Whether it has failed, and nothing was asked of it since. */
  #failed = false;
  /** @type {number | null} */
  #target = null;
  #due = 0;
  #last = 0;

  /**
   * @param {Element} root where it is shown; it dispatches `spikealign:over` when the course has ended
   * @param {FigureScene} scene
   * @param {number} limit steps after which it ends
   * @param {Looks} looks
   */
  constructor(root, scene, limit, looks) {
    this.#root = root;
    this.#scene = scene;
    this.#limit = limit;
    this.#looks = looks;
    const observer = new IntersectionObserver(([entry]) => {
      this.#in_view = Boolean(entry?.isIntersecting);
      this.#last = performance.now();
      this.#go_on();
    });
    observer.observe(root);
    at_end(root, () => {
      this.playing = false;
      this.#in_view = false;
      observer.disconnect();
      this.#worker.close();
    });
  }

  /** Whether it has come to its end. */
  get over() {
    return this.steps >= this.#limit;
  }

  /** Whether a moment that was asked for is on its way. */
  get seeks() {
    return this.#target !== null;
  }

  play() {
    if (this.over) this.seek(0);
    this.playing = true;
    this.#last = performance.now();
    this.#looks.change();
    this.#ask();
  }

  pause() {
    this.playing = false;
    this.#looks.change();
  }

  /** @param {number} speed */
  set_speed(speed) {
    this.speed = speed;
    this.#looks.change();
  }

  /**
   * Goes to a moment, in steps.
   *
   * @param {number} step
   */
  seek(step) {
    this.#target = Math.max(0, Math.min(this.#limit, Math.round(step)));
    this.#ask();
  }

  /**
   * Begins again with another scene.
   *
   * @param {FigureScene} scene
   */
  set_scene(scene) {
    this.#scene = scene;
    this.reached = 0;
    this.steps = 0;
    this.#restart = true;
    this.#target = null;
    this.#ask();
  }

  /** Somebody asks for something: what has failed is tried again. */
  #ask() {
    if (this.#failed) this.#looks.retry();
    this.#failed = false;
    this.#go_on();
  }

  /** Asks for the next view, if there is something to see, and none has been asked for. */
  async #go_on() {
    if (this.#asked || !this.#wants()) return;
    this.#asked = true;
    try {
      /** @type {FigureScene | null} */
      let scene = null;
      /** @type {number | null} */
      let target = null;
      const answer = await this.#worker.ask('run', async () => {
        const module = await engine();
        scene = this.#scene;
        target = this.#target;
        return this.#wants() ? this.#request(module) : null;
      });
      this.#asked = false;
      // A view of an earlier scene is not shown.
      if (answer && scene === this.#scene) this.#hear(answer, target);
      // The next view is for the next frame.
      requestAnimationFrame(() => this.#go_on());
    } catch (error) {
      this.#asked = false;
      this.#fail(in_words(error));
    }
  }

  #wants() {
    if (!this.#in_view || this.#failed) return false;
    return this.#restart || this.#target !== null || (this.playing && !this.over);
  }

  /** @param {WebAssembly.Module} module @returns {RunRequest} */
  #request(module) {
    const restart = this.#restart || (this.#target !== null && this.#target < this.steps);
    this.#restart = false;
    return {
      module,
      scene: this.#scene,
      restart,
      until: this.#next_step(restart ? 0 : this.steps),
      // A requested moment is shown as soon as it is reached.
      milliseconds: this.#target === null ? SLICE : 10 * SLICE,
      connections: this.connections,
    };
  }

  /** @param {number} from */
  #next_step(from) {
    const now = performance.now();
    const elapsed = Math.min(now - this.#last, LONGEST_PAUSE);
    this.#last = now;
    if (this.#target !== null) return this.#target;
    if (!this.playing) return from;
    if (this.speed === Infinity) return this.#limit;
    this.#due += elapsed * this.speed;
    const steps = Math.floor(this.#due);
    this.#due -= steps;
    return Math.min(this.#limit, from + steps);
  }

  /** @param {RunAnswer} answer @param {number | null} target the moment that was to be reached */
  #hear(answer, target) {
    const { steps } = answer.view;
    this.#measure(answer.restarted ? 0 : steps - this.steps);
    this.steps = steps;
    this.reached = Math.max(this.reached, steps);
    // Ignore a view of an earlier target.
    if (target === this.#target && target !== null && steps >= target) this.#target = null;
    this.#looks.show(answer);
    if (this.over && this.playing) {
      this.pause();
      this.#root.dispatchEvent(new Event('spikealign:over'));
    }
  }

  #measured_at = 0;
  /** Smooths the speed over a second or so. @param {number} steps */
  #measure(steps) {
    const now = performance.now();
    const elapsed = now - this.#measured_at;
    this.#measured_at = now;
    if (elapsed <= 0 || elapsed > 1_000) return;
    const share = Math.min(1, elapsed / 500);
    this.factor += share * (steps / elapsed - this.factor);
  }

  /** @param {string} message */
  #fail(message) {
    this.playing = false;
    this.#worker.restart();
    this.#restart = true;
    this.#failed = true;
    this.#looks.fail(message);
    this.#looks.change();
  }
}
