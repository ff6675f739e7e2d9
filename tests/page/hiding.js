// A tab that is hidden, played within the page: headless browsers never hide one. No frame is drawn, timers
// come once a second, and the document says that it is hidden.

/** For `page.addInitScript`: gives the page `hide_page(hidden)`. */
export function hideable() {
  const { requestAnimationFrame, cancelAnimationFrame, setTimeout } = window;
  /** @type {Map<number, FrameRequestCallback>} frames that wait for the return */
  const waiting = new Map();
  let hidden = false;
  let last = 0;
  const from_prototype = (name, read) => Object.defineProperty(document, name, { get: read });
  from_prototype('hidden', () => hidden);
  from_prototype('visibilityState', () => (hidden ? 'hidden' : 'visible'));
  window.requestAnimationFrame = (act) => {
    if (!hidden) return requestAnimationFrame(act);
    // Not a number that the browser gives.
    waiting.set(--last, act);
    return last;
  };
  window.cancelAnimationFrame = (id) => void (waiting.delete(id) || cancelAnimationFrame(id));
  window.setTimeout = (act, delay = 0, ...rest) =>
    setTimeout(act, hidden ? Math.max(1_000, delay) : delay, ...rest);
  Object.assign(window, {
    hide_page(now) {
      hidden = now;
      document.dispatchEvent(new Event('visibilitychange'));
      if (hidden) return;
      for (const act of waiting.values()) requestAnimationFrame(act);
      waiting.clear();
    },
  });
}
