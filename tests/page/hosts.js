// Servers for pages that embed: the built page on a host that sends nothing but a CORS header, and the
// embedding pages on another.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const DIST = join(import.meta.dirname, '..', '..', 'dist');

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * A server on a free port.
 *
 * @param {(path: string) => Promise<{ body: string | Buffer, headers: { [name: string]: string } } | null>} answer
 */
async function serve(answer) {
  const server = createServer(async (request, response) => {
    const found = await answer(new URL(request.url ?? '/', 'http://host').pathname).catch(() => null);
    response.writeHead(found ? 200 : 404, found?.headers ?? {});
    response.end(found?.body ?? 'not found');
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://localhost:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Serves dist/ to every origin. */
export const serve_dist = () =>
  serve(async (path) => ({
    body: await readFile(join(DIST, normalize(path))),
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    },
  }));

/** Serves pages that can be added to. */
export async function serve_pages() {
  /** @type {Map<string, { body: string, headers: { [name: string]: string } }>} */
  const pages = new Map();
  const server = await serve(async (path) => pages.get(path) ?? null);
  return {
    ...server,
    /**
     * @param {string} body what is in the page
     * @param {{ head?: string, headers?: { [name: string]: string } }} [more]
     * @returns {string} its address
     */
    add(body, { head = '', headers = {} } = {}) {
      const path = `/${pages.size + 1}.html`;
      const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A host</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;
      pages.set(path, { body: html, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers } });
      return server.origin + path;
    },
  };
}

/** A small race; `more` comes in place of what it names. */
export const race = (more = {}) => {
  const tiny = { panel: 'race', dataset: 'garments', examples: 640, 'test-examples': 100, epochs: 1 };
  return element({ ...tiny, 'rdd-seconds': 1, net: '4,8,32,16', ...more });
};

/** A `<spike-align>`, written out. */
export const element = (attributes) => {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  return `<spike-align${written.join('')}></spike-align>`;
};
