/**
 * The course of one figure in time: it plays at a speed, pauses, goes back and forth, and rests while
 * nobody looks. Its worker holds the state; one scene gives one course, so going back is running again
 * from the beginning.
 *
 * @import { LayerView, NeuronView } from '../../pkg/spikealign.js'
 * @import { FigureReply, FigureRequest, FigureScene } from './messages.js'
 * @import { Turn } from '../workers/turns.js'
 */
import { engine } from '../workers/engine.js';
import { in_words } from '../base/failure.js';
import { at_end } from '../base/lifetime.js';
import { ask_turn, end_turn } from '../workers/turns.js';
import { start_worker } from '../workers/start.js';
import program from './figure.worker.js?worker&url';

/** How long the worker works between two views, in milliseconds. */
const SLICE = 24;
/** A figure that was not seen for this long does not catch up, in milliseconds. */
const LONGEST_PAUSE = 100;

/**
 * @typedef {object} Looks what a simulation tells its figure
 * @property {(view: any, detail: { restarted: boolean, weights: Float32Array | null }) => void} show a new view
 * @property {() => void} change it plays, pauses, or has another speed
 * @property {(message: string) => void} fail
 */

export class Simulation {
  /** Simulated milliseconds a millisecond; without end, as fast as it goes. */
  speed = 1;
  playing = false;
  /** Steps that the last view has seen. */
  steps = 0;
  /** The furthest step that was reached. */
  reached = 0;
  /** Simulated milliseconds a millisecond, as they were lately. */
  factor = 0;

  #root;
  #scene;
  #limit;
  #looks;
  /** How many connections each view comes with. */
  connections = 0;
  #in_view = false;
  #restart = true;
  /** @type {number | null} */
  #target = null;
  #due = 0;
  #last = 0;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Turn | null} */
  #turn = null;
  #generation = 0;
  #observer;

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
    this.#observer = new IntersectionObserver(([entry]) => {
      this.#in_view = Boolean(entry?.isIntersecting);
      this.#last = performance.now();
      this.#go_on();
    });
    this.#observer.observe(root);
    at_end(root, () => this.#stop());
  }

  get limit() {
    return this.#limit;
  }

  /** Whether it has come to its end. */
  get over() {
    return this.steps >= this.#limit;
  }

  play() {
    if (this.over) this.seek(0);
    this.playing = true;
    this.#last = performance.now();
    this.#looks.change();
    this.#go_on();
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
    this.#go_on();
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
    this.#generation += 1;
    end_turn(this.#turn);
    this.#turn = null;
    this.#go_on();
  }

  /** Ends it for good. */
  #stop() {
    this.playing = false;
    this.#in_view = false;
    this.#generation += 1;
    this.#observer.disconnect();
    this.#worker?.terminate();
    this.#worker = null;
    end_turn(this.#turn);
    this.#turn = null;
  }

  /** Asks for the next view, if there is something to see, and none is under way. */
  #go_on() {
    if (this.#turn || !this.#wants()) return;
    const generation = this.#generation;
    this.#turn = ask_turn(async () => {
      try {
        const module = await engine();
        if (generation === this.#generation) this.#ask(module);
      } catch (error) {
        if (generation === this.#generation) this.#fail(in_words(error));
      }
    });
  }

  #wants() {
    if (!this.#in_view) return false;
    return this.#restart || this.#target !== null || (this.playing && !this.over);
  }

  /** @param {WebAssembly.Module} module */
  #ask(module) {
    const restart = this.#restart || (this.#target !== null && this.#target < this.steps);
    const from = restart ? 0 : this.steps;
    const until = this.#next_step(from);
    /** @type {FigureRequest} */
    const request = {
      type: 'run',
      generation: this.#generation,
      module,
      scene: this.#scene,
      restart,
      until,
      // A moment that was asked for is shown as soon as it is there.
      milliseconds: this.#target === null ? SLICE : 10 * SLICE,
      connections: this.connections,
    };
    this.#restart = false;
    this.#hire().postMessage(request);
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

  #hire() {
    if (this.#worker) return this.#worker;
    const worker = start_worker(program, 'figure');
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail('The worker of this figure died.');
    };
    this.#worker = worker;
    return worker;
  }

  /** @param {FigureReply} reply */
  #hear(reply) {
    if (reply.generation !== this.#generation) return;
    end_turn(this.#turn);
    this.#turn = null;
    if (reply.type === 'failed') return this.#fail(reply.message);
    if (reply.type !== 'view') return;
    const { view, restarted, weights } = reply;
    this.#measure(restarted ? 0 : view.steps - this.steps);
    this.steps = view.steps;
    this.reached = Math.max(this.reached, view.steps);
    if (this.#target !== null && view.steps >= this.#target) this.#target = null;
    this.#looks.show(view, { restarted, weights });
    if (this.over && this.playing) {
      this.pause();
      this.#root.dispatchEvent(new Event('spikealign:over'));
    }
    // The next view is for the next frame.
    requestAnimationFrame(() => this.#go_on());
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
    end_turn(this.#turn);
    this.#turn = null;
    this.playing = false;
    this.#worker?.terminate();
    this.#worker = null;
    this.#restart = true;
    this.#looks.fail(message);
    this.#looks.change();
  }
}
