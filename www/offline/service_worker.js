/**
 * The service worker: keeps the page, so that it opens without a network after the first visit.
 *
 * No load ever mixes two versions. The page itself comes from the network or, if that does not answer, from
 * this version's cache; either way it refers to everything else by addresses with a content hash. A worker of
 * a new version stores its files beside the old ones, and waits until every page of the old version is closed
 * before it takes over and removes those. Online, a new version is visible at the next load, also to a
 * developer who has just built it.
 *
 * @import { PrecacheEntry } from 'workbox-precaching'
 */
import { cacheNames, clientsClaim } from 'workbox-core';
import { matchPrecache, precache } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkOnly } from 'workbox-strategies';

/** How long the network may be silent before the kept page opens, in seconds. */
const SILENCE = 4;

const page = new URL('.', location.href).href;
const page_addresses = [page, `${page}index.html`];
const hashed = `${page}assets/`;

/** @type {PrecacheEntry[]} listed by `scripts/service-worker.js` when the page is built */
const kept_files = import.meta.env.KEPT_FILES;
precache(kept_files);
/** @type {{ url: string, integrity: string }[]} what few readers need, kept once it has been used */
const kept_on_use = import.meta.env.KEPT_ON_USE;
/** Their hashes. A new version removes its files with the others of the old one. */
const integrity_of = new Map(kept_on_use.map(({ url, integrity }) => [`${page}${url}`, integrity]));

// So that the page of the first visit, too, loads later files from its own version.
clientsClaim();

registerRoute(
  ({ request, url }) =>
    request.mode === 'navigate' && page_addresses.includes(`${url.origin}${url.pathname}`),
  new NetworkOnly({
    networkTimeoutSeconds: SILENCE,
    plugins: [
      {
        handlerDidError: () => matchPrecache('index.html'),
        async fetchDidSucceed(/** @type {any} */ { event, response }) {
          event.waitUntil(leave_if_gone());
          return response;
        },
      },
    ],
  }),
);

/**
 * Ends this worker if its host no longer has it: something else is served under this address now, such as another
 * project of a developer. A browser keeps a worker whose update is not found.
 */
async function leave_if_gone() {
  const response = await fetch(location.href, { cache: 'no-store' }).catch(() => null);
  if (!response || response.status >= 500) return;
  if (response.ok && response.headers.get('content-type')?.includes('javascript')) return;
  await caches.delete(cacheNames.precache);
  await /** @type {any} */ (globalThis).registration.unregister();
}

// Another version's copy under the same address is the same file, even with other headers. Little is added
// here: the cache is checked, and complete but for what few readers need.
registerRoute(
  ({ url }) => url.href.startsWith(hashed),
  new CacheFirst({
    cacheName: cacheNames.precache,
    matchOptions: { ignoreVary: true },
    plugins: [
      {
        requestWillFetch: async ({ request }) =>
          new Request(request, { integrity: integrity_of.get(request.url) ?? '' }),
        cacheWillUpdate: async ({ request, response }) =>
          response.ok && integrity_of.has(request.url) ? response : null,
      },
    ],
  }),
);
