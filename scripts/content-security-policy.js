// A Vite plugin that puts a content security policy into every built page: its own files, WebAssembly,
// and nothing else; and the script within the page that says what is missing (`www/startup.js`). The development server
// has neither, because it injects scripts and styles.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const startup = readFileSync(join(import.meta.dirname, '..', 'www', 'startup.js'), 'utf8');
const startup_hash = createHash('sha256').update(startup).digest('base64');

const POLICY = {
  'default-src': "'none'",
  'script-src': `'self' 'wasm-unsafe-eval' 'sha256-${startup_hash}'`,
  'worker-src': "'self'",
  'style-src': "'self'",
  // A figure is saved as PNG through a picture of its SVG, which holds the images of the figure.
  'img-src': "'self' blob: data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/**
 * What a page may do beyond that. A figure in a sandboxed frame has no origin of its own, so that its
 * workers start from an address that holds their program; the example is written as an author would
 * write it, with scripts in the page.
 *
 * @type {{ [page: string]: Partial<typeof POLICY> | null }}
 */
const EXCEPTIONS = {
  'embed.html': { 'worker-src': "'self' data:" },
  'embed-example.html': null,
};

/** @returns {import('vite').Plugin} */
export function contentSecurityPolicy() {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml(_html, { filename }) {
      const exceptions = EXCEPTIONS[basename(filename)];
      if (exceptions === null) return [];
      const content = Object.entries({ ...POLICY, ...exceptions })
        .map(([directive, sources]) => `${directive} ${sources}`)
        .join('; ');
      // Before everything that it governs.
      const attrs = { 'http-equiv': 'Content-Security-Policy', content };
      return [
        { tag: 'meta', attrs, injectTo: 'head-prepend' },
        { tag: 'script', children: startup, injectTo: 'head-prepend' },
      ];
    },
  };
}
