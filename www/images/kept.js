/**
 * Stores data for offline use: of each file the beginning that runs have used, unpacked. Without storage, or
 * without room, nothing is kept.
 */

import { answered } from '../base/answered.js';

/** @param {string} dataset */
const cache_of = (dataset) => `spikealign-${dataset}`;

/**
 * Keeps the beginning of a file, unless a longer one is kept already.
 *
 * @param {string} dataset
 * @param {string} address of the file
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function keep(dataset, address, bytes) {
  // Embedded in another site's page, do not fill its storage.
  if (new URL(address).origin !== location.origin) return;
  const before = await kept(dataset, address);
  if (before && before.length >= bytes.length) return;
  try {
    const response = new Response(bytes, { headers: { 'content-length': String(bytes.length) } });
    await (await caches.open(cache_of(dataset))).put(address, response);
  } catch {
    // No storage, or no room.
  }
}

/**
 * The beginning of a file, and how many bytes it has, if one is kept.
 *
 * @param {string} dataset
 * @param {string} address of the file
 */
export async function kept(dataset, address) {
  try {
    const response = await answered(caches.match(address, { cacheName: cache_of(dataset) }));
    if (!response?.body) return null;
    return { body: response.body, length: Number(response.headers.get('content-length')) };
  } catch {
    return null;
  }
}
