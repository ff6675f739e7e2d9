// For LATE=1: what the page waits for comes late, at random, so that a test which relies on one of two things coming
// first fails here and not on somebody's busy machine. Order within a worker, or a connection, stays what it was.

export const LATE = process.env.LATE === '1';

/** For `page.addInitScript`: some messages to and from workers are held up, and the first ones always. */
export function late_workers() {
  const delay = (first) => {
    if (first) return 300 + 1_200 * Math.random();
    return Math.random() < 0.1 ? 500 * Math.random() : 0;
  };
  const setTimeout = window.setTimeout.bind(window);

  /** Does one thing after the other, each after a delay. */
  class Queue {
    last = Promise.resolve();
    first = true;
    add(act) {
      const wait = delay(this.first);
      this.first = false;
      this.last = this.last.then(() => new Promise((go_on) => setTimeout(go_on, wait))).then(act);
    }
  }

  window.Worker = class extends Worker {
    #ended = false;
    #there = new Queue();
    #back = new Queue();

    constructor(...means) {
      super(...means);
      const held = new WeakSet();
      super.addEventListener('message', (event) => {
        if (held.has(event)) return;
        event.stopImmediatePropagation();
        const again = new MessageEvent('message', { data: event.data });
        held.add(again);
        this.#back.add(() => this.#ended || this.dispatchEvent(again));
      });
    }

    postMessage(data) {
      // As it is now, whatever becomes of it until it leaves.
      const copy = structuredClone(data);
      this.#there.add(() => this.#ended || super.postMessage(copy));
    }

    terminate() {
      this.#ended = true;
      super.terminate();
    }
  };
}
