// The drawing kit: scales, the looks of rules, and statistics.

import assert from 'node:assert/strict';
import test from 'node:test';
import { look_of, marker_path } from '../../www/plot/markers.js';
import { mean_line } from '../../www/plot/lines.js';
import { doubled, range_of, scale, spread_out, ticks, with_room } from '../../www/plot/scale.js';
import { correlation, deviation, mean, same_sign } from '../../www/plot/statistics.js';

test('no two rules have the same dash and marker, and those of a group have the same dash', () => {
  const looks = ['exact', 'random', 'signs', 'rates', 'spikes'].flatMap((group) =>
    Array.from({ length: 8 }, (_, place) => {
      const { dash, marker } = look_of(group, place);
      assert.deepEqual(dash, look_of(group, 0).dash);
      return `${dash} ${marker_path(marker, 0, 0, 1)}`;
    }),
  );
  assert.equal(new Set(looks).size, 40);
});

test('ticks are round, in range, and no more than there is room for', () => {
  assert.deepEqual(ticks([0, 1], 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks([-6, 6], 5), [-5, 0, 5]);
  for (const [low, high] of [
    [0.42, 1.02],
    [-0.2, 1.04],
    [3, 7_431],
    [-1e-7, 1e-7],
  ]) {
    for (const most of [2, 5, 9]) {
      const values = ticks([low, high], most);
      assert.ok(values.length >= 1 && values.length <= most + 1, `${low}–${high}: ${values}`);
      assert.ok(values.every((value) => value >= low && value <= high));
    }
  }
  assert.equal(ticks([0, 1], 0).length, 2, 'an axis without room has its ends');
});

test('of marks that are close together as many are kept as have room, and a single one always', () => {
  const place = scale([0, 1], [100, 0]);
  const marks = [0, 0.1, 0.2, 0.3, 0.4];
  assert.deepEqual(with_room(marks, place, 10), marks);
  assert.deepEqual(with_room(marks, place, 14), [0, 0.2, 0.4]);
  assert.deepEqual(with_room(marks, place, 35), [0, 0.4]);
  assert.deepEqual(with_room([0.5], place, 14), [0.5]);
  assert.deepEqual(with_room([], place, 14), []);
});

test('a range keeps what is always shown, and grows in steps', () => {
  assert.deepEqual(range_of(null, null, [0, 105]), [0, 105]);
  assert.deepEqual(range_of(0.7, 0.8, [0.6, 0.94]), [0.6, 0.94]);
  const [low, high] = range_of(0.1, 0.99, [0.6, 0.94]);
  assert.ok(low <= 0.1 && high >= 0.99);
  assert.deepEqual(range_of(5, 5, null).map(Math.sign), [1, 1]);
  assert.equal(doubled(7, 2), 8);
  assert.equal(doubled(1, 2), 2);
  assert.equal(scale([0, 10], [100, 0])(2.5), 75);
});

test('labels lie apart, in order, and within their chart, also when there is no room', () => {
  for (const count of [1, 3, 12, 40]) {
    const labels = Array.from({ length: count }, (_, index) => ({ y: 95 + (index % 3) }));
    const placed = spread_out(labels, 15, 0, 100).sort((a, b) => a.y - b.y);
    const step = Math.min(15, 100 / count);
    assert.equal(placed.length, count);
    assert.ok(placed[0].y >= step / 2 - 1e-9 && placed[count - 1].y <= 100 - step / 2 + 1e-9);
    for (let index = 1; index < count; index++) {
      assert.ok(placed[index].y - placed[index - 1].y >= step - 1e-9);
      assert.ok(placed[index].label.y >= placed[index - 1].label.y);
    }
  }
});

test('statistics', () => {
  assert.equal(mean([]), 0);
  assert.equal(mean([1, 2, 6]), 3);
  assert.equal(deviation([1, 3]), 1);
  assert.ok(Math.abs(correlation([1, 2, 3], [-2, -4, -6]) + 1) < 1e-12);
  assert.equal(correlation([1, 2], [5, 5]), 0);
  assert.equal(same_sign([1, -1, 1, 1], [2, -3, -1, 0]), 2 / 3);
  assert.ok(Number.isNaN(same_sign([1], [0])));
});

test('a mean of lines is where all have a value, with the standard deviation of a sample', () => {
  const lines = [
    { x: [1, 2, 3], y: [1, 2, 3] },
    { x: [1, 3], y: [3, 5] },
  ];
  assert.deepEqual(mean_line(lines), { x: [1, 3], y: [2, 4], spread: [Math.SQRT2, Math.SQRT2] });
  assert.deepEqual(mean_line([lines[1]]), { ...lines[1], spread: [0, 0] });
});
