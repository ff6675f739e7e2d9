/** Lecture mode: a step a screen, in large type, and keys to go from one to the next. */

import './styles/lecture.css';
import { element, set_text } from './base/dom.js';
import { on_step, steps } from './steps.js';

/** How far each key goes; those of a presenter's remote control are among them. @type {{ [key: string]: number }} */
const KEYS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
/** What uses these keys itself, if they are for it, and not for the pointer that was there before. */
const OWN_KEYS = ':is(input, select, textarea, [role="slider"]):focus-visible';

/** @param {HTMLElement} theme the button that changes the colours */
export function lecture(theme) {
  let index = Math.max(
    0,
    steps.findIndex(({ id }) => `#${id}` === location.hash),
  );
  const go = (/** @type {number} */ by) => {
    index = Math.max(0, Math.min(steps.length - 1, index + by));
    steps[index]?.scrollIntoView();
  };
  const button = (/** @type {string} */ sign, /** @type {string} */ name, /** @type {number} */ by) => {
    const made = element('button', { type: 'button', 'aria-label': name }, sign);
    made.addEventListener('click', () => go(by));
    return made;
  };
  const place = element('output', {});
  const leave = element('a', {}, 'Leave');
  const page = new URL(location.href);
  page.searchParams.delete('lecture');
  on_step((step) => {
    index = steps.indexOf(step);
    set_text(place, `${index + 1} of ${steps.length}`);
    page.hash = step.id;
    leave.href = page.href;
  });
  addEventListener('keydown', (event) => {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey || (target instanceof Element && target.matches(OWN_KEYS))) return;
    if (key.toLowerCase() === 't') theme.click();
    if (!Object.hasOwn(KEYS, key)) return;
    event.preventDefault();
    go(KEYS[key] ?? 0);
  });
  document.documentElement.classList.add('lecture');
  document.body.append(
    element(
      'nav',
      { class: 'lecture-bar', 'aria-label': 'Lecture' },
      button('←', 'Previous step', -1),
      place,
      button('→', 'Next step', 1),
      'T: colours',
      leave,
    ),
  );
  // The step stays where a screen has another height, as when it becomes a full one.
  if (steps[0]) new ResizeObserver(() => go(0)).observe(steps[0]);
}
