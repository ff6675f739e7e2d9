/**
 * Getting the beginning of an IDX file out of a stream, plain or gzipped, without waiting for the
 * rest. Whether it is a good IDX file is for the core to say; here only its first eight bytes are
 * looked at, to tell the four official files from each other and from everything else.
 *
 * @import { Part } from '../race/messages.js'
 */

/**
 * The four official files.
 *
 * @type {{ [part in Part]: { file: string, label: string } }}
 */
export const parts = {
  train_images: { file: 'train-images-idx3-ubyte.gz', label: 'training images' },
  train_labels: { file: 'train-labels-idx1-ubyte.gz', label: 'training labels' },
  test_images: { file: 't10k-images-idx3-ubyte.gz', label: 'test images' },
  test_labels: { file: 't10k-labels-idx1-ubyte.gz', label: 'test labels' },
};

export const part_names = /** @type {Part[]} */ (Object.keys(parts));

/**
 * How many bytes of a part hold its first `count` items: a header, then 28 × 28 pixels or one label.
 *
 * @param {Part} part
 * @param {number} count
 */
export function bytes_needed(part, count) {
  return part.endsWith('images') ? 16 + 784 * count : 8 + count;
}

/**
 * How many whole items the first `bytes` of a part hold.
 *
 * @param {Part} part
 * @param {number} bytes
 */
export function items_in(part, bytes) {
  return Math.floor(part.endsWith('images') ? (bytes - 16) / 784 : bytes - 8);
}

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
  const reader = (await unpack(stream)).getReader();
  const beginning = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const result = await reader.read();
    if (result.done) break;
    const piece = result.value.subarray(0, length - done);
    beginning.set(piece, done);
    done += piece.length;
    on_progress?.(done);
  }
  // Closes the connection, or the file, without an error if it has ended by itself.
  await reader.cancel().catch(() => {});
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

/**
 * Tells which of the four files this is, from its first bytes; the number of items separates
 * training from test, and the name does where the number does not.
 *
 * @param {Uint8Array<ArrayBuffer>} beginning at least eight bytes, if the file has them
 * @param {string} name
 * @returns {Part | null} null if it is none of them
 */
export function which_part(beginning, name) {
  if (beginning.length < 8) return null;
  const view = new DataView(beginning.buffer, beginning.byteOffset);
  const kind = { 0x803: 'images', 0x801: 'labels' }[view.getUint32(0)];
  if (kind === undefined) return null;
  const count = view.getUint32(4);
  let set = count > 10_000 ? 'train' : 'test';
  if (/train/i.test(name)) set = 'train';
  if (/t10k|test/i.test(name)) set = 'test';
  return /** @type {Part} */ (`${set}_${kind}`);
}
