// Lists the licences of what is passed on, as licences.txt: in the npm package those of the crates that are
// compiled to WebAssembly; beside the page, by a Vite plugin, also those of npm's libraries.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** @typedef {{ name: string, version: string, licence: string, folder: string }} Part */

/** npm's libraries, without the tools. @returns {Part[]} */
export function libraries() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version, license }]) => {
      return {
        name: path.replace(/.*node_modules\//, ''),
        version,
        licence: license,
        folder: join(ROOT, path),
      };
    });
}

/** The core, and the readers of dropped files. */
const OWN = ['spikealign', 'spikealign-readers'];

/** What cargo says of our own crates, and of those that they depend on in a browser. */
export function metadata() {
  const platform = '--filter-platform=wasm32-unknown-unknown';
  const options = { cwd: ROOT, encoding: /** @type {const} */ ('utf8'), maxBuffer: 2 ** 26 };
  return JSON.parse(execFileSync('cargo', ['metadata', '--locked', '--format-version=1', platform], options));
}

/** The crates that our own depend on in a browser, and those that they depend on. @returns {Part[]} */
export function crates({ packages, resolve } = metadata()) {
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const own = packages.filter(({ name }) => OWN.includes(name)).map(({ id }) => id);
  const found = new Set(own);
  // A set yields what is added to it on the way.
  for (const id of found) {
    for (const { pkg, dep_kinds } of nodes.get(id).deps) {
      if (dep_kinds.some(({ kind }) => kind === null)) found.add(pkg);
    }
  }
  return packages
    .filter(({ id }) => found.has(id) && !own.includes(id))
    .map(({ name, version, license, manifest_path }) => {
      return { name, version, licence: license, folder: dirname(manifest_path) };
    });
}

/** The texts of the licence of a part: that of MIT alone, where it may be chosen. @param {Part} part */
function texts({ name, licence, folder }) {
  const all = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|copyright|notice)/i.test(file));
  const files = all.flatMap((file) =>
    statSync(join(folder, file)).isDirectory()
      ? readdirSync(join(folder, file)).map((inner) => join(file, inner))
      : file,
  );
  if (files.length === 0) throw new Error(`${name} comes without the text of its licence`);
  const mit = / AND /.test(licence) ? [] : files.filter((file) => /\bMIT\b/i.test(file));
  return (mit.length > 0 ? mit : files).map((file) => readFileSync(join(folder, file), 'utf8').trim());
}

/** Their licences, each text once. @param {string} whole what they are parts of @param {Part[]} all */
export function licences(whole, all) {
  /** @type {Map<string, string[]>} */
  const holders = new Map();
  for (const part of all) {
    const line = `${part.name} ${part.version} (${part.licence})`;
    for (const text of texts(part)) holders.set(text, [...(holders.get(text) ?? []), line]);
  }
  const parts = [...holders].map(([text, lines]) => `${lines.join('\n')}\n\n${text}\n`);
  const line = `\n${'-'.repeat(80)}\n\n`;
  return `What ${whole} is built with, besides Rust's standard library (MIT OR Apache-2.0).\n${line}${parts.join(line)}`;
}

/** @returns {import('vite').Plugin} */
export function listLicences() {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'licences.txt',
        source: licences("Spikealign's page", [...libraries(), ...crates()]),
      });
    },
  };
}
