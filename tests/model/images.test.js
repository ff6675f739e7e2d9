// Where the images come from, with workers that a test plays.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { read_beginning } from '../../www/images/beginning.js';
import { keep_files } from '../../www/images/kept_files.js';
import { ImageStore } from '../../www/images/store.js';
import { default_settings } from '../../www/settings/table.js';
import { FakeWorker, settled } from './fake_worker.js';

function store_of(engine = async () => 'module') {
  const workers = [];
  const hire = () => {
    workers.push(new FakeWorker());
    return workers.at(-1);
  };
  return { store: new ImageStore('https://example.org/', hire, engine), workers };
}

/** Plays `data/manifest.json`. */
const serve = (manifest) => {
  globalThis.fetch = async () => Response.json(manifest);
};

const settings = { ...default_settings(), dataset: 'garments' };
const real = { ...settings, dataset: 'fashion-mnist' };
const answer = { source: 'source', preview: 'preview' };

test('images are asked for once, and what comes is what was asked for last', async () => {
  const { store, workers } = store_of();
  const first = store.prepare(settings);
  assert.equal(store.prepare({ ...settings, epochs: 1 }), first, 'the same images');
  const second = store.prepare({ ...settings, seed: 2 });
  await settled();
  workers[0].answer({ ...answer, preview: 'old' });
  assert.equal(await first, 'source');
  assert.equal(store.state.stage, 'loading');
  await settled();
  workers[0].answer(answer);
  await second;
  assert.deepEqual([store.state.stage, store.state.preview], ['ready', 'preview']);
});

test('settings that change while their images are awaited belong to the next ones', async () => {
  const { store, workers } = store_of();
  const changing = structuredClone(settings);
  store.prepare(changing);
  changing.seed = 2;
  changing.dataset = 'fashion-mnist';
  await settled();
  const [[, { configuration }]] = workers[0].asked;
  assert.deepEqual([configuration.dataset, configuration.seed], ['garments', 1]);
});

test('a download that hangs holds up no other images', async () => {
  const { store, workers } = store_of();
  store.prepare(real).catch(() => {});
  await settled();
  const generated = store.prepare(settings);
  await settled();
  assert.equal(workers.length, 2);
  workers[0].tell({ label: 'training images', done: 1, total: 2 });
  assert.equal(store.state.fraction, 0, 'news of what nobody waits for');
  workers[1].answer(answer);
  assert.equal(await generated, 'source');
});

test('a failure is said, and a second try is one', async () => {
  let broken = true;
  const { store, workers } = store_of(async () => {
    if (broken) throw new Error('could not be compiled');
    return 'module';
  });
  await assert.rejects(store.prepare(settings), /could not be compiled/);
  assert.deepEqual([store.state.stage, store.state.message], ['failed', 'could not be compiled']);
  broken = false;
  const dead = store.prepare(settings);
  await settled();
  workers[0].die();
  await assert.rejects(dead, /The worker died/);
  const refused = store.prepare(settings);
  await settled();
  workers[1].refuse({ message: 'too many', field: 'examples' });
  await assert.rejects(refused, { field: 'examples' });
  const good = store.prepare(settings);
  await settled();
  workers[1].answer(answer);
  assert.equal(await good, 'source');
});

test('which data sets can be had is what the manifest says', async () => {
  serve({ 'fashion-mnist': true, cats: true });
  const { store } = store_of();
  assert.equal(store.has('fashion-mnist'), false);
  assert.ok(store.has('garments'), 'it is generated');
  await store.look_beside();
  assert.ok(store.has('fashion-mnist'));
  serve({ 'fashion-mnist': false });
  const other = store_of().store;
  await other.look_beside();
  assert.equal(other.has('fashion-mnist'), false);
  assert.equal(other.absence('fashion-mnist'), 'Fashion-MNIST is not hosted with this page');
  await assert.rejects(
    other.prepare({ ...settings, dataset: 'svhn' }),
    /The files of SVHN are not here: drop them/,
  );
  other.bring({ dataset: 'svhn', files: [], names: [] });
  assert.ok(other.has('svhn'), 'the reader has brought it');
});

test('a network that says nothing is one that is not there, also in the middle of an answer', async () => {
  const never = (signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  for (const play of [never, async (signal) => ({ ok: true, json: () => never(signal) })]) {
    const patience = new AbortController();
    mock.method(AbortSignal, 'timeout', () => patience.signal);
    globalThis.fetch = (_, { signal }) => play(signal);
    const { store } = store_of();
    const looked = store.look_beside();
    await settled();
    patience.abort();
    await looked;
    assert.match(store.absence('fashion-mnist'), /cannot be fetched offline/);
    mock.restoreAll();
  }
});

test('files are not kept where the storage of the browser never answers', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  globalThis.indexedDB = { open: () => ({}) };
  const keeping = keep_files({ dataset: 'svhn', files: [], names: [] });
  mock.timers.tick(30_000);
  assert.equal(await keeping, false);
  mock.timers.reset();
  Reflect.deleteProperty(globalThis, 'indexedDB');
});

test('what is closed is no longer waited for', async () => {
  const { store, workers } = store_of();
  const asked = store.prepare(settings);
  await settled();
  store.close();
  await assert.rejects(asked, /no longer needed/);
  assert.ok(workers[0].terminated);
  await assert.rejects(store.prepare(real), /no longer needed/);
});

test('a file of which next to nothing arrives is not waited for', async () => {
  mock.timers.enable({ apis: ['setInterval'] });
  let push = (_) => {};
  const slow = new ReadableStream({
    start: (controller) => (push = (bytes) => controller.enqueue(new Uint8Array(bytes))),
  });
  const read = read_beginning(slow, 1_000_000);
  read.catch(() => {});
  push(40_000);
  await settled();
  await settled();
  mock.timers.tick(30_000);
  push(30);
  await settled();
  mock.timers.tick(30_000);
  await assert.rejects(read, /the connection is too slow/);

  const silent = read_beginning(new ReadableStream(), 10);
  mock.timers.tick(30_000);
  await assert.rejects(silent, /the connection is too slow/);
  mock.timers.reset();
});
