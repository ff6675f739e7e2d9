/**
 * The first images of a set, to be shown on the page.
 *
 * @import { Images } from '../../pkg/spikealign.js'
 */

/**
 * @typedef {object} Preview
 * @property {number} rows
 * @property {number} columns
 * @property {number} channels
 * @property {string[]} classes
 * @property {number[]} labels
 * @property {Uint8Array} pixels image by image; of an image row by row, the channels of a pixel together
 */

/**
 * @param {Images} images
 * @param {'train' | 'test'} split
 * @param {number} most
 * @returns {Preview}
 */
export function preview(images, split, most) {
  const [rows = 0, columns = 0, channels = 1] = images.shape;
  const size = rows * columns * channels;
  const count = Math.min(most, split === 'train' ? images.train_count : images.test_count);
  const pixels = new Uint8Array(count * size);
  const labels = [];
  for (let index = 0; index < count; index++) {
    const [image, label] =
      split === 'train'
        ? [images.train_image(index), images.train_label(index)]
        : [images.test_image(index), images.test_label(index)];
    pixels.set(image, index * size);
    labels.push(label ?? 0);
  }
  return { rows, columns, channels, classes: images.classes(), labels, pixels };
}

/**
 * Draws one of them. One channel is ink on paper: the grey level becomes opacity, so that the picture suits
 * both schemes.
 *
 * @param {CanvasRenderingContext2D | null} context
 * @param {Preview} preview
 * @param {number} image
 * @param {number} [top] where, in pixels
 */
export function draw_image(context, { rows, columns, channels, pixels }, image, top = 0) {
  const data = new ImageData(columns, rows);
  // A canvas of the page; the stage draws into one that is never shown.
  if (context && 'classList' in context.canvas) context.canvas.classList.toggle('in-color', channels > 1);
  const first = image * rows * columns * channels;
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    const from = first + pixel * channels;
    if (channels === 1) {
      data.data[4 * pixel + 3] = pixels[from] ?? 0;
    } else {
      data.data.set([...pixels.subarray(from, from + 3), 255], 4 * pixel);
    }
  }
  context?.putImageData(data, 0, top);
}
