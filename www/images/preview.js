/**
 * The first images of a set, to be shown on the page.
 *
 * @import { Images } from '../../pkg/spikealign.js'
 * @import { Preview } from '../race/messages.js'
 */

/**
 * @param {Images} images
 * @param {'train' | 'test'} split
 * @param {number} most
 * @returns {Preview}
 */
export function preview(images, split, most) {
  const { rows, columns } = images;
  const count = Math.min(most, split === 'train' ? images.train_count : images.test_count);
  const pixels = new Uint8Array(count * rows * columns);
  const labels = [];
  for (let index = 0; index < count; index++) {
    const [image, label] =
      split === 'train'
        ? [images.train_image(index), images.train_label(index)]
        : [images.test_image(index), images.test_label(index)];
    pixels.set(image, index * rows * columns);
    labels.push(label ?? 0);
  }
  return { rows, columns, classes: images.classes(), labels, pixels };
}

/**
 * Draws one of them as ink on paper: the grey level becomes opacity, so that the picture suits both
 * schemes.
 *
 * @param {CanvasRenderingContext2D | null} context
 * @param {Preview} preview
 * @param {number} image
 * @param {number} [top] where, in pixels
 */
export function draw_image(context, { rows, columns, pixels }, image, top = 0) {
  const data = new ImageData(columns, rows);
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    data.data[4 * pixel + 3] = pixels[image * rows * columns + pixel] ?? 0;
  }
  context?.putImageData(data, 0, top);
}
