/**
 * What went wrong, as a sentence for the reader.
 *
 * @param {unknown} error
 */
export function in_words(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    return `The training program stopped in the middle of its work (${error.message}).`;
  }
  if (error instanceof RangeError) {
    return `There was not enough memory (${error.message}).`;
  }
  return error instanceof Error ? error.message : String(error);
}
