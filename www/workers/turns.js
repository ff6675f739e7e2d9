/**
 * Limits how many workers compute at a time to the number of cores; the others wait in line. A turn is
 * one request of a few dozen milliseconds.
 */

/** @typedef {{ begin: (() => void) | null }} Turn `begin` is called when the turn comes, and null from then on */

export class Turns {
  #places;
  /** @type {Set<Turn>} */
  #working = new Set();
  /** @type {Set<Turn>} in the order in which they came */
  #waiting = new Set();

  /** @param {number} places how many may work at a time */
  constructor(places) {
    this.#places = places;
  }

  /** How many are working. */
  get working() {
    return this.#working.size;
  }

  /**
   * Asks for a turn.
   *
   * @param {() => void} begin called when it comes, perhaps at once
   * @returns {Turn} to be given back with `end`
   */
  ask(begin) {
    /** @type {Turn} */
    const turn = { begin };
    this.#waiting.add(turn);
    this.#next();
    return turn;
  }

  /**
   * Ends a turn, or stops waiting for it.
   *
   * @param {Turn | null} turn
   */
  end(turn) {
    if (!turn) return;
    this.#working.delete(turn);
    this.#waiting.delete(turn);
    this.#next();
  }

  #next() {
    for (const turn of this.#waiting) {
      if (this.#working.size >= this.#places) return;
      this.#waiting.delete(turn);
      this.#working.add(turn);
      const { begin } = turn;
      turn.begin = null;
      begin?.();
    }
  }
}

/** The turns that every worker of the page shares. */
export const turns = new Turns(Math.max(1, globalThis.navigator?.hardwareConcurrency || 2));
