import { trusted } from '../base/trusted.js';

/**
 * Stores the page for offline use, if the browser allows it: without a service worker, or without room, the
 * page still works online.
 */
export function keep_page() {
  // Vite's development server has nothing to keep: it builds every file anew.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register(trusted('./service_worker.js')).catch(() => {});
}
