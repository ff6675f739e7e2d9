// What the stage tells of views of the core.

import assert from 'node:assert/strict';
import test from 'node:test';
import { describe_layer, edges_of, moments, view_at } from '../../www/panels/stage_model.js';

test('edges are as thick as the feedback, and agree where its sign is that of the forward weight', () => {
  const edges = edges_of({ forward: [1, -2, 3, -4], feedback: [3, 3, 0, -3], effects: [] });
  assert.deepEqual(
    edges.map(({ agrees }) => agrees),
    [true, false, false, true],
  );
  assert.ok(edges[0].width === edges[1].width && edges[2].width === 0);
  const thick = edges_of({ forward: Array(99).fill(1), feedback: [50, ...Array(98).fill(0.1)], effects: [] });
  assert.equal(thick[0].width, 3);
});

test('while a layer is measured, its effects so far take the place of its feedback', () => {
  const layer = { forward: [1, 1, 1, 1], feedback: [-1, -1, -1, -1], effects: [0, 0, 2, -2] };
  assert.match(describe_layer(layer, 31.26), /^1 of 4 .*right sign, measured so far; update 31\.3° from/);
  const unmeasured = edges_of({ ...layer, effects: [0, 0, 0, 0] });
  assert.ok(unmeasured.every(({ width, agrees }) => width === 0 && !agrees));
  const direct = { forward: [1], feedback: [], effects: [] };
  assert.equal(describe_layer(direct, undefined), 'errors come straight from the output');
});

test('moments are those of all rules, and each rule shows its last one until then', () => {
  const runners = [
    {
      views: new Map([
        [128, 'a'],
        [400, 'b'],
      ]),
    },
    {
      views: new Map([
        [400, 'c'],
        [256, 'd'],
      ]),
    },
  ];
  assert.deepEqual(moments(runners), [128, 256, 400]);
  assert.equal(view_at(runners[0].views, 256), 'a');
  assert.equal(view_at(runners[1].views, 128), null);
  assert.equal(view_at(runners[1].views, Infinity), 'c');
  assert.equal(view_at(new Map(), Infinity), null);
});
