import { defineConfig } from 'vite';
import { contentSecurityPolicy } from './scripts/content_security_policy.js';
import { serveFashionMnist } from './scripts/fashion-mnist.js';

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
    outDir: '../dist',
    emptyOutDir: true,
  },
  plugins: [serveFashionMnist(), contentSecurityPolicy()],
});
