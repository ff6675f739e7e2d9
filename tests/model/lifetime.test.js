// What a part of the page has started ends with it, whether it is shown or not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at_end, end_within } from '../../www/base/lifetime.js';
import { part_for_each } from '../../www/panels/frame.js';

/** As much of an element as is asked for. */
const place = () => {
  const within = new Set();
  const root = {
    contains: (/** @type {unknown} */ other) => other === root || within.has(other),
    replaceChildren(...parts) {
      within.clear();
      for (const part of parts) within.add(part);
    },
  };
  return root;
};

test('a part that is no longer shown ends with the place that it was shown in, once', () => {
  const root = place();
  const ended = [];
  const parts = part_for_each(root, (rule) => {
    const part = place();
    at_end(part, () => ended.push(rule));
    return { root: part };
  });
  parts(['bp', 'fa', 'rdd']);
  parts(['rdd']);
  assert.deepEqual(ended, [], 'it may be shown again');
  end_within(root);
  assert.deepEqual(ended.toSorted(), ['bp', 'fa', 'rdd']);
  end_within(root);
  assert.equal(ended.length, 3);
});
