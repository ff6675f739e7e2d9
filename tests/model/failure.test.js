// The words of a failure need nothing of the browser: they also name what is missing.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { answered } from '../../www/base/answered.js';
import { in_words } from '../../www/base/failure.js';
import { service_workers } from '../../www/base/service_workers.js';

test('every failure has words, even where the program cannot run at all', () => {
  const crash = new WebAssembly.RuntimeError('unreachable');
  const { WebAssembly: present } = globalThis;
  Reflect.deleteProperty(globalThis, 'WebAssembly');
  try {
    assert.equal(in_words(crash), 'The training program crashed (unreachable).');
    assert.equal(in_words(new RangeError('too long')), 'Not enough memory (too long).');
    assert.equal(in_words(new Error('It is switched off.')), 'It is switched off.');
    assert.equal(in_words('a string'), 'a string');
    assert.equal(in_words(null), 'null');
  } finally {
    globalThis.WebAssembly = present;
  }
});

test('storage that never answers fails with a sentence, and one that does answers', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  assert.equal(await answered(Promise.resolve(3)), 3);
  const silent = answered(new Promise(() => {}));
  mock.timers.tick(60_000);
  await assert.rejects(silent, /storage of the browser does not answer/);
  mock.timers.reset();
});

test('in a sandbox, where Chromium throws, there are no service workers', () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const navigator = {
    get serviceWorker() {
      throw new DOMException('The document is sandboxed', 'SecurityError');
    },
  };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  try {
    assert.equal(service_workers(), undefined);
  } finally {
    Reflect.deleteProperty(globalThis, 'navigator');
    if (before) Object.defineProperty(globalThis, 'navigator', before);
  }
});
