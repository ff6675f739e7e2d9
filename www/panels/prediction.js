/**
 * What a reader expects of a run.
 *
 * @import { Race } from '../race/race.js'
 */

/** The expected test accuracy of one rule after each epoch. @typedef {{ rule: string, x: number[], y: number[] }} Line */

/** @typedef {{ run: string, line: Line }} Plan a prediction, and what its run is called in the chart once it is an earlier one */

/** Dispatches `change` when the plan of the next run changes. */
export class Prediction extends EventTarget {
  /** Of the next run. @type {Plan | null} */
  next = null;
  /** Of the run that has begun, as it was then: nobody predicts what can be seen. @type {Plan | null} */
  begun = null;

  /** @param {Race} race */
  constructor(race) {
    super();
    let before = race.state;
    race.addEventListener('change', () => {
      if (race.state === 'idle') this.begun = null;
      else if (before === 'idle') this.begun = this.next;
      before = race.state;
    });
  }

  /** What is drawn of it. */
  get line() {
    return (this.next ?? this.begun)?.line ?? null;
  }

  /** @param {Plan | null} next null if the settings are no longer those of which something was expected */
  set(next) {
    if (next === this.next) return;
    this.next = next;
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Moves the point of the nearest epoch.
   *
   * @param {number} x
   * @param {number} y
   */
  draw(x, y) {
    if (!this.next) return;
    const { run, line } = this.next;
    const distances = line.x.map((epoch) => Math.abs(epoch - x));
    const nearest = distances.indexOf(Math.min(...distances));
    this.set({ run, line: { ...line, y: line.y.map((value, index) => (index === nearest ? y : value)) } });
  }
}
