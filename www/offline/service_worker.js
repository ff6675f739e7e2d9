/**
 * The service worker: keeps the page, so that it opens without a network after the first visit.
 *
 * No load is ever a mix of two versions. The page itself comes from the network, or, where that is silent,
 * as this version keeps it; either way it names everything else by addresses that hold a hash of what is
 * there. A worker of a new version keeps its files beside the old ones, and waits until every page of the
 * old version is closed before it takes over and removes these. Whoever is online sees a new version at the
 * next load, also a developer who has just built one.
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

// The page of the first visit, too, finds what it loads later on in the version that it is of.
clientsClaim();

registerRoute(
  ({ request, url }) =>
    request.mode === 'navigate' && page_addresses.includes(`${url.origin}${url.pathname}`),
  new NetworkOnly({
    networkTimeoutSeconds: SILENCE,
    plugins: [{ handlerDidError: () => matchPrecache('index.html') }],
  }),
);

// A copy that another version keeps under the same address is the same file, and so is one that came with
// other headers. Here nothing is added: what is kept is complete, and checked.
registerRoute(
  ({ url }) => url.href.startsWith(hashed),
  new CacheFirst({
    cacheName: cacheNames.precache,
    matchOptions: { ignoreVary: true },
    plugins: [{ cacheWillUpdate: async () => null }],
  }),
);
