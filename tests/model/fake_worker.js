// A worker that a test plays: what it is asked is written down, and answered when the test says so.

export class FakeWorker extends EventTarget {
  /** @type {[string, unknown][]} the kind and the content of every request */
  asked = [];
  terminated = false;
  #id = 0;

  postMessage(message) {
    const { id, kind, request } = structuredClone(message);
    this.#id = id;
    this.asked.push([kind, request]);
    this.on_request?.(kind, request);
  }

  terminate() {
    this.terminated = true;
  }

  answer(answer) {
    this.#reply({ answer });
  }

  tell(news) {
    this.#reply({ news });
  }

  refuse(error) {
    this.#reply({ error });
  }

  /** Dies as one does that failed to load (`error`), or of a message that it could not read (`messageerror`). */
  die(type = 'error', message = '') {
    this.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { message }));
  }

  #reply(reply) {
    if (!this.terminated)
      this.dispatchEvent(new MessageEvent('message', { data: { id: this.#id, ...reply } }));
  }
}

/** Lets everything that has been promised go its way. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
