// A mailbox, with workers that a test plays: every promise settles and every turn ends, whatever happens.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mailbox } from '../../www/workers/mailbox.js';
import { Turns } from '../../www/workers/turns.js';
import { FakeWorker, settled } from './fake_worker.js';

/** A mailbox whose workers are at hand. */
function mailbox(turns = new Turns(1)) {
  const workers = [];
  const box = new Mailbox(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  }, turns);
  return { box, workers, turns };
}

const give = (request) => () => request;

test('requests are sent one at a time, in order', async () => {
  const { box, workers } = mailbox();
  const first = box.ask('run', give(1));
  const second = box.ask('save', give(2));
  await settled();
  const [worker] = workers;
  assert.deepEqual(worker.asked, [['run', 1]]);
  worker.answer('one');
  assert.equal(await first, 'one');
  await settled();
  assert.deepEqual(worker.asked, [
    ['run', 1],
    ['save', 2],
  ]);
  worker.answer('two');
  assert.equal(await second, 'two');
  assert.equal(workers.length, 1);
});

test('a newer request takes the place of the one that waits, and only of its kind', async () => {
  const { box, workers } = mailbox();
  const latest = { latest: true };
  const under_way = box.ask('run', give(0), latest);
  await settled();
  const slides = [1, 2, 3].map((step) => box.ask('run', give(step), latest));
  const saves = [1, 2].map((name) => box.ask('save', give(name)));
  const [worker] = workers;
  for (let reply = 0; reply < 4; reply++) {
    worker.answer(reply);
    await settled();
  }
  assert.equal(await under_way, 0);
  assert.deepEqual(await Promise.all(slides), [null, null, 1]);
  assert.deepEqual(await Promise.all(saves), [2, 3]);
  assert.deepEqual(worker.asked, [
    ['run', 0],
    ['run', 3],
    ['save', 1],
    ['save', 2],
  ]);
});

test('a request is made when its turn comes, and can then be no longer wanted', async () => {
  const { box, workers, turns } = mailbox();
  let wanted = true;
  const held = turns.ask(() => {});
  const asked = box.ask('run', () => (wanted ? 1 : null));
  await settled();
  wanted = false;
  turns.end(held);
  assert.equal(await asked, null);
  assert.equal(workers.length, 0);
  assert.equal(turns.working, 0);
});

for (const type of ['error', 'messageerror']) {
  test(`a worker's ${type} rejects what it was asked, and ends its turn`, async () => {
    const { box, workers, turns } = mailbox();
    const asked = [box.ask('run', give(1)), box.ask('save', give(2))];
    await settled();
    workers[0].die(type, 'out of memory');
    for (const one of asked) await assert.rejects(one, /^Error: The worker died/);
    assert.equal(turns.working, 0);
    // The next request gets a worker of its own.
    const again = box.ask('run', give(3));
    await settled();
    workers[1].answer('fine');
    assert.equal(await again, 'fine');
    assert.ok(workers[0].terminated);
  });
}

test('a worker that cannot be started, a request that cannot be made or sent', async () => {
  const turns = new Turns(1);
  const refused = new Mailbox(() => {
    throw new Error('forbidden');
  }, turns);
  await assert.rejects(refused.ask('run', give(1)), /forbidden/);
  const { box } = mailbox(turns);
  const uncompiled = box.ask('run', () => Promise.reject(new Error('could not be compiled')));
  await assert.rejects(uncompiled, /could not be compiled/);
  await assert.rejects(
    box.ask('run', () => () => 'functions are not cloned'),
    /could not be cloned/,
  );
  assert.equal(turns.working, 0);
  assert.ok(box.idle);
});

test('an error of one request is of that request, with the setting that caused it', async () => {
  const { box, workers } = mailbox();
  const bad = box.ask('run', give(1));
  const good = box.ask('run', give(2));
  await settled();
  workers[0].refuse({ message: 'The seed is too large.', field: 'seed' });
  await assert.rejects(bad, { message: 'The seed is too large.', field: 'seed' });
  await settled();
  workers[0].answer('fine');
  assert.equal(await good, 'fine');
});

test('news arrive before the answer, and not after', async () => {
  const { box, workers } = mailbox();
  const heard = [];
  const asked = box.ask('load', give(1), { on_news: (news) => heard.push(news) });
  await settled();
  workers[0].tell('half');
  workers[0].answer('all');
  workers[0].tell('late');
  assert.equal(await asked, 'all');
  assert.deepEqual(heard, ['half']);
});

test('closing withdraws everything at once, also what waits for a turn', async () => {
  const turns = new Turns(1);
  const one = mailbox(turns);
  const other = mailbox(turns);
  const asked = [one.box.ask('run', give(1)), one.box.ask('save', give(2)), other.box.ask('run', give(3))];
  await settled();
  one.box.close();
  assert.deepEqual(await Promise.all([asked[0], asked[1]]), [null, null]);
  assert.ok(one.workers[0].terminated);
  await settled();
  other.workers[0].answer('its turn');
  assert.equal(await asked[2], 'its turn');
  assert.equal(await one.box.ask('run', give(4)), null);
  assert.equal(turns.working, 0);
});

test('a request that is still being made when the mailbox closes is never sent', async () => {
  const { box, workers, turns } = mailbox();
  let make = (_) => {};
  const asked = box.ask('run', () => new Promise((resolve) => (make = resolve)));
  await settled();
  box.restart();
  make(1);
  assert.equal(await asked, null);
  await settled();
  assert.equal(workers.length, 0);
  assert.equal(turns.working, 0);
});
