/**
 * Keeps the page for a day without a network, where the browser lets it: without a service worker, or
 * without room, the page works as before, online.
 */
export function keep_page() {
  // Vite's development server has nothing to keep: it builds every file anew.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register('./service_worker.js').catch(() => {});
}
