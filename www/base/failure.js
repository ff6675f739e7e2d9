/**
 * What went wrong, as a sentence for the reader. It assumes nothing of the browser, because it must also name
 * what is missing there: `WebAssembly` itself may be switched off.
 *
 * @param {unknown} error
 */
export function in_words(error) {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'RuntimeError') return `The training program crashed (${error.message}).`;
  if (error instanceof RangeError) return `Not enough memory (${error.message}).`;
  return error.message;
}
