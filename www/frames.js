/**
 * When things are drawn. Panels ask for a drawing as often as they like; each is drawn at most once
 * in its time, and a frame that has drawn enough leaves the rest for the next one, so that the page
 * answers at once however much is going on.
 */

/** How long a frame may draw, in milliseconds, before it leaves the rest for the next. */
const BUDGET = 6;

/** @type {Set<() => void>} */
const queue = new Set();
let asked = false;

/**
 * A function that has `draw` run soon.
 *
 * @param {() => void} draw
 * @param {number} [pause] milliseconds between two drawings, at least
 * @returns {() => void}
 */
export function drawing(draw, pause = 0) {
  let last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const run = () => {
    last = performance.now();
    draw();
  };
  return () => {
    if (timer !== undefined) return;
    const wait = last + pause - performance.now();
    if (wait <= 0) return enqueue(run);
    timer = setTimeout(() => {
      timer = undefined;
      enqueue(run);
    }, wait);
  };
}

/** @param {() => void} run */
function enqueue(run) {
  queue.add(run);
  if (asked) return;
  asked = true;
  requestAnimationFrame(draw_some);
}

function draw_some() {
  const end = performance.now() + BUDGET;
  for (const run of queue) {
    queue.delete(run);
    try {
      run();
    } catch (error) {
      // One panel that cannot be drawn does not stop the others.
      reportError(error);
    }
    if (performance.now() >= end) break;
  }
  asked = queue.size > 0;
  if (asked) requestAnimationFrame(draw_some);
}

/** Lets the browser do what has waited: input, layout, a frame. */
export function breathe() {
  return new Promise((resolve) => setTimeout(resolve));
}
