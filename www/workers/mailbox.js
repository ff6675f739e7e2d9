/**
 * Requests to one worker, each answered by a promise. There is one queue, and one request under way at
 * a time; the worker's side is `serve.js`.
 *
 * Whatever happens to the worker, every turn ends and every promise settles: with the answer; with null if
 * the request was withdrawn, replaced or no longer needed; or rejected, with a sentence for the reader.
 *
 * @import { Envelope, Reply, Work } from './serve.js'
 * @import { Turn, Turns } from './turns.js'
 */

/** @typedef {Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>} WorkerLike */

/**
 * @template {Work} W
 * @template {keyof W} Kind
 * @typedef {Parameters<W[Kind]>[0]} RequestOf
 */

/**
 * @template {Work} W
 * @template {keyof W} Kind
 * @typedef {Awaited<ReturnType<W[Kind]>>} AnswerOf
 */

/**
 * @typedef {object} Letter a request that waits or is under way
 * @property {string} kind
 * @property {boolean} latest whether a newer request of this kind takes its place
 * @property {boolean} without_turn
 * @property {() => unknown} request
 * @property {((news: never) => void) | undefined} on_news
 * @property {(answer: never) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** @template {Work} W */
export class Mailbox {
  #hire;
  #turns;
  #on_death;
  /** @type {WorkerLike | null} */
  #worker = null;
  /** @type {Letter[]} */
  #waiting = [];
  /** @type {Letter | null} */
  #current = null;
  /** @type {Turn | null} */
  #turn = null;
  #id = 0;
  #closed = false;

  /**
   * @param {() => WorkerLike} hire starts the worker when the first request is sent, and another one if
   *   there is a request after it died
   * @param {Turns} turns shared with the other workers
   * @param {(message: string) => void} [on_death] called when the worker dies, even without a request
   */
  constructor(hire, turns, on_death = () => {}) {
    this.#hire = hire;
    this.#turns = turns;
    this.#on_death = on_death;
  }

  /** Whether nothing waits and nothing is under way. */
  get idle() {
    return this.#current === null && this.#waiting.length === 0;
  }

  /**
   * Asks the worker for something.
   *
   * @template {keyof W & string} Kind
   * @param {Kind} kind the name of the worker's function
   * @param {() => RequestOf<W, Kind> | null | Promise<RequestOf<W, Kind> | null>} request makes its argument
   *   when its turn has come; null if it is no longer wanted by then
   * @param {object} [options]
   * @param {boolean} [options.latest] takes the place of a request of this kind that still waits
   * @param {boolean} [options.without_turn] for what mostly waits for something else, such as the network
   * @param {(news: never) => void} [options.on_news] hears how far the worker is
   * @returns {Promise<AnswerOf<W, Kind> | null>}
   */
  ask(kind, request, { latest = false, without_turn = false, on_news } = {}) {
    if (this.#closed) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      /** @type {Letter} */
      const letter = { kind, latest, without_turn, request, on_news, resolve, reject };
      const same = latest ? this.#waiting.findIndex((other) => other.latest && other.kind === kind) : -1;
      const [replaced] = same < 0 ? [] : this.#waiting.splice(same, 1, letter);
      if (replaced) withdraw(replaced);
      else this.#waiting.push(letter);
      this.#next();
    });
  }

  /** Withdraws what waits or is under way, and ends the worker. The next request starts another one. */
  restart() {
    const letters = this.#clear();
    for (const letter of letters) withdraw(letter);
  }

  /** Ends it for good. */
  close() {
    this.#closed = true;
    this.restart();
  }

  /** @returns {Letter[]} what waited or was under way */
  #clear() {
    const letters = this.#current ? [this.#current, ...this.#waiting] : this.#waiting;
    this.#current = null;
    this.#waiting = [];
    this.#worker?.terminate();
    this.#worker = null;
    this.#end_turn();
    return letters;
  }

  #end_turn() {
    const turn = this.#turn;
    this.#turn = null;
    this.#turns.end(turn);
  }

  /** Asks for a turn for the first of the queue, if no other is under way. */
  #next() {
    const [letter] = this.#waiting;
    if (!letter || this.#current || this.#turn) return;
    // `ask` may call `begin` before it returns the turn.
    const begin = () => queueMicrotask(() => this.#begin(turn));
    /** @type {Turn} */
    const turn = letter.without_turn ? { begin: null } : this.#turns.ask(begin);
    this.#turn = turn;
    if (letter.without_turn) begin();
  }

  /** @param {Turn} turn */
  async #begin(turn) {
    // Closed or restarted since.
    if (turn !== this.#turn) return;
    const letter = this.#waiting.shift() ?? null;
    if (!letter) return this.#end_turn();
    this.#current = letter;
    const id = ++this.#id;
    try {
      const request = await letter.request();
      if (this.#current !== letter) return;
      if (request === null) return this.#settle(letter, () => withdraw(letter));
      this.#worker ??= this.#start();
      /** @type {Envelope} */
      const envelope = { id, kind: letter.kind, request };
      this.#worker.postMessage(envelope);
    } catch (error) {
      if (this.#current === letter) this.#settle(letter, () => letter.reject(as_error(error)));
    }
  }

  #start() {
    const worker = this.#hire();
    worker.addEventListener('message', (event) => {
      if (worker === this.#worker) this.#hear(/** @type {MessageEvent<Reply>} */ (event).data);
    });
    for (const type of /** @type {const} */ (['error', 'messageerror'])) {
      worker.addEventListener(type, (event) => {
        event.preventDefault();
        if (worker === this.#worker) this.#fail(death(event));
      });
    }
    return worker;
  }

  /** @param {Reply} reply */
  #hear(reply) {
    const letter = this.#current;
    if (!letter || reply.id !== this.#id) return;
    if ('news' in reply) return letter.on_news?.(/** @type {never} */ (reply.news));
    this.#settle(letter, () => {
      if (!('error' in reply)) return letter.resolve(/** @type {never} */ (reply.answer));
      const { message, field } = reply.error;
      letter.reject(Object.assign(new Error(message), field === undefined ? {} : { field }));
    });
  }

  /**
   * The worker has died: nothing that was asked of it will be answered.
   *
   * @param {string} message
   */
  #fail(message) {
    for (const letter of this.#clear()) letter.reject(new Error(message));
    this.#on_death(message);
  }

  /**
   * @param {Letter} letter
   * @param {() => void} settle
   */
  #settle(letter, settle) {
    if (this.#current === letter) this.#current = null;
    this.#end_turn();
    settle();
    this.#next();
  }
}

/** @param {Letter} letter */
function withdraw(letter) {
  letter.resolve(/** @type {never} */ (null));
}

/** @param {unknown} error */
function as_error(error) {
  return error instanceof Error ? error : new Error(String(error));
}

/** @param {Event} event of a worker that died */
function death(event) {
  const reason = 'message' in event && event.message ? ` (${event.message})` : '';
  return `The worker died${reason}.`;
}
