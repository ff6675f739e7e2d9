/** The steps of the page: its address names the one that is read. Terms are explained where they stand. */

/** The steps, in their order. */
export const steps = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.step'))];

/**
 * Tells which step has come to the middle of the window.
 *
 * @param {(step: HTMLElement) => void} act
 */
export function on_step(act) {
  const middle = new IntersectionObserver(
    (entries) => {
      const read = entries.find(({ isIntersecting }) => isIntersecting);
      if (read) act(/** @type {HTMLElement} */ (read.target));
    },
    { rootMargin: '-50% 0px' },
  );
  for (const step of steps) middle.observe(step);
}

/** Makes the address a link to the step that is read. */
export const follow = () => on_step(({ id }) => history.replaceState(history.state, '', `#${id}`));

/** Hides what a term means with Escape, until the pointer or the focus comes back to it. */
export function dismiss_terms() {
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    for (const term of document.querySelectorAll('.term')) {
      if (!term.matches(':hover, :focus') && !term.nextElementSibling?.matches(':hover')) continue;
      term.classList.add('dismissed');
      const back = () => term.classList.remove('dismissed');
      for (const type of ['blur', 'pointerenter', 'pointerleave']) {
        term.addEventListener(type, back, { once: true });
      }
    }
  });
}
