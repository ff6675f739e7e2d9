import { join } from 'node:path';
import { defineConfig } from 'vite';
import { contentSecurityPolicy } from './scripts/content-security-policy.js';
import { serveFashionMnist } from './scripts/fashion-mnist.js';
import { listLicences } from './scripts/licences.js';
import { serviceWorker } from './scripts/service-worker.js';
import { sharedWorkers } from './scripts/shared-workers.js';
import { studyPage } from './scripts/study.js';

/** @param {string} file */
const page = (file) => join(import.meta.dirname, 'www', file);

/**
 * Served with `--host`, the page is asked for under names and addresses that are not known here.
 * @type {import('vite').Plugin}
 */
const anyHost = {
  name: 'any-host',
  config: ({ preview }) => (preview?.host ? { preview: { allowedHosts: true } } : undefined),
};

/** One file in place of a dozen small ones, which compress worse. A worker can load it: nothing in it needs a page. */
const SHARED_WITH_WORKERS =
  /(www\/(base\/(answered|failure|format|parameters)|images\/(datasets|kept|preview|source)|race\/checkpoints|settings\/configuration|workers\/serve)|pkg\/description)\.js$|idb-keyval/;

/** The same for what the first screen, what lies below it, and figures in other pages have in common. */
const SHARED_WITH_PARTS =
  /www\/(base\/(?!copyable|formula|language|measured)|figures\/(guess|readings|simulation|trace_drawing)|images\/(in_browser|kept_files|store)|panels\/(chosen_layer|controls|frame)|plot\/(?!line|matrix|scatter|tip)|race\/(in_browser|race|runner)|settings\/(address|seed|table|views)|workers\/(engine|mailbox|start|turns))/;

export default defineConfig({
  root: 'www',
  // Relative addresses: the built page works from any path on any host.
  base: './',
  // A file that is missing is "404 not found", and never the page itself.
  appType: 'mpa',
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // With `light-dark()`: lowered, canvases could not read the colours of the stylesheet.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // All of these know it.
    modulePreload: { polyfill: false },
    outDir: '../dist',
    emptyOutDir: true,
    rolldownOptions: {
      input: {
        index: page('index.html'),
        embed: page('embed.html'),
        'embed-example': page('embed-example.html'),
        'spike-align': page('embed/spike-align.js'),
      },
      preserveEntrySignatures: 'exports-only',
      output: {
        codeSplitting: {
          groups: [
            { name: 'common', test: SHARED_WITH_WORKERS, priority: 1 },
            { name: 'parts', test: SHARED_WITH_PARTS },
          ],
        },
        // Other pages name this module: it is called the same in every version.
        entryFileNames: ({ name }) => (name === 'spike-align' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  // Pages of other origins may load it: see embed-example.html.
  preview: { cors: { origin: '*' } },
  plugins: [
    anyHost,
    sharedWorkers(),
    serveFashionMnist(),
    contentSecurityPolicy(),
    listLicences(),
    serviceWorker(),
    studyPage(),
  ],
});
