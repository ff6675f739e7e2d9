/**
 * Schedules drawing. Panels may request a drawing as often as they like; each is drawn at most once per
 * interval, and a frame that has used its budget leaves the rest to the next one, so that the page stays
 * responsive.
 */
import { on_scheme, set_on_paper } from './colors.js';
import { at_end } from './lifetime.js';

/** How long a frame may draw, in milliseconds, before it leaves the rest for the next. */
const BUDGET = 6;

/** @type {Set<() => void>} */
const queue = new Set();
let asked = false;

/** What a reader does who wants more than the first screen: files can be dropped on any part of the page. */
const MOVES = ['scroll', 'keydown', 'dragenter', 'beforeprint'];

/** Milliseconds between drawings out of view, which must be current when they are scrolled to. */
const OUT_OF_VIEW = 2_000;

/** @type {Map<Element, () => void>} how each root is drawn */
const drawn = new Map();
/** @type {Map<Element, () => void>} what to do when an element comes into view */
const watched = new Map();
/** @type {Set<Element>} */
const in_view = new Set();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) in_view.delete(target);
      else in_view.add(target) && watched.get(target)?.();
    }
  },
  { rootMargin: '10%' },
);

/**
 * A function that has `draw` run soon: at once where the reader looks, seldom elsewhere.
 *
 * @param {Element} root what is drawn on; one drawing for each
 * @param {() => void} draw
 * @param {number} [pause] milliseconds between two drawings, at least
 * @returns {() => void}
 */
export function drawing(root, draw, pause = 0) {
  let last = -Infinity;
  let ended = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const run = () => {
    last = performance.now();
    draw();
  };
  const ask = () => {
    if (timer !== undefined || ended) return;
    const wait = last + (in_view.has(root) ? pause : OUT_OF_VIEW) - performance.now();
    if (wait <= 0) return enqueue(run);
    timer = setTimeout(() => {
      timer = undefined;
      enqueue(run);
    }, wait);
  };
  drawn.set(root, draw);
  watched.set(root, () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    enqueue(run);
  });
  observer.observe(root);
  at_end(root, () => {
    ended = true;
    clearTimeout(timer);
    observer.unobserve(root);
    watched.delete(root);
    drawn.delete(root);
    in_view.delete(root);
    queue.delete(run);
  });
  return ask;
}

/** Draws everything in an element at once. @param {Element} ancestor */
export function draw_within(ancestor) {
  for (const [root, draw] of drawn) if (ancestor.contains(root)) draw();
}

// What is printed is drawn before it is laid out on paper, also where nobody has scrolled to.
addEventListener('beforeprint', () => print(true));
addEventListener('afterprint', () => print(false));
matchMedia('print').addEventListener('change', ({ matches }) => print(matches));

/** @param {boolean} now */
function print(now) {
  set_on_paper(now);
  for (const draw of drawn.values()) draw();
}

/**
 * Calls `draw` when `root` changes size or colours.
 *
 * @param {Element} root
 * @param {() => void} draw
 */
export function on_new_looks(root, draw) {
  on_scheme(root, draw);
  const observer = new ResizeObserver(draw);
  observer.observe(root);
  at_end(root, () => observer.disconnect());
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

/** Waits until the page has been loaded and shown for the first time. */
export async function first_sight() {
  if (document.readyState !== 'complete') {
    await new Promise((resolve) => addEventListener('load', resolve, { once: true }));
  }
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await breathe();
}

/**
 * Does something once the reader comes near an element.
 *
 * @param {Element} root
 * @param {() => void} act
 */
export function once_near(root, act) {
  const near = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      act();
    },
    { rootMargin: '100%' },
  );
  near.observe(root);
}

/**
 * Waits until the reader scrolls, uses the keyboard, brings files, prints, or sees an element without.
 *
 * @param {Element} root the first that is not needed before
 * @returns {Promise<void>}
 */
export function once_below(root) {
  return new Promise((resolve) => {
    if (scrollY > 0) return resolve();
    const done = () => {
      seen.disconnect();
      for (const type of MOVES) removeEventListener(type, done);
      resolve();
    };
    const seen = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) done();
    });
    seen.observe(root);
    for (const type of MOVES) addEventListener(type, done);
  });
}

/** Lets the browser do pending work: input, layout, a frame. */
export function breathe() {
  return new Promise((resolve) => setTimeout(resolve));
}
