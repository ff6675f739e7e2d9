// The race as a state machine.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { earlier_runs } from '../../www/panels/earlier_runs.js';
import { EPOCHS, FakeStorage, race_of, SETTINGS, work, work_all } from './fake_race.js';
import { settled } from './fake_worker.js';

test('all rules train to the end, and nothing is left to go on with', async () => {
  const all = race_of();
  await all.start();
  await work_all(all);
  const { race, told, storage, turns } = all;
  assert.equal(race.state, 'done');
  assert.equal(told.done, 1);
  assert.equal(race.records.length, 3 * EPOCHS);
  for (const runner of race.runners.values()) {
    assert.equal(runner.answers.confusion, 2 * EPOCHS);
    const views = [2, 4, 6].map((chunks) => [5 * chunks, `view ${chunks}`]);
    assert.deepEqual([...runner.views], views, 'one of every record, as the network was then');
  }
  assert.equal(storage.kept.size, 0, 'what is over is forgotten');
  assert.equal(turns.working, 0);
});

test('answers are asked before anything is learned beyond the record', async () => {
  const all = race_of({ places: 3 });
  await all.start();
  await work_all(all);
  const kinds = all.worker('bp').asked.map(([kind]) => kind);
  assert.deepEqual(kinds.slice(0, 6), ['start', 'advance', 'advance', 'answers', 'keep', 'advance']);
});

test('a race that is done runs again with the next seeds, which end with it', async () => {
  const all = race_of();
  const { race, workers, told } = all;
  race.add_seed();
  assert.deepEqual(race.others, [], 'there is nothing to repeat yet');
  await all.start();
  await work_all(all);
  let moved = 0;
  race.addEventListener('seeds', () => (moved += 1));
  race.add_seed();
  race.add_seed();
  await work_all(all);
  const seeds = workers.map(({ asked: [[, { configuration }]] }) => configuration.seed);
  assert.deepEqual(seeds, [1, 1, 1, 2, 2, 2, 3, 3, 3]);
  assert.deepEqual(
    race.others.map(({ state, records }) => [state, records.length]),
    Array(2).fill(['done', 3 * EPOCHS]),
  );
  assert.ok(moved > 0);
  assert.equal(told.done, 1, 'the race itself was done before');
  assert.ok(workers.slice(3).every(({ terminated, checkpoints }) => terminated && checkpoints === 0));
  race.add_seed();
  await settled();
  race.reset();
  assert.ok(workers.every(({ terminated }) => terminated));
  assert.deepEqual(race.others, []);
});

test('a rule that joins a finished race is of the same run, of which all is kept until it is over again', async () => {
  const all = race_of({ places: 3 });
  const { race, storage, told } = all;
  const earlier = earlier_runs(race, () => '');
  await all.start();
  await work_all(all);
  assert.ok(race.add({ rule: [...SETTINGS.rule, 'dfa'], rule_settings: {} }));
  assert.equal(race.state, 'running');
  for (const worker of all.workers) await work(worker, 5);
  assert.equal(storage.kept.size, 4);
  assert.equal(race.runners.get('dfa').stage, 'training');
  for (const rule of SETTINGS.rule) assert.deepEqual(storage.of_rule(rule), { chunks: 2 * EPOCHS });
  await work_all(all);
  assert.deepEqual([race.state, told.done, race.records.length], ['done', 2, 4 * EPOCHS]);
  assert.equal(storage.kept.size, 0, 'what is over is forgotten');
  assert.deepEqual(earlier(), []);
  await all.start();
  await work_all(all);
  await all.start();
  const told_of = earlier().map(({ name, records }) => [name, records.length]);
  assert.deepEqual(told_of, [
    ['run 1', 4 * EPOCHS],
    ['run 2', 3 * EPOCHS],
  ]);
});

test('a pause holds, keeps checkpoints, and a step is one chunk', async () => {
  const all = race_of();
  const { race } = all;
  await all.start();
  await work(all.worker('bp'), 2);
  race.pause();
  await work_all(all);
  const before = all.workers.map(({ chunks }) => chunks);
  await work_all(all);
  assert.deepEqual(
    all.workers.map(({ chunks }) => chunks),
    before,
  );
  assert.ok(all.worker('bp').checkpoints > 0);
  race.step();
  race.step();
  await work_all(all);
  assert.deepEqual(
    all.workers.map(({ chunks }) => chunks),
    before.map((chunks) => chunks + 2),
  );
  race.resume();
  await work_all(all);
  assert.equal(race.state, 'done');
});

test('hiding the page just as a rule finishes keeps its last checkpoint', async () => {
  const all = race_of({ places: 3 });
  const { race, storage } = all;
  await all.start();
  const bp = all.worker('bp');
  // Its last chunk is under way, and the other rules have not begun.
  while (bp.chunks < 2 * EPOCHS - 1 || bp.pending?.kind !== 'advance') await work(bp, 1);
  race.keep();
  bp.work();
  race.keep();
  await settled();
  race.keep();
  while (bp.pending) await work(bp, 1);
  assert.equal(race.runners.get('bp').stage, 'done');
  assert.deepEqual(storage.of_rule('bp'), { chunks: 2 * EPOCHS });
  await work_all(all);
  assert.equal(storage.kept.size, 0, 'a finished race is not offered again');
});

test('files are saved in order, however soon one is asked for after the other', async () => {
  const all = race_of();
  await all.start(true);
  await work_all(all);
  const asked = [0, 1, 2].map((layer) => all.race.file('bp', layer, 'forward'));
  asked.push(all.race.file('bp', 0, 'checkpoint'));
  await work_all(all);
  assert.deepEqual(await Promise.all(asked), ['forward 0', 'forward 1', 'forward 2', 'checkpoint 0']);
});

test('of samples of weights that wait, only the newest is taken', async () => {
  const all = race_of();
  await all.start(true);
  await work_all(all);
  const asked = [0, 1, 2].map((layer) => all.race.weights('bp', layer, 10));
  await work_all(all);
  assert.deepEqual(await Promise.all(asked), [null, null, 'weights 2']);
  assert.equal(await all.race.weights('nobody', 0, 10), null);
});

test('a rule whose worker dies goes on from its last checkpoint, and announces nothing twice', async () => {
  const all = race_of();
  const { race, told } = all;
  await all.start();
  const rdd = all.worker('rdd');
  while (rdd.chunks < 4) await work_all_but_done(all, rdd);
  rdd.die('error', 'out of memory');
  await settled();
  const failed = race.runners.get('rdd');
  assert.equal(failed.message, 'The worker died (out of memory).');
  assert.ok(failed.kept);
  await work_all(all);
  assert.equal(race.state, 'done');
  race.retry('rdd');
  race.retry('rdd');
  assert.equal(race.state, 'running');
  await work_all(all);
  assert.equal(all.workers.length, 4, 'one retry is enough');
  assert.ok(all.worker('rdd').asked[0][1].checkpoint);
  assert.equal(race.state, 'done');
  assert.equal(race.records.length, 3 * EPOCHS);
  const fresh = told.records.filter(({ again }) => !again);
  assert.equal(new Set(fresh.map(({ record }) => `${record.rule} ${record.epoch}`)).size, fresh.length);
  assert.equal(fresh.length, 3 * EPOCHS);
});

/** One answer of a worker, while the others go on. */
async function work_all_but_done({ workers }, worker) {
  for (const one of workers) if (one !== worker || one.chunks < 4) one.work();
  await settled();
}

test('a rule that dies before the checkpoint of its file is kept goes on from the file', async () => {
  const all = race_of();
  const from_file = async () => ({ chunks: 2 });
  await all.start(true, { race: null, checkpoint_of: from_file });
  for (const worker of all.workers) await work(worker, 1);
  all.worker('bp').die();
  await settled();
  assert.ok(all.race.runners.get('bp').kept);
  all.race.retry('bp');
  await work_all(all);
  assert.equal(all.worker('bp').chunks, 2);
});

test('a rule whose checkpoint cannot be used says so, and begins anew only when it is told to', async () => {
  const all = race_of();
  const checkpoint_of = async ({ rule }) => {
    if (rule === 'bp') throw new Error('It is of other settings.');
    return { chunks: 2 };
  };
  await all.start(false, { race: 'kept', checkpoint_of });
  await work_all(all);
  const failed = all.race.runners.get('bp');
  assert.deepEqual(
    [failed.stage, failed.message, failed.kept],
    ['failed', 'It is of other settings.', false],
  );
  assert.equal(all.worker('bp')?.asked.length ?? 0, 0, 'nothing is overwritten');
  all.race.retry('bp');
  await work_all(all);
  assert.equal(all.race.runners.get('bp').stage, 'done');
  assert.equal(all.race.records.length, 3 * EPOCHS);
});

test('a worker that never loads ends its turn, and the others train', async () => {
  const all = race_of({ places: 1 });
  await all.start();
  all.worker('bp').die('error', '');
  await work_all(all);
  assert.equal(all.race.runners.get('bp').stage, 'failed');
  assert.equal(all.race.state, 'done');
  assert.equal(all.turns.working, 0);
  assert.equal(all.race.runners.get('bp').kept, false);
  all.race.retry('bp');
  await work_all(all);
  assert.equal(all.race.records.length, 3 * EPOCHS);
});

test('races of two pages keep their checkpoints beside each other, and neither touches what the other holds', async () => {
  const storage = new FakeStorage();
  const [one, other] = [race_of({ storage }), race_of({ storage })];
  for (const { start, race } of [one, other]) {
    await start(true);
    for (let step = 0; step < 3; step++) race.step();
  }
  await work_all(one);
  await work_all(other);
  one.race.keep();
  other.race.keep();
  await work_all(one);
  await work_all(other);
  assert.equal(storage.kept.size, 6);
  const [name] = [...storage.kept.keys()][0].split('/');
  const resumed = { race: name, checkpoint_of: storage.checkpoints_of(name) };
  const third = race_of({ storage });
  await assert.rejects(third.start(false, resumed), /Another page .* has continued this race/);
  assert.equal(third.race.state, 'idle');
  other.race.resume();
  await work_all(other);
  assert.equal(other.race.state, 'done');
  assert.deepEqual(
    [...storage.kept.keys()].sort(),
    ['bp', 'fa', 'rdd'].map((rule) => `${name}/${rule}`),
  );
  // Its page has been closed.
  storage.held.delete(name);
  await third.start(false, resumed);
  await work_all(third);
  assert.equal(third.race.records.length, 3 * EPOCHS);
  assert.ok(third.worker('bp').asked[0][1].checkpoint);
  assert.equal(storage.kept.size, 0);
});

test('a reset ends everything, forgets it, and asks only if something would be lost', async () => {
  const all = race_of();
  const { race, storage } = all;
  assert.equal(race.unfinished, false);
  await all.start(true);
  await work_all(all);
  assert.equal(race.unfinished, false, 'nothing has been learned');
  race.step();
  await work_all(all);
  assert.equal(race.unfinished, true);
  const forgotten = storage.forgotten;
  race.reset();
  assert.equal(race.state, 'idle');
  assert.equal(storage.forgotten, forgotten + 1);
  assert.ok(all.workers.every(({ terminated }) => terminated));
  assert.equal(race.unfinished, false);
  race.reset();
  assert.equal(storage.forgotten, forgotten + 1, 'there is nothing to forget twice');
});

test('ingredients that do not arrive leave an idle race, and a reset meanwhile leaves the next one alone', async () => {
  const all = race_of();
  const { race } = all;
  await assert.rejects(race.start(SETTINGS, Promise.reject(new Error('no network')), false), /no network/);
  assert.equal(race.state, 'idle');
  let fail = () => {};
  const late = race.start(
    SETTINGS,
    new Promise((_, reject) => (fail = () => reject(new Error('late')))),
    false,
  );
  race.reset();
  const next = all.start();
  fail();
  await late;
  await next;
  assert.equal(race.state, 'running');
  await work_all(all);
  assert.equal(race.records.length, 3 * EPOCHS);
});

// Whatever is pressed, in whatever order, and whichever worker dies: no turn is lost, nothing is announced
// twice, and the race can be brought to its end.
test('a random walk', async () => {
  const rule = fc.constantFrom(...SETTINGS.rule);
  const act = fc.oneof(
    { weight: 8, arbitrary: fc.record({ act: fc.constant('work'), rule }) },
    fc.record({ act: fc.constantFrom('die', 'retry', 'weights', 'file'), rule }),
    fc.record({
      act: fc.constantFrom('start', 'start_paused', 'pause', 'resume', 'step', 'keep', 'reset', 'settle'),
    }),
  );
  const walk = async (places, acts) => {
    const all = race_of({ places });
    const { race, turns, told } = all;
    const files = [];
    const announced = new Set();
    race.addEventListener('record', ({ detail: { record, again } }) => {
      const name = `${record.rule} ${record.epoch}`;
      assert.equal(announced.has(name), again, name);
      announced.add(name);
    });
    race.addEventListener('change', () => race.state === 'idle' && announced.clear());
    const do_act = {
      start: () => all.start(),
      start_paused: () => all.start(true),
      pause: () => race.pause(),
      resume: () => race.resume(),
      step: () => race.step(),
      keep: () => race.keep(),
      reset: () => race.reset(),
      settle: () => settled(),
      work: (rule) => all.worker(rule)?.work(),
      die: (rule) => all.worker(rule)?.die(),
      retry: (rule) => race.retry(rule),
      weights: (rule) => void files.push(race.weights(rule, 0, 1)),
      file: (rule) => void files.push(race.file(rule, 0, 'forward')),
    };
    for (const { act, rule } of acts) {
      await do_act[act](rule);
      assert.ok(turns.working <= places);
    }
    // To its end.
    if (race.state === 'idle') await all.start();
    race.resume();
    for (const rule of SETTINGS.rule) race.retry(rule);
    await work_all(all);
    assert.equal(race.state, 'done');
    assert.equal(turns.working, 0);
    await Promise.all(files);
    assert.equal(race.records.length, 3 * EPOCHS);
    for (const { rule, records, answers } of race.runners.values()) {
      assert.deepEqual(
        records.map(({ epoch }) => epoch),
        [1, 2, 3],
        rule,
      );
      assert.equal(answers.confusion, 2 * EPOCHS, rule);
    }
    assert.equal(announced.size, 3 * EPOCHS);
    assert.equal(all.storage.kept.size, 0);
    const living = all.workers.filter(({ terminated }) => !terminated);
    assert.equal(living.length, 3);
    assert.ok(told.done > 0);
  };
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(act, { maxLength: 60 }), walk);
  await fc.assert(property, { numRuns: Number(process.env.RUNS ?? 300), seed: 1 });
});

test('a rule joins a race that is running, and one that is over', async () => {
  const all = race_of();
  const { race } = all;
  const [first] = SETTINGS.rule;
  assert.equal(race.add({ rule: [first], rule_settings: {} }), false, 'there is no race');
  await race.start({ ...SETTINGS, rule: [first] }, Promise.resolve(['module', 'source']), false);
  await settled();
  await work(all.worker(first), 2);
  // The settings of a rule that is in the race already stay as they are.
  assert.equal(race.add({ rule: SETTINGS.rule.slice(0, 2), rule_settings: { [`${first}.own`]: 2 } }), true);
  assert.deepEqual(race.settings.rule_settings, SETTINGS.rule_settings);
  await work_all(all);
  assert.equal(race.state, 'done');
  assert.deepEqual([...race.runners.keys()], SETTINGS.rule.slice(0, 2));
  race.add({ rule: SETTINGS.rule, rule_settings: {} });
  assert.equal(race.state, 'running');
  await work_all(all);
  assert.equal(race.state, 'done');
  assert.equal(race.records.length, 3 * EPOCHS);
  assert.deepEqual(race.settings.rule, SETTINGS.rule);
});

test('a rule joins a race whose images are still on their way', async () => {
  const all = race_of();
  const { race } = all;
  const [first, second] = SETTINGS.rule;
  let arrive;
  const started = race.start(
    { ...SETTINGS, rule: [first] },
    new Promise((resolve) => (arrive = resolve)),
    false,
  );
  assert.equal(race.state, 'preparing');
  assert.equal(race.add({ rule: [first, second], rule_settings: { [`${first}.own`]: 2 } }), true);
  assert.deepEqual(race.settings.rule_settings, SETTINGS.rule_settings);
  assert.equal(race.runners.size, 0);
  arrive(['module', 'source']);
  await started;
  await work_all(all);
  assert.equal(race.state, 'done');
  assert.deepEqual([...race.runners.keys()], [first, second]);
  assert.equal(race.records.length, 2 * EPOCHS);
});

test('a worker that dies while nothing is asked of it is missed at once', async () => {
  const all = race_of();
  await all.start(true);
  await work_all(all);
  all.worker('bp').die('error', 'out of memory');
  await settled();
  const runner = all.race.runners.get('bp');
  assert.equal(runner.stage, 'failed');
  assert.equal(runner.message, 'The worker died (out of memory).');
});

test('a worker that dies just after an answer leaves its rule failed, to be started again', async () => {
  // However far its answer has come on its way through promises.
  for (let answers = 1; answers <= 1 + 4 * EPOCHS; answers++)
    for (let ticks = 0; ticks < 8; ticks++) await die_after(answers, ticks);
});

async function die_after(answers, ticks) {
  const all = race_of({ places: 3 });
  const { race } = all;
  await all.start();
  const worker = all.worker('rdd');
  await work(worker, answers - 1);
  await settled();
  worker.work();
  for (let tick = 0; tick < ticks; tick++) await null;
  worker.die();
  await work_all(all);
  assert.equal(race.runners.get('rdd').stage, 'failed', `after ${answers} answers and ${ticks} ticks`);
  assert.equal(race.state, 'done');
  race.retry('rdd');
  await work_all(all);
  assert.equal(race.runners.get('rdd').stage, 'done');
  assert.equal(race.records.length, 3 * EPOCHS);
  assert.equal(all.turns.working, 0);
}
