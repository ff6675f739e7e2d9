/**
 * Starts workers, also from another origin: a browser refuses such a worker, but not one that imports
 * its module from there.
 *
 * @param {string} address of the worker's module
 * @param {string} name
 */
export function start_worker(address, name) {
  const url = new URL(address, import.meta.url);
  if (url.origin === location.origin) return new Worker(url, { type: 'module', name });
  const program = new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' });
  const local = URL.createObjectURL(program);
  const worker = new Worker(local, { type: 'module', name });
  // By its first message it has long been loaded.
  for (const type of ['message', 'error']) {
    worker.addEventListener(type, () => URL.revokeObjectURL(local), { once: true });
  }
  return worker;
}
