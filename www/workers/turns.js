/**
 * Whose turn it is to compute: at most as many workers work at a time as there are cores, and the
 * others wait in line. A turn is a few dozen milliseconds, so nobody waits for long.
 */

/** How many may work at a time. */
const PLACES = Math.max(1, navigator.hardwareConcurrency || 2);

/** @typedef {{ begin: (() => void) | null }} Turn `begin` is what waits to be called; null once it was */

/** @type {Set<Turn>} */
const working = new Set();
/** @type {Set<Turn>} in the order in which they came */
const waiting = new Set();

/**
 * Asks for a turn.
 *
 * @param {() => void} begin called when it has come, perhaps at once
 * @returns {Turn} to be given back with `end_turn`
 */
export function ask_turn(begin) {
  /** @type {Turn} */
  const turn = { begin };
  waiting.add(turn);
  next();
  return turn;
}

/**
 * Ends a turn, or no longer waits for it.
 *
 * @param {Turn | null} turn
 */
export function end_turn(turn) {
  if (!turn) return;
  working.delete(turn);
  waiting.delete(turn);
  next();
}

function next() {
  for (const turn of waiting) {
    if (working.size >= PLACES) return;
    waiting.delete(turn);
    working.add(turn);
    const { begin } = turn;
    turn.begin = null;
    begin?.();
  }
}
