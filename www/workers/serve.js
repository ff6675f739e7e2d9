/**
 * The worker's side of a mailbox: a table of functions, by the names by which they are asked for.
 */
import { in_words } from '../base/failure.js';

/**
 * @typedef {{ [kind: string]: (request: never, tell: never) => unknown }} Work
 * @typedef {{ id: number, kind: string, request: unknown }} Envelope
 * @typedef {{ message: string, field?: string }} Problem `field` is the setting that caused it, if one did
 * @typedef {{ id: number, answer: unknown } | { id: number, news: unknown } | { id: number, error: Problem }} Reply
 */

/**
 * Answers every message to this worker. Buffers that `transferred` names are handed over, not copied.
 *
 * @param {Work} work each function gets the request, and a function that tells the page how far it is
 * @param {(answer: unknown) => Transferable[]} [transferred]
 */
export function serve(work, transferred = () => []) {
  addEventListener('message', async ({ data }) => {
    const { id, kind, request } = /** @type {Envelope} */ (data);
    /** @param {Reply} reply @param {Transferable[]} [transfer] */
    const reply = (reply, transfer = []) => postMessage(reply, { transfer });
    try {
      const act = work[kind];
      if (!act) throw new Error(`This worker has no “${kind}”.`);
      const tell = (/** @type {unknown} */ news) => reply({ id, news });
      const answer = await act(/** @type {never} */ (request), /** @type {never} */ (tell));
      reply({ id, answer }, transferred(answer));
    } catch (error) {
      reply({ id, error: problem(error) });
    }
  });
}

/**
 * What went wrong, and the setting that caused it, as the core says.
 *
 * @param {unknown} error
 * @returns {Problem}
 */
export function problem(error) {
  const message = in_words(error);
  const field = error instanceof Error && 'field' in error ? error.field : undefined;
  return typeof field === 'string' ? { message, field } : { message };
}
