// A Vite plugin that builds the service worker of the page, with the lists of the files that it keeps: the page, and
// everything that it names by a hash, of which few readers need some.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

/** The readers of dropped files are kept once they have been used. */
const KEPT_ON_USE = /\/readers_bg-/;

/** @returns {import('vite').Plugin} */
export function serviceWorker() {
  return {
    name: 'service-worker',
    apply: 'build',
    // The files are as they will be served only when they have been written.
    async writeBundle({ dir = '' }, bundle) {
      const files = Object.keys(bundle).filter((file) => file === 'index.html' || file.startsWith('assets/'));
      const manifest = files.sort().map((url) => {
        const digest = createHash('sha384')
          .update(readFileSync(join(dir, url)))
          .digest('base64');
        // What arrives is compared with the hash: a host that is just getting a new version keeps its
        // readers from keeping half of it.
        return { url, revision: url === 'index.html' ? digest : null, integrity: `sha384-${digest}` };
      });
      await build({
        configFile: false,
        logLevel: 'warn',
        define: {
          'import.meta.env.KEPT_FILES': JSON.stringify(manifest.filter(({ url }) => !KEPT_ON_USE.test(url))),
          'import.meta.env.KEPT_ON_USE': JSON.stringify(manifest.filter(({ url }) => KEPT_ON_USE.test(url))),
        },
        build: {
          target: 'es2022',
          outDir: dir,
          emptyOutDir: false,
          copyPublicDir: false,
          rolldownOptions: {
            input: join(import.meta.dirname, '..', 'www', 'offline', 'service_worker.js'),
            output: { format: 'iife', entryFileNames: '[name].js' },
          },
        },
      });
    },
  };
}
