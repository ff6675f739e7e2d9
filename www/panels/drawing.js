/**
 * A picture that the reader draws, or drags in, and what each trained network says of it. Loaded when it is opened.
 *
 * @import { Shown } from './frame.js'
 */
import { element, set_text } from '../base/dom.js';
import { percent } from '../base/format.js';
import { pixels_are_true } from '../export/looks.js';
import { rules } from '../plot/rules.js';

/** Rows, and columns, of the canvas. */
const SIDE = 224;
/** Width of the pen, as a share of the canvas. */
const PEN = 0.08;

/**
 * @param {HTMLElement} root
 * @param {Shown} shown
 */
export function drawing_board(root, { race, settings }) {
  const canvas = element('canvas', { width: SIDE, height: SIDE, role: 'img', 'aria-label': 'Drawing' });
  const board = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { willReadFrequently: true })
  );
  const color = element('input', { type: 'color', value: '#ffffff' });
  const clear = element('button', { type: 'button', class: 'small' }, 'Clear');
  const picture = element('input', {
    type: 'file',
    accept: 'image/*',
    id: 'drawn-picture',
    class: 'hidden-input',
  });
  const choose = element('label', { for: 'drawn-picture', class: 'button small' }, 'Choose a picture');
  const said = element('ul');
  /** The same, for a screen reader, of what the reader has asked: not of what the networks say after every record. */
  const announced = element('p', { class: 'visually-hidden', role: 'status' });
  root.append(
    canvas,
    element('p', {}, element('label', {}, 'Pen ', color), ' ', clear, ' ', picture, choose),
    said,
    announced,
  );

  /** Whether the reader waits for an answer. */
  let awaited = false;
  const say = (/** @type {string[]} */ ...sentences) => {
    said.replaceChildren(...sentences.map((sentence) => element('li', {}, sentence)));
    if (awaited || sentences.length === 0) set_text(announced, sentences.join('; '));
    awaited = false;
  };
  const wipe = () => {
    board.fillStyle = '#000000';
    board.fillRect(0, 0, SIDE, SIDE);
  };
  let asked = 0;
  let is_drawn = false;
  const ask = async () => {
    is_drawn = true;
    const number = ++asked;
    const { tests } = race;
    if (!tests) return say('Press start first: there is no network yet.');
    if (!pixels_are_true()) {
      return say('This browser falsifies the pictures that pages read, against tracking.');
    }
    const image = small(canvas, tests);
    const chosen = settings().rule;
    const answers = await Promise.all(chosen.map((rule) => race.runners.get(rule)?.answer(image)));
    if (number !== asked) return;
    say(
      ...answers.map((probabilities, index) => {
        const { title } = rules[chosen[index] ?? ''];
        if (!probabilities) return `${title}: no answer.`;
        const most = probabilities.indexOf(Math.max(...probabilities));
        return `${title}: ${tests.classes[most]}, ${percent(probabilities[most] ?? 0)}`;
      }),
    );
  };
  const ask_aloud = () => {
    // So that the same answer is announced again.
    set_text(announced, '');
    awaited = true;
    return ask();
  };

  /** @type {[number, number] | null} */
  let last = null;
  /** @param {PointerEvent} event @returns {[number, number]} */
  const position = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((clientX - left) / width) * SIDE, ((clientY - top) / height) * SIDE];
  };
  /** @param {PointerEvent} event */
  const draw = (event) => {
    if (!last) return;
    const next = position(event);
    Object.assign(board, { strokeStyle: color.value, lineWidth: PEN * SIDE, lineCap: 'round' });
    board.beginPath();
    board.moveTo(...last);
    // A dot: a canvas draws no line of length 0.
    board.lineTo(next[0], next[1] + 0.01);
    board.stroke();
    last = next;
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = position(event);
    draw(event);
  });
  canvas.addEventListener('pointermove', draw);
  // The pen is lifted, or the system has taken it.
  canvas.addEventListener('lostpointercapture', () => {
    last = null;
    ask_aloud();
  });
  clear.addEventListener('click', () => {
    wipe();
    is_drawn = false;
    asked += 1;
    say();
  });
  /** @param {File} [file] */
  const take = async (file) => {
    if (!file) return;
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (!bitmap) {
      awaited = true;
      return say(`“${file.name}” is not a picture that this browser can show.`);
    }
    board.drawImage(bitmap, 0, 0, SIDE, SIDE);
    await ask_aloud();
  };
  picture.addEventListener('change', () => {
    take(picture.files?.[0]);
    picture.value = '';
  });
  // A page with this panel alone takes no files.
  root.addEventListener('dragover', (event) => event.preventDefault());
  root.addEventListener('drop', (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files[0]);
  });
  // Having learned more, they may say something else.
  race.addEventListener('answers', () => is_drawn && ask());
  race.addEventListener('change', () => race.tests || say());
  wipe();
}

/**
 * The picture in the size of the images, with as many channels.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{ rows: number, columns: number, channels: number }} shape
 */
function small(canvas, { rows, columns, channels }) {
  const context = new OffscreenCanvas(columns, rows).getContext('2d');
  if (!context) throw new Error('This browser cannot draw.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, 0, 0, columns, rows);
  const { data } = context.getImageData(0, 0, columns, rows);
  return Uint8Array.from({ length: rows * columns * channels }, (_, at) => {
    const pixel = 4 * Math.floor(at / channels);
    const [red = 0, green = 0, blue = 0] = data.subarray(pixel, pixel + 3);
    // The luma of JPEG.
    if (channels === 1) return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    return [red, green, blue][at % channels] ?? 0;
  });
}
