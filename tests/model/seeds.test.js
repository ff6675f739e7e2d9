// What several seeds say of two rules.

import assert from 'node:assert/strict';
import test from 'node:test';
import { compare, described, verdict } from '../../www/panels/seeds_model.js';

const runner = (test_accuracy, stage = 'done') => ({
  stage,
  records: [{ test_accuracy: 0 }, { test_accuracy }],
});
const seed = (runners) => ({ runners: new Map(Object.entries(runners)) });

test('rules are compared seed by seed, where both are done', () => {
  const seeds = [
    seed({ bp: runner(0.75), fa: runner(0.5), rdd: runner(1) }),
    seed({ bp: runner(0.5), fa: runner(0.75), rdd: runner(0.75, 'training') }),
    seed({ bp: runner(0.5) }),
  ];
  assert.deepEqual(compare(['bp', 'fa', 'rdd'], seeds), [
    { rules: ['fa', 'bp'], differences: [-0.25, 0.25] },
    { rules: ['rdd', 'bp'], differences: [0.25] },
    { rules: ['rdd', 'fa'], differences: [0.5] },
  ]);
});

test('the verdict follows from the interval, and says when there are too few seeds', () => {
  const names = ['The spiking rule', 'random feedback'];
  const of = (differences, interval) => verdict({ rules: ['a', 'b'], differences, interval }, names);
  assert.equal(
    of([0.02, 0.022], undefined),
    'After 2 seeds, The spiking rule ends 2.1 points above random feedback on average (seeds: 2.0 to 2.2): too few seeds to tell.',
  );
  const five = [-0.01, -0.02, -0.03, -0.02, -0.02];
  assert.equal(
    of(five, [-0.026, -0.014]),
    'After 5 seeds, The spiking rule ends 2.0 points below random feedback (95% interval −2.6 to −1.4).',
  );
  assert.equal(
    of(five, [-0.03, 0.001]),
    'After 5 seeds, The spiking rule and random feedback cannot be told apart: The spiking rule ends 2.0 points below (95% interval −3.0 to 0.1).',
  );
});

test('the plot of the differences is described by its numbers', () => {
  const names = ['Spiking', 'random'];
  const of = (differences, interval) => described({ rules: ['a', 'b'], differences, interval }, names);
  assert.equal(of([0.02, -0.01], undefined), 'Spiking − random: 2.0, −1.0; mean 0.5.');
  assert.equal(
    of([0.02, 0.02], [0.01, 0.03]),
    'Spiking − random: 2.0, 2.0; mean 2.0, 95% interval 1.0 to 3.0.',
  );
});
