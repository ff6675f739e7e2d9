// What a reader expects is of the run that began with it, and of no other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earlier_runs } from '../../www/panels/earlier_runs.js';
import { Prediction } from '../../www/panels/prediction.js';

/** A race, as far as it tells its state. */
class FakeRace extends EventTarget {
  state = 'idle';
  records = [];
  enter(...states) {
    for (const state of states) {
      this.state = state;
      this.dispatchEvent(new Event('change'));
      if (state === 'done') this.dispatchEvent(new Event('done'));
    }
  }
}

const plan = (run, last) => ({ run, line: { rule: 'rdd', x: [10, 20], y: [0.5, last] } });

test('a run keeps the prediction with which it began, whatever is planned meanwhile', () => {
  const race = new FakeRace();
  const prediction = new Prediction(race);
  const earlier = earlier_runs(race, () => prediction.begun?.run ?? '');
  prediction.set(plan('six seconds', 0.7));
  race.enter('preparing', 'preparing', 'running');
  prediction.draw(19, 0.9);
  assert.deepEqual(prediction.begun, plan('six seconds', 0.7));
  assert.deepEqual(prediction.next, plan('six seconds', 0.9));
  prediction.set(null);
  assert.deepEqual(prediction.line.y, [0.5, 0.7], 'the chart goes on to show it');
  prediction.draw(19, 0.9);
  assert.deepEqual(prediction.line.y, [0.5, 0.7]);
  prediction.set(plan('confounded', 0.8));
  race.enter('done');
  assert.deepEqual(prediction.line.y, [0.5, 0.8], 'the next one can be drawn');
  prediction.set(null);

  race.enter('idle', 'preparing');
  assert.equal(prediction.begun, null);
  prediction.set(plan('too late', 0.6));
  race.enter('running', 'done', 'idle');
  assert.deepEqual(
    earlier().map(({ name }) => name),
    ['six seconds', 'run 2'],
  );
  assert.equal(prediction.next.run, 'too late');
});
