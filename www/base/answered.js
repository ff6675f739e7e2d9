/** How long the storage of the browser may take, in milliseconds. */
const PATIENCE = 30_000;

/**
 * What the storage of the browser answers. Some never do, and nothing may wait for them without end.
 *
 * @template T
 * @param {Promise<T>} asked
 * @returns {Promise<T>} rejects with a sentence for the reader
 */
export async function answered(asked) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('the storage of the browser does not answer')), PATIENCE);
  });
  try {
    return await /** @type {Promise<T>} */ (Promise.race([asked, silence]));
  } finally {
    clearTimeout(timer);
  }
}
