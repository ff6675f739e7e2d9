// Where Fashion-MNIST is on this machine, and a Vite plugin that serves it beside the page, as
// ./data/fashion-mnist/, in development and from the built page alike. The page asks
// ./data/manifest.json first, so that it never asks in vain.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FILES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
];

/**
 * The first folder that holds the four official files.
 * @returns {string | undefined}
 */
export function findFashionMnist() {
  const root = join(import.meta.dirname, '..');
  const folders = [
    process.env.FASHION_MNIST_DIR,
    join(root, 'data', 'fashion-mnist'),
    join(root, '..', 'shared', 'fashion-mnist'),
  ];
  return folders.find((folder) => folder && FILES.every((file) => existsSync(join(folder, file))));
}

/** What the page reads about the data beside it. @param {boolean} present */
const manifest = (present) => `${JSON.stringify({ 'fashion-mnist': present })}\n`;

/**
 * The files are sent as they are, with their length. Vite's own server would call them "encoded in
 * gzip", and the browser would then unpack them and hide their length.
 * @returns {import('vite').Plugin}
 */
export function serveFashionMnist() {
  /** @param {import('vite').ViteDevServer | import('vite').PreviewServer} server */
  const serve = (server) => {
    server.middlewares.use('/data/manifest.json', (_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(manifest(findFashionMnist() !== undefined));
    });
    server.middlewares.use('/data/fashion-mnist', (request, response, next) => {
      const folder = findFashionMnist();
      const file = FILES.find((file) => request.url?.split('?')[0] === `/${file}`);
      if (!folder || !file) return next();
      const path = join(folder, file);
      response.setHeader('Content-Type', 'application/octet-stream');
      response.setHeader('Content-Length', statSync(path).size);
      if (request.method === 'HEAD') response.end();
      else createReadStream(path).pipe(response);
    });
  };
  return {
    name: 'serve-fashion-mnist',
    configureServer: serve,
    configurePreviewServer: serve,
    // A host that has no data; who adds the four files to data/fashion-mnist/ says true here.
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'data/manifest.json', source: manifest(false) });
    },
  };
}

if (import.meta.filename === process.argv[1]) {
  const folder = findFashionMnist();
  if (!folder) process.exit(1);
  console.info(folder);
}
