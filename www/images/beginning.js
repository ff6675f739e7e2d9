/** Reads the beginning of a file from a stream, plain or gzipped, without waiting for the rest. */

/** The least that must arrive, in bytes, within some milliseconds: a server that says nothing more is not waited for. */
const [LEAST, WITHIN] = [30_000, 30_000];

/**
 * Reads the first `length` bytes of a stream, unpacking it if it is gzipped, and leaves the rest.
 * Whether it is gzipped is seen from its first two bytes: some servers unpack files of that name.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream
 * @param {number} length
 * @param {(done: number) => void} [on_progress]
 * @returns {Promise<Uint8Array<ArrayBuffer>>} shorter than `length` if the file is
 */
export async function read_beginning(stream, length, on_progress) {
  const beginning = new Uint8Array(length);
  let [done, before] = [0, 0];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const too_slow = new Promise((_, reject) => {
    timer = setInterval(() => {
      if (done - before < LEAST) reject(new Error('the connection is too slow'));
      before = done;
    }, WITHIN);
  });
  try {
    const reader = (await Promise.race([unpack(stream), too_slow])).getReader();
    while (done < length) {
      const result = await Promise.race([reader.read(), too_slow]);
      if (result.done) break;
      const piece = result.value.subarray(0, length - done);
      beginning.set(piece, done);
      done += piece.length;
      on_progress?.(done);
    }
    // Closes the connection, or the file, without an error if it has ended by itself.
    await reader.cancel().catch(() => {});
  } finally {
    clearInterval(timer);
  }
  return beginning.subarray(0, done);
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream */
async function unpack(stream) {
  const reader = stream.getReader();
  let head = new Uint8Array(0);
  let ended = false;
  while (head.length < 2 && !ended) {
    const { done, value } = await reader.read();
    ended = done;
    if (value) head = new Uint8Array([...head, ...value]);
  }
  const gzipped = head[0] === 0x1f && head[1] === 0x8b;
  /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */
  const whole = new ReadableStream({
    start(controller) {
      controller.enqueue(head);
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel(reason) {
      return reader.cancel(reason);
    },
  });
  return gzipped ? whole.pipeThrough(new DecompressionStream('gzip')) : whole;
}
