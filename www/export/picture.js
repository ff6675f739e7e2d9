/** A figure of the page as a picture of its own: an SVG, or the PNG that the browser makes of it. */
import { color } from '../base/colors.js';
import { svg_element } from '../base/dom.js';
import { draw_within } from '../base/frames.js';
import { font_attributes, measure } from './looks.js';
import { draw_page } from './page_drawing.js';
import { record } from './recorder.js';

/** Pixels of a PNG for each pixel of the page, whatever the screen. */
const SCALE = 2;
/** Paper around the figure, in pixels of the page. */
const MARGIN = 16;
/** From one line of its head to the next. */
const LINE = 22;
const SANS = 'system-ui, sans-serif';

/**
 * @typedef {object} Words what a picture says beside the figure itself
 * @property {string} title
 * @property {string} chosen what the reader has chosen, in a line; may be empty
 * @property {string} description for whoever does not see it
 */

/**
 * @param {HTMLElement} root of the figure
 * @param {Words} words
 * @returns {Promise<SVGSVGElement>}
 */
export async function draw_picture(root, { title, chosen, description }) {
  const canvases = [...root.querySelectorAll('canvas')].filter((canvas) => canvas.checkVisibility());
  const recordings = await record(canvases, () => draw_within(root));
  // Without its controls, for the length of this task: nothing of it is ever shown.
  root.classList.add('being-saved');
  const { width, height } = root.getBoundingClientRect();
  const drawing = draw_page(root, recordings);
  root.classList.remove('being-saved');

  const whole = Math.ceil(width) + 2 * MARGIN;
  const head = svg_element('g', {});
  let top = MARGIN - 4;
  for (const { text, font, ink } of [
    { text: title, font: `600 18px ${SANS}`, ink: 'ink' },
    { text: chosen, font: `14px ${SANS}`, ink: 'quiet' },
  ]) {
    for (const line of broken(text, font, width)) {
      top += LINE;
      const look = { ...font_attributes(font), fill: color(root, ink) };
      const made = svg_element('text', { x: MARGIN, y: top, ...look });
      made.textContent = line;
      head.append(made);
    }
  }

  const tall = Math.ceil(top + height + 2 * MARGIN);
  const svg = svg_element('svg', {
    width: whole,
    height: tall,
    viewBox: `0 0 ${whole} ${tall}`,
    role: 'img',
  });
  const [name, about] = [svg_element('title', {}), svg_element('desc', {})];
  [name.textContent, about.textContent] = [title, description];
  const paper = svg_element('rect', { width: '100%', height: '100%', fill: color(root, 'paper') });
  const body = svg_element('g', { transform: `translate(${MARGIN} ${top + MARGIN})` });
  body.append(drawing);
  svg.append(name, about, paper, head, body);
  return svg;
}

/**
 * Text in lines of at most some width; none if there is no text.
 *
 * @param {string} text
 * @param {string} font
 * @param {number} width
 */
function broken(text, font, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && measure(font, longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** @param {SVGSVGElement} svg */
export function svg_file(svg) {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;
  return new Blob([text], { type: 'image/svg+xml' });
}

/**
 * @param {SVGSVGElement} svg
 * @returns {Promise<Blob>}
 */
export async function png_file(svg) {
  const address = URL.createObjectURL(svg_file(svg));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [SCALE * svg.width.baseVal.value, SCALE * svg.height.baseVal.value];
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const file = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!file) throw new Error('The browser cannot make a picture of this size.');
    return file;
  } finally {
    URL.revokeObjectURL(address);
  }
}
