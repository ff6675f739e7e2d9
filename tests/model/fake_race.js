// A race with workers and a storage that a test plays.

import assert from 'node:assert/strict';
import { Race } from '../../www/race/race.js';
import { Turns } from '../../www/workers/turns.js';
import { FakeWorker, settled } from './fake_worker.js';

export const EPOCHS = 3;
export const SETTINGS = {
  rule: ['bp', 'fa', 'rdd'],
  epochs: EPOCHS,
  examples: 10,
  seed: 1,
  rule_settings: { 'rdd.x': 2 },
};

/** Where workers keep checkpoints. */
export class FakeStorage {
  kept = new Map();
  forgotten = 0;
  held = new Set();
  checkpoints_of =
    (race) =>
    async ({ rule }) =>
      this.kept.get(`${race}/${rule}`) ?? null;
  forget = async (race) => {
    for (const key of this.kept.keys()) if (key.startsWith(`${race}/`)) this.kept.delete(key);
    this.forgotten += 1;
  };
  hold = async (race) => {
    if (this.held.has(race)) return null;
    this.held.add(race);
    return () => this.held.delete(race);
  };
  /** What is kept, by rule. */
  of_rule = (rule) => [...this.kept].findLast(([key]) => key.endsWith(`/${rule}`))?.[1];
}

/** A worker that trains by counting: an epoch takes two chunks, and ends with a record. */
class Trainer extends FakeWorker {
  chunks = 0;
  records = [];
  checkpoints = 0;
  kept_at = -1;

  constructor(rule, storage) {
    super();
    this.rule = rule;
    this.storage = storage;
  }

  /** Whether there is a request that has no answer. */
  pending = null;
  on_request(kind, request) {
    assert.equal(this.pending, null, 'one request at a time');
    this.pending = { kind, request };
  }

  /** Answers what it was asked, as a worker would. */
  work() {
    if (!this.pending || this.terminated) return false;
    const { kind, request } = this.pending;
    this.pending = null;
    this.answer(this[kind](request));
    return true;
  }

  get #progress() {
    const done = this.chunks >= 2 * EPOCHS;
    const epoch = Math.min(EPOCHS, 1 + Math.floor(this.chunks / 2));
    return {
      stage: done ? 'done' : 'training',
      epoch,
      done: 0,
      total: 1,
      examples: 5 * this.chunks,
      measured: [],
    };
  }

  start({ configuration, checkpoint }) {
    assert.equal(configuration.rule, this.rule);
    assert.deepEqual(configuration.rule_settings, this.rule === 'rdd' ? { 'rdd.x': 2 } : {});
    this.chunks = checkpoint?.chunks ?? 0;
    for (let chunk = 2; chunk <= this.chunks; chunk += 2) this.records.push(this.#record(chunk));
    const progress = checkpoint ? { ...this.#progress, records: [] } : null;
    return { layer_names: ['4→2'], tests: { labels: [0] }, records: [...this.records], progress };
  }

  advance() {
    assert.ok(this.chunks < 2 * EPOCHS, 'what is done is not advanced');
    this.chunks += 1;
    const records = this.chunks % 2 === 0 ? [this.#record(this.chunks)] : [];
    return { ...this.#progress, records };
  }

  #record(chunk) {
    return { rule: this.rule, epoch: chunk / 2, examples: 5 * chunk };
  }

  answers() {
    return { confusion: this.chunks, probabilities: null, view: `view ${this.chunks}` };
  }

  keep({ race }) {
    this.kept_at = this.chunks;
    this.checkpoints += 1;
    this.storage.kept.set(`${race}/${this.rule}`, { chunks: this.chunks });
    return true;
  }

  weights({ layer }) {
    return `weights ${layer}`;
  }

  file({ layer, which }) {
    return `${which} ${layer}`;
  }
}

/** A race with its workers at hand. */
export function race_of({ places = 2, keeps = true, storage = new FakeStorage() } = {}) {
  const turns = new Turns(places);
  /** @type {Trainer[]} */
  const workers = [];
  const hire = (rule) => {
    const worker = new Trainer(rule, storage);
    workers.push(worker);
    return worker;
  };
  const race = new Race({ hire, turns, storage: keeps ? storage : null });
  const told = { records: [], done: 0 };
  race.addEventListener('record', ({ detail }) => told.records.push(detail));
  race.addEventListener('done', () => (told.done += 1));
  /** The newest worker of a rule. */
  const worker = (rule) => workers.findLast((one) => one.rule === rule);
  const start = async (paused = false, resumed = null) => {
    await race.start(SETTINGS, Promise.resolve(['module', 'source']), paused, resumed);
    await settled();
  };
  return { race, storage, turns, workers, worker, told, start };
}

/** Lets all workers work until they wait. */
export async function work_all({ workers }) {
  for (let idle = 0; idle < 2;) {
    await settled();
    const worked = workers.map((worker) => worker.work()).some(Boolean);
    idle = worked ? 0 : idle + 1;
  }
}

/** Lets one worker work so often. */
export async function work(worker, times) {
  for (let time = 0; time < times; time++) {
    await settled();
    worker.work();
  }
  await settled();
}
