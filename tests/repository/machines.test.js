// The Makefile and the scripts work with the tools of other systems, in any folder, and say what is missing. There is no
// macOS here: what its bash, make, awk and sed lack is searched for, and the tools of busybox, the awk of macOS and a
// POSIX bash stand in for its own, where they are installed.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { preview } from 'vite';

const root = join(import.meta.dirname, '../..');
const scripts = readdirSync(join(root, 'scripts')).filter((name) => name.endsWith('.sh'));
const temporary = mkdtempSync(join(tmpdir(), 'machines-'));
after(() => rmSync(temporary, { recursive: true }));

/** The path of a program, if it is installed. @param {string} name */
const find = (name) => spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();

/** The Makefile and the scripts, in a folder of this name. @param {string} name */
function copy(name) {
  const folder = join(temporary, name);
  mkdirSync(folder, { recursive: true });
  for (const part of ['Makefile', 'Cargo.lock', 'scripts']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  for (const sources of ['src', 'www', 'tests']) mkdirSync(join(folder, sources), { recursive: true });
  return folder;
}

/** A folder of programs that do nothing but `lines` of a shell script. @param {string} name @param {Record<string, string>} programs */
function stubs(name, programs) {
  const folder = join(temporary, name);
  mkdirSync(folder);
  for (const [program, lines] of Object.entries(programs)) {
    writeFileSync(join(folder, program), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

/** Rust and its compiler, as if they were there. */
const rust = {
  cargo: '',
  rustup: '',
  cc: '',
  rustc: `case $1 in --print) echo ${temporary};; *) echo rustc 1;; esac`,
};

/** @param {string} folder @param {string[]} command @param {NodeJS.ProcessEnv} environment */
const run = (folder, [program, ...words], environment = {}) =>
  spawnSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    // As if no make had started the tests.
    env: { ...process.env, MAKEFLAGS: '', MAKELEVEL: '0', ...environment },
  });

test('no option is one of GNU alone, and nothing is newer than bash 3.2 and make 3.81', () => {
  const unknown = {
    Makefile: [/^\.(SHELLFLAGS|ONESHELL)/m, /^\S+\s*(!=|::=)/m, /\$\((file|guile) /, /^(private|undefine) /m],
    tools: [
      /\bsed\s+(-\w*[irz]|--)/,
      /\bgrep\s+(-\w*[Pz]|--\w)/,
      /\breadlink\s+-\w*[fem]/,
      /\brealpath\b/,
      /\bxargs\s+[^|\n]*(-[rd]\b|--)/,
      /\bxargs\s+[^|\n]*-I/,
      /\bfind\s[^|\n]*-(printf|regextype|readable)/,
      /(?<!-)\b(stat|date|du|head|tail|sort|cp|mktemp|wc)\s+--/,
      /\bdate\s+-d/,
      /\bsort\s+-\w*[Vh]/,
      /\bgawk\b/,
      /\bgensub\(/,
    ],
    bash: [
      /\b(mapfile|readarray|coproc)\b/,
      /\b(declare|local)\s+-\w*[An]/,
      /\$\{\w+(,,?|\^\^?)\}/,
      /\|&/,
      /&>>/,
    ],
  };
  const texts = new Map(
    ['Makefile', ...scripts.map((name) => `scripts/${name}`)].map((name) => [
      name,
      readFileSync(join(root, name), 'utf8'),
    ]),
  );
  for (const [name, text] of texts) {
    const code = text.replace(/^\s*#.*$/gm, '');
    const patterns = [...unknown.tools, ...(name === 'Makefile' ? unknown.Makefile : unknown.bash)];
    for (const pattern of patterns) assert.doesNotMatch(code, pattern, name);
  }
});

test('the Makefile reads its versions with any awk, and lists its targets', (context) => {
  for (const tools of ['busybox', 'original-awk']) {
    if (!find(tools)) {
      context.diagnostic(`skipped: ${tools} is not installed`);
      continue;
    }
    const bin = join(temporary, `tools of ${tools}`);
    mkdirSync(bin);
    const names =
      tools === 'busybox' ? ['awk', 'sed', 'grep', 'find', 'xargs', 'tail', 'cat', 'mkdir', 'rm'] : ['awk'];
    for (const name of names) symlinkSync(find(tools), join(bin, name));
    const environment = { PATH: `${bin}:${process.env.PATH}` };
    const folder = copy(`ü #1 50% of ${tools}`);
    const { stdout, stderr } = run(folder, ['make', '--print-data-base', 'help'], environment);
    assert.match(stdout, /^WASM_BINDGEN_VERSION := \d+\.\d+\.\d+$/m, stderr);
    assert.match(stdout, /^make demo +Build the page/m);
    const dist = run(folder, ['make', '--dry-run', 'dist/index.html'], environment);
    // The copy lacks what the page is made of.
    assert.match(dist.stderr, /No rule to make target .*(package\.json|Cargo\.toml)/);
  }
});

test('a home whose name has a space or a % holds no tools', () => {
  const folder = copy('tools');
  for (const [home, tools] of [
    ['/home/me', '/home/me/.cache/spikealign/tools'],
    ['/home/ü#1', '/home/ü#1/.cache/spikealign/tools'],
    ['/home/me and you', 'target/tools'],
    ['/home/100%', 'target/tools'],
  ]) {
    const environment = { HOME: home, XDG_CACHE_HOME: '', CARGO_HOME: '' };
    const { stdout } = run(folder, ['make', '--dry-run', 'clean'], environment);
    assert.match(stdout, /^rm -rf target /);
    const { stdout: data } = run(folder, ['make', '--print-data-base', 'help'], environment);
    assert.ok(data.includes(`\nWASM_BINDGEN := ${tools}/wasm-bindgen-cli-`), home);
    const path = tools.startsWith('/') ? tools : join(folder, tools);
    assert.match(data, new RegExp(`^PATH := .*:${path}/wasm-bindgen-cli-[0-9.]+/bin:`, 'm'), home);
  }
});

test('Node is of a version that runs the tools of the page', () => {
  const folder = copy('node');
  for (const [version, is] of [
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['21.7.3', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['23.0.0', true],
    ['24.1.0', true],
  ]) {
    const fake = join(temporary, `node-${version}.cjs`);
    writeFileSync(
      fake,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
    );
    const node = `[ "$1" = --version ] && echo v${version} || exec "${process.execPath}" --require "${fake}" "$@"`;
    const bin = stubs(`bin-${version}`, { ...rust, node, npm: '' });
    const told = run(folder, ['bash', '--posix', 'scripts/prerequisites.sh', 'build'], {
      PATH: `${bin}:${process.env.PATH}`,
    });
    assert.equal(told.status, is ? 0 : 1, `${version}: ${told.stderr}`);
    if (!is)
      assert.match(
        told.stderr,
        new RegExp(`Node\\.js v${version} does not run .* 20\\.19 .* 22\\.12 or newer`),
      );
  }
});

test('what is missing is named with what to do', () => {
  const path = (/** @type {string} */ name, /** @type {Record<string, string>} */ programs) =>
    `${stubs(name, { ...rust, ...programs })}:${process.env.PATH}`;
  const build = (/** @type {string} */ folder, /** @type {string} */ PATH) =>
    run(folder, ['bash', '--posix', 'scripts/prerequisites.sh', 'build'], { PATH });
  const folder = copy('missing');
  assert.match(
    build(folder, path('no-network', { rustc: 'exit 1', rustup: 'exit 1' })).stderr,
    /rustup could not fetch the version of Rust in rust-toolchain\.toml: connect to the internet/,
  );
  for (const [name, is] of [
    ['ü 100% mine', true],
    ['c#', false],
    ['why?', false],
  ]) {
    const told = build(copy(String(name)), path(`bin of ${name}`, {}));
    assert.equal(told.status, is ? 0 : 1, told.stderr);
    if (!is) assert.match(told.stderr, /Vite cannot build in .*: move it to a folder without # and \?/);
  }
});

test('the page is served to this machine, or to others under any name', async () => {
  const demo = (/** @type {string[]} */ words) =>
    execFileSync('make', ['--dry-run', 'demo', ...words], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, MAKEFLAGS: '', HOST: 'conda' },
    });
  assert.doesNotMatch(demo([]), /--host/);
  assert.match(demo(['HOST=0.0.0.0']), /vite preview --host 0\.0\.0\.0 /);

  const outDir = join(temporary, 'dist');
  mkdirSync(outDir);
  writeFileSync(join(outDir, 'index.html'), 'the page');
  for (const [host, expected] of [
    ['127.0.0.1', 200],
    [undefined, 403],
  ]) {
    const server = await preview({
      configFile: join(root, 'vite.config.js'),
      logLevel: 'silent',
      build: { outDir },
      preview: { port: 0, host: /** @type {string | undefined} */ (host) },
    });
    const address = /** @type {import('node:net').AddressInfo} */ (server.httpServer.address());
    const status = await new Promise((resolve, reject) => {
      const headers = { Host: 'hub.example.org' };
      get({ host: address.address, port: address.port, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    await server.close();
    assert.equal(status, expected, host);
  }
});
