// A Vite plugin that builds the page of the study, with the report in it, and the results and figures beside it. It is built
// by itself: what both pages share would otherwise be cut into other files, and the main page would be larger.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import markdown from 'markdown-it';
import { build } from 'vite';
import { contentSecurityPolicy } from './content-security-policy.js';
import { sharedWorkers } from './shared-workers.js';

const STUDY = join(import.meta.dirname, '..', 'study');

/** What the report and its page need, by its name in the folder of the study. */
const files = () => [
  'runs.yaml',
  'estimates.json',
  ...['results', 'figures'].flatMap((folder) =>
    readdirSync(join(STUDY, folder)).map((name) => `${folder}/${name}`),
  ),
];

/** The report as HTML. */
function report() {
  const text = readFileSync(join(STUDY, 'README.md'), 'utf8');
  const html = markdown({ html: true }).render(text);
  const here = html.replaceAll(
    /(src|href)="(?=figures\/|results\/|runs\.yaml|estimates\.json)/g,
    '$1="./study/',
  );
  // What is wider than the screen scrolls by itself: a table, and a figure, whose text would be too small to read.
  return here
    .replaceAll('<table>', '<div class="wide" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
    .replaceAll(/<p>(<img [^>]*>)<\/p>/g, '<div class="wide" tabindex="0">$1</div>');
}

/** Puts the report into its page. @type {import('vite').Plugin} */
const studyReport = {
  name: 'study-report',
  transformIndexHtml: {
    // After the files that the page names have been found: those of the report are not bundled.
    order: 'post',
    handler: (html) => html.replace('<!-- report -->', report),
  },
  generateBundle() {
    for (const name of files()) {
      this.emitFile({ type: 'asset', fileName: `study/${name}`, source: readFileSync(join(STUDY, name)) });
    }
  },
};

/** @returns {import('vite').Plugin} */
export function studyPage() {
  /** @type {import('vite').ResolvedConfig} */
  let config;
  return {
    name: 'study-page',
    apply: 'build',
    configResolved: (resolved) => void (config = resolved),
    async writeBundle({ dir = '' }) {
      const { target, cssTarget, modulePreload } = config.build;
      await build({
        configFile: false,
        logLevel: 'warn',
        root: config.root,
        base: config.base,
        build: {
          target,
          cssTarget,
          modulePreload,
          outDir: dir,
          emptyOutDir: false,
          rolldownOptions: { input: join(config.root, 'study.html') },
        },
        plugins: [sharedWorkers(), studyReport, contentSecurityPolicy()],
      });
    },
  };
}
