/**
 * Starts workers, also from another origin: a browser refuses such a worker, but not one that imports
 * its module from there.
 *
 * @param {string} address of the worker's module
 * @param {string} name
 */
export function start_worker(address, name) {
  const url = new URL(address, import.meta.url);
  if (url.origin === origin) return new Worker(url, { type: 'module', name });
  const program = `import ${JSON.stringify(url.href)};`;
  // A sandboxed page has no origin, and Chromium then takes no module from a blob.
  if (origin === 'null') {
    return new Worker(`data:text/javascript,${encodeURIComponent(program)}`, { type: 'module', name });
  }
  const local = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  const worker = new Worker(local, { type: 'module', name });
  // By its first message it has been loaded.
  for (const type of ['message', 'error']) {
    worker.addEventListener(type, () => URL.revokeObjectURL(local), { once: true });
  }
  return worker;
}
