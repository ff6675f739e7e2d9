/**
 * Gives a browser a language where its own is none, as "C" in a system that was set up for no one: uPlot asks for that
 * language's numbers as it is loaded, and would throw. To be imported before it.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
