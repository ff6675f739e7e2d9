/**
 * For a place whose parts come and go: gives what removes a part. If that has the focus, it goes back to where it was
 * before it came to the place, and is not lost.
 *
 * @param {HTMLElement} place
 * @returns {(part: Element) => void}
 */
export function gives_back_focus(place) {
  /** @type {HTMLElement | null} */
  let before = null;
  place.addEventListener('focusin', ({ relatedTarget: from }) => {
    if (from instanceof HTMLElement && !place.contains(from)) before = from;
  });
  return (part) => {
    const has_focus = part.matches(':focus-within');
    part.remove();
    if (has_focus) before?.focus();
  };
}
