// The WebAssembly exports what src/browser.rs declares, and what wasm-bindgen needs to run: nothing else.

import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';

const pkg = new URL('../../pkg/', import.meta.url);

/** What wasm-bindgen's own half in JavaScript calls. */
const RUNTIME = [
  'memory',
  '__abort_handler',
  '__instance_terminated',
  '__wbindgen_start',
  '__wbindgen_malloc',
  '__wbindgen_realloc',
  '__wbindgen_free',
  '__wbindgen_exn_store',
  '__wbindgen_externrefs',
  '__externref_table_alloc',
  '__externref_table_dealloc',
  '__externref_drop_slice',
];

test('nothing is exported without need', async () => {
  const [types] = readFileSync(new URL('spikealign.d.ts', pkg), 'utf8').split('export type InitInput');
  const declared = Array.from(types.matchAll(/^export function (\w+)\(/gm), ([, name]) => name);
  for (const [, name, body] of types.matchAll(/^export class (\w+) \{\n(.*?)^\}/gms)) {
    const of = name.toLowerCase();
    declared.push(`__wbg_${of}_free`);
    for (const [, member] of body.matchAll(/^ {4}(?:static |readonly )?(\w+)[(:]/gm)) {
      if (member === 'constructor') declared.push(`${of}_new`);
      else if (member !== 'free') declared.push(`${of}_${member}`);
    }
  }
  const module = await WebAssembly.compile(readFileSync(new URL('spikealign_bg.wasm', pkg)));
  const needed = new Set([...declared, ...RUNTIME]);
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
  expect(exported.filter((name) => !needed.has(name))).toEqual([]);
  expect(exported).toEqual(expect.arrayContaining(declared));
});
