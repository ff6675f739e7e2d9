/**
 * What went wrong, as a sentence for the reader.
 *
 * @param {unknown} error
 */
export function in_words(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    return `The training program crashed (${error.message}).`;
  }
  if (error instanceof RangeError) {
    return `Not enough memory (${error.message}).`;
  }
  return error instanceof Error ? error.message : String(error);
}
