// Small files of every kind that a reader may bring, as they lie on a disk.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** Images in each file of CIFAR-10. */
const CIFAR_IMAGES = 10_000;

/** Makes the tar.gz of CIFAR-10, all of whose files have the same images: stripes of their label. */
export function write_cifar(folder) {
  const within = join(folder, 'cifar-10-batches-bin');
  mkdirSync(within);
  const batch = Buffer.alloc(CIFAR_IMAGES * 3073);
  for (let image = 0; image < CIFAR_IMAGES; image++) {
    const label = image % 10;
    const at = image * 3073;
    batch[at] = label;
    for (let pixel = 0; pixel < 3072; pixel++) batch[at + 1 + pixel] = (pixel * (label + 1) + image) % 251;
  }
  const names = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
  for (const name of [...names, 'test_batch.bin']) writeFileSync(join(within, name), batch);
  writeFileSync(join(within, 'readme.html'), 'about');
  const archive = join(folder, 'cifar-10-binary.tar.gz');
  execFileSync('tar', ['-C', folder, '-I', 'gzip -1', '-cf', archive, 'cifar-10-batches-bin']);
  return archive;
}

/** Makes the two files of SVHN, with so many images. */
export function write_svhn(folder, counts) {
  mkdirSync(folder, { recursive: true });
  return ['train', 'test'].map((part, index) => {
    const path = join(folder, `${part}_32x32.mat`);
    writeFileSync(path, svhn(counts[index]));
    return path;
  });
}

function svhn(count) {
  const x = Buffer.alloc(count * 3072).map((_, at) => (at * (1 + (Math.floor(at / 3072) % 10))) % 251);
  // 10 stands for 0.
  const y = Buffer.alloc(count).map((_, image) => image % 10 || 10);
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file');
  header.set([0, 1, 0x49, 0x4d], 124);
  return Buffer.concat([header, array('X', [32, 32, 3, count], x), array('y', [count, 1], y)]);
}

/** An array of bytes in a MATLAB file, packed. */
function array(name, dimensions, values) {
  const sizes = Buffer.alloc(4 * dimensions.length);
  dimensions.forEach((size, index) => sizes.writeUInt32LE(size, 4 * index));
  const flags = Buffer.from([9, 0, 0, 0, 0, 0, 0, 0]);
  const parts = [element(6, flags), element(5, sizes), element(1, Buffer.from(name)), element(2, values)];
  const packed = deflateSync(element(14, Buffer.concat(parts)));
  return Buffer.concat([tag(15, packed.length), packed]);
}

function element(kind, content) {
  return Buffer.concat([tag(kind, content.length), content, Buffer.alloc((8 - (content.length % 8)) % 8)]);
}

function tag(kind, length) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(kind, 0);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

/** Makes a zip of a folder of pictures: `counts` of each class. */
export function write_pictures(folder, counts) {
  for (const [name, count] of Object.entries(counts)) {
    for (let number = 0; number < count; number++) {
      const path = join(folder, 'pets', name, `${number}.png`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, png(40 + number, 30, name.length + number));
    }
  }
  writeFileSync(join(folder, 'pets', 'notes.txt'), 'about');
  const archive = join(folder, 'pets.zip');
  execFileSync('python3', ['-m', 'zipfile', '-c', archive, join(folder, 'pets')]);
  return archive;
}

/** Makes a zip of PASCAL VOC 2012: a photograph to learn from and one to test with, with so many objects each. */
export function write_voc(folder, [train, test]) {
  const within = join(folder, 'VOCdevkit/VOC2012');
  const classes = ['person', 'cat', 'bus', 'train'];
  const annotation = (count) => {
    const objects = Array.from({ length: count }, (_, index) => {
      const [left, top] = [1 + (index % 90), 1 + (index % 50)];
      return (
        `<object><name>${classes[index % classes.length]}</name><difficult>0</difficult><bndbox><xmin>${left}</xmin>` +
        `<ymin>${top}</ymin><xmax>${left + 60}</xmax><ymax>${top + 20 + index}</ymax></bndbox></object>`
      );
    });
    return `<annotation>${objects.join('')}</annotation>`;
  };
  // Readers look at what a picture is, not at its name.
  for (const [name, content] of Object.entries({
    'ImageSets/Main/train.txt': 'a\n',
    'ImageSets/Main/val.txt': 'b\n',
    'Annotations/a.xml': annotation(train),
    'Annotations/b.xml': annotation(test),
    'JPEGImages/a.jpg': png(160, 170, 3),
    'JPEGImages/b.jpg': png(160, 170, 5),
  })) {
    mkdirSync(dirname(join(within, name)), { recursive: true });
    writeFileSync(join(within, name), content);
  }
  const archive = join(folder, 'VOCdevkit.zip');
  execFileSync('python3', ['-m', 'zipfile', '-c', archive, join(folder, 'VOCdevkit')]);
  return archive;
}

/** Numbers, each as so many bytes. @param {[number, number][]} fields sizes and values */
function numbers(...fields) {
  return Buffer.concat(
    fields.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
}

/** A zip of these files, by name; folders end in `/`. @param {{ [name: string]: Buffer }} files */
export function zip(files, is_locked = false) {
  const [contents, directory] = [[], []];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const about = numbers(
      ...[20, Number(is_locked), 8, 0, 0].map((value) => [2, value]),
      ...[crc32(content), packed.length, content.length].map((value) => [4, value]),
      [2, name.length],
      [2, 0],
    );
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name), packed]);
    const place = numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, at]);
    const heading = Buffer.concat([Buffer.from('PK\x01\x02'), numbers([2, 20]), about]);
    contents.push(entry);
    directory.push(heading, place, Buffer.from(name));
    at += entry.length;
  }
  const listed = Buffer.concat(directory);
  const count = Object.keys(files).length;
  const end = numbers([2, 0], [2, 0], [2, count], [2, count], [4, listed.length], [4, at], [2, 0]);
  return Buffer.concat([...contents, listed, Buffer.from('PK\x05\x06'), end]);
}

/** A tar of so many empty files, called `0.png` and so on. */
export function tar_of_empty(count) {
  const bytes = Buffer.alloc(512 * (count + 2));
  for (let number = 0; number < count; number++) {
    const header = bytes.subarray(512 * number, 512 * (number + 1));
    header.write(`${number}.png`);
    header.write('0000644', 100);
    header.write('00000000000', 124);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((sum, byte) => sum + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  }
  return bytes;
}

/** A picture in colours that a browser would change if it managed them: half of it is transparent. */
export function png(columns, rows, seed) {
  const lines = Array.from({ length: rows }, (_, row) => {
    const line = Buffer.alloc(1 + 4 * columns);
    for (let column = 0; column < columns; column++) {
      const alpha = column % 2 ? 255 : 100;
      line.set([(row * seed) % 256, (column * 5) % 256, (row + column * seed) % 256, alpha], 1 + 4 * column);
    }
    return line;
  });
  const gamma = Buffer.alloc(4);
  gamma.writeUInt32BE(100_000, 0);
  const pixels = deflateSync(Buffer.concat(lines));
  const parts = [chunk('gAMA', gamma), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([png_head(columns, rows), ...parts]);
}

/** The beginning of a picture, which says how large it is. */
export function png_head(columns, rows) {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(columns, 0);
  size.writeUInt32BE(rows, 4);
  size.set([8, 6], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', size)]);
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length, 0);
  checksum.writeUInt32BE(crc32(body), 0);
  return Buffer.concat([length, body, checksum]);
}
