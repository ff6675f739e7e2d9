// Makes the npm package `spikealign` of what wasm-bindgen leaves in pkg/. Done again, it changes nothing.

import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crates, licences, metadata } from './licences.js';

const root = join(import.meta.dirname, '..');
const pkg = join(root, 'pkg');

const built = metadata();
const {
  description: sentence,
  version,
  license,
  keywords,
} = built.packages.find(({ name }) => name === 'spikealign');
const manifest = {
  name: 'spikealign',
  type: 'module',
  description: sentence,
  version,
  license,
  files: [
    'spikealign_bg.wasm',
    'spikealign.js',
    'spikealign.d.ts',
    'description.js',
    'description.d.ts',
    'node.js',
    'licences.txt',
  ],
  main: 'spikealign.js',
  types: 'spikealign.d.ts',
  // Importing the module does nothing: the program is fetched and started by the function that it exports.
  sideEffects: false,
  keywords,
  exports: {
    '.': { types: './spikealign.d.ts', node: './node.js', default: './spikealign.js' },
    './description.js': { types: './description.d.ts', default: './description.js' },
    './spikealign_bg.wasm': './spikealign_bg.wasm',
    './package.json': './package.json',
  },
};
writeFileSync(join(pkg, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

// What the raw WebAssembly module exports is for the module around it; here it would only be full of `any`.
const types = join(pkg, 'spikealign.d.ts');
const typed = readFileSync(types, 'utf8').replace(
  /(interface InitOutput \{\n    readonly memory: WebAssembly\.Memory;\n)(    readonly .*\n)+\}/,
  '$1}',
);
const disposable = '/// <reference lib="esnext.disposable" />\n';
writeFileSync(types, typed.startsWith(disposable) ? typed : disposable + typed);
rmSync(join(pkg, 'spikealign_bg.wasm.d.ts'), { force: true });

// Node fetches no files: there the program is read from beside the module.
writeFileSync(
  join(pkg, 'node.js'),
  `import { readFile } from 'node:fs/promises';
import init from './spikealign.js';
export * from './spikealign.js';
const program = new URL('./spikealign_bg.wasm', import.meta.url);
export default async (given) => init(given ?? { module_or_path: await readFile(program) });
`,
);

copyFileSync(join(root, 'docs', 'npm.md'), join(pkg, 'README.md'));
copyFileSync(join(root, 'LICENSE'), join(pkg, 'LICENSE'));
writeFileSync(join(pkg, 'licences.txt'), licences("Spikealign's WebAssembly", crates(built)));

// What the program declares (rules, data sets, settings …), as a module: a page shows it before the program has come.
const { describe, initSync } = await import(pathToFileURL(join(pkg, 'spikealign.js')).href);
initSync({ module: readFileSync(join(pkg, 'spikealign_bg.wasm')) });
writeFileSync(join(pkg, 'description.js'), `export const description = ${JSON.stringify(describe())};\n`);
writeFileSync(
  join(pkg, 'description.d.ts'),
  "/** What the program declares: what `describe()` says. */\nexport const description: import('./spikealign.js').Description;\n",
);
