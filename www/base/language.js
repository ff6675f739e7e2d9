/**
 * Sets a language if the browser's is invalid, such as "C" on an unconfigured system: uPlot formats numbers
 * in that language when it is loaded, and would throw. Import this before uPlot.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
