// What Lighthouse judges of a page is what the page costs, not what else the machine had to do.

import assert from 'node:assert/strict';
import test from 'node:test';
import { in_processor_time } from '../page/processor_time.js';

const event = (name, ts, dur, tdur, tid = 1) => ({ name, ph: 'X', pid: 1, tid, ts, dur, tdur });
const times = (events) => events.map(({ ts, dur }) => [ts, dur]);

test('a task that waited for a processor is as long as it was at work, and so is what lies within', () => {
  const events = [
    event('ThreadControllerImpl::RunTask', 1_000, 100, 40),
    event('RunTask', 1_000, 90, 36),
    event('FunctionCall', 1_050, 50, 20),
    event('RunTask', 1_100, 10, 10),
  ];
  assert.deepEqual(times(in_processor_time(events)), [
    [1_000, 40],
    [1_000, 36],
    [1_020, 20],
    [1_100, 10],
  ]);
});

test('a task that was at work all the time is as it was, as is all that lies in no task or on another thread', () => {
  const events = [
    event('RunTask', 0, 500, 500),
    event('FunctionCall', 100, 400, 400),
    event('Waiting', 700, 100, 0),
    event('RunTask', 1_000, 100, 10),
    event('FunctionCall', 1_000, 80, 80, 2),
    { name: 'firstPaint', ph: 'R', pid: 1, tid: 1, ts: 1_050 },
  ];
  const after = in_processor_time(events);
  assert.deepEqual(times(after.toSpliced(3, 1)), times(events.toSpliced(3, 1)));
  assert.equal(after[3].dur, 10);
});

test('a longer waiting for the processor changes nothing', () => {
  const work = (wait) => [event('RunTask', 0, 60 + wait, 60), event('FunctionCall', 0, 60 + wait, 60)];
  assert.deepEqual(times(in_processor_time(work(0))), times(in_processor_time(work(3_000))));
});
