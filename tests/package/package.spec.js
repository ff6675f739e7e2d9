// The npm package, as somebody gets it: packed, installed into an empty project, and used as its README
// says, with a bundler and without.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, createServer, preview } from 'vite';
import { expect, test } from '../page/fixtures.js';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'docs', 'npm.md'), 'utf8');

/** The code blocks of the README in one language. */
const snippets = (language) =>
  [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, code]) => (of === language ? [code] : []));
const [program, with_address] = snippets('js');
const [import_map] = snippets('html');

test.use({ expected: /^log: epoch \d|\[vite\]/ });

/** A folder with an empty project in it. */
let project;
/** What is in the package. */
let files;

test.beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'spikealign-project-'));
  const npm = (...words) => execFileSync('npm', words, { cwd: project, encoding: 'utf8' });
  const [packed] = JSON.parse(npm('pack', '--json', join(root, 'pkg')));
  files = packed.files.map(({ path }) => path);
  write('package.json', JSON.stringify({ name: 'project', private: true, type: 'module' }));
  npm('install', '--offline', '--no-audit', '--no-fund', join(project, packed.filename));
});

test.afterAll(() => rmSync(project, { recursive: true }));

const write = (file, text) => {
  mkdirSync(join(project, file, '..'), { recursive: true });
  writeFileSync(join(project, file), text);
};

/** Opens a page that runs the program of the README, and waits until it has said what came of it. */
async function run(page, address) {
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  await page.goto(address);
  const epochs = () => said.filter((text) => text.startsWith('epoch'));
  await expect.poll(() => epochs().length).toBe(2);
  expect(epochs()[1]).toMatch(/^epoch 2: \d+\.\d% of the test images are right$/);
}

test('it holds what one expects, and says what it is', () => {
  expect(files.toSorted()).toEqual(
    [
      'LICENSE',
      'README.md',
      'description.d.ts',
      'description.js',
      'licences.txt',
      'node.js',
      'package.json',
      'spikealign.d.ts',
      'spikealign.js',
      'spikealign_bg.wasm',
    ].toSorted(),
  );
  const manifest = JSON.parse(readFileSync(join(project, 'node_modules/spikealign/package.json'), 'utf8'));
  const cargo = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  expect(manifest).toMatchObject({
    name: 'spikealign',
    version: cargo.match(/^version = "(.*)"$/m)[1],
    type: 'module',
    license: 'MIT',
    sideEffects: false,
  });
  // It has no address of its own yet, and must not name one that a stranger could register.
  expect(manifest).not.toHaveProperty('repository');
  expect(manifest).not.toHaveProperty('homepage');
  expect(manifest.keywords.length).toBeGreaterThan(0);
  expect(readFileSync(join(project, 'node_modules/spikealign/README.md'), 'utf8')).toBe(readme);
});

test('its types are checked, and none is "any"', () => {
  const types = readFileSync(join(project, 'node_modules/spikealign/spikealign.d.ts'), 'utf8');
  expect(types.replace(/\/\*.*?\*\//gs, '')).not.toMatch(/\bany\b/);
  write('types/program.ts', program);
  write(
    'types/wrong.ts',
    `import init, { Experiment, default_configuration, type Record } from 'spikealign';
     import { description } from 'spikealign/description.js';
     const { memory } = await init();
     export const bytes: number = memory.buffer.byteLength;
     const configuration = default_configuration();
     // @ts-expect-error There is no such choice of layers.
     configuration.feedback_layers = 'some';
     // @ts-expect-error A rule is a name.
     configuration.rule = 1;
     // @ts-expect-error What is described has no such list.
     export const { speeds } = description;
     // @ts-expect-error There are no images.
     new Experiment(configuration);
     // @ts-expect-error A record has no such field.
     export const speed = (record: Record) => record.speed;`,
  );
  const options = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom'] };
  const compilerOptions = { ...options, module: 'esnext', moduleResolution: 'bundler', skipLibCheck: false };
  write('types/tsconfig.json', JSON.stringify({ compilerOptions: { ...compilerOptions, types: [] } }));
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['--project', join(project, 'types')], {
    stdio: 'inherit',
  });
});

test('Node runs it as it is, with nothing fetched', () => {
  write('node.js', program);
  const said = execFileSync(process.execPath, [join(project, 'node.js')], { encoding: 'utf8' });
  expect(said).toMatch(/^epoch 1: .*\nepoch 2: \d+\.\d% of the test images are right\n$/);
});

const ways = { 'as it is': program, 'with its address': with_address_of(program) };

for (const [way, code] of Object.entries(ways)) {
  test(`Vite, ${way}: developed and built`, async ({ page }) => {
    write(
      'index.html',
      '<!doctype html><link rel="icon" href="data:," /><script type="module" src="./main.js"></script>',
    );
    write('main.js', code);
    const options = { root: project, configFile: false, logLevel: 'error' };
    const developing = await createServer({ ...options, server: { port: 0 } });
    await developing.listen();
    await run(page, developing.resolvedUrls.local[0]);
    await developing.close();
    // It says that this process develops: what is built here next would be no production.
    delete process.env.NODE_ENV;

    await build(options);
    const built = await preview({ ...options, preview: { port: 0 } });
    await run(page, built.resolvedUrls.local[0]);
    await built.close();
  });
}

test('a page without a bundler', async ({ page }) => {
  write(
    'plain.html',
    `<!doctype html><link rel="icon" href="data:," />${import_map}<script type="module">${program}</script>`,
  );
  const options = { root: tmpdir(), build: { outDir: project } };
  const server = await preview({ ...options, configFile: false, preview: { port: 0 } });
  await run(page, `${server.resolvedUrls.local[0]}plain.html`);
  await server.close();
});

/** The program, with the address of the WebAssembly as the README gives it. */
function with_address_of(program) {
  const [, import_line, init_line] = with_address.match(/^(import .*)\n\n(await init.*)\n$/);
  return `${import_line}\n${program.replace('await init();', init_line)}`;
}
