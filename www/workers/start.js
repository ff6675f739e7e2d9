import { trusted } from '../base/trusted.js';

/**
 * Starts workers, also from another origin: a browser refuses such a worker, but not one that imports
 * its module from there.
 *
 * @param {string} address of the worker's module
 * @param {string} name
 */
export function start_worker(address, name) {
  const url = new URL(address, import.meta.url);
  const program = `import ${JSON.stringify(url.href)};`;
  const is_local = url.origin === origin;
  // A sandboxed page has no origin, and Chromium then takes no module from a blob.
  const start = is_local
    ? url.href
    : origin === 'null'
      ? `data:text/javascript,${encodeURIComponent(program)}`
      : URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  const worker = new Worker(trusted(start), { type: 'module', name });
  /** The error of a worker that did not load has no message: it gets one. @param {ErrorEvent} event */
  const say_why = async (event) => {
    loaded();
    if (event.message) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    const message = await why_not(url);
    worker.dispatchEvent(new ErrorEvent('error', { message, cancelable: true }));
  };
  const loaded = () => {
    URL.revokeObjectURL(start);
    worker.removeEventListener('error', say_why);
  };
  worker.addEventListener('error', say_why);
  worker.addEventListener('message', loaded, { once: true });
  return worker;
}

/** How long a host may take to say why, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Why a module could not be loaded, and what to do.
 *
 * @param {URL} url
 */
async function why_not(url) {
  const name = url.pathname.split('/').at(-1);
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (!response) return `the connection failed; reload the page`;
  if (!response.ok) {
    return `its host answered ${response.status} for ${name}; reload the page, of which there may be a new version`;
  }
  const type = response.headers.get('content-type');
  if (!type?.includes('javascript')) {
    return `its host sends ${name} as ${type}; it must send text/javascript`;
  }
  return (
    'the browser blocked it; a Content-Security-Policy must allow it as worker-src, and under a ' +
    'Cross-Origin-Embedder-Policy its host must send the same policy with it'
  );
}
