/** The service workers of this browser, if it has any for this page: in a sandbox, Chromium throws where others have none. */
export function service_workers() {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined;
  }
}
