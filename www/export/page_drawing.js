/**
 * A part of the page as elements of an SVG: its text, its boxes, its own SVGs, and its canvases as they
 * were recorded.
 */
import { svg_element } from '../base/dom.js';
import { font_attributes, measure, paint, pixels_are_true, plain_color } from './looks.js';

/** @typedef {Map<HTMLCanvasElement, SVGGElement>} Recordings */

/** What shapes and letters of an SVG on the page get from the stylesheet. */
const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'paint-order',
  'text-anchor',
  'font-family',
  'font-size',
  'font-weight',
];

/**
 * @param {Element} root
 * @param {Recordings} recordings
 * @returns {SVGGElement} in CSS pixels, from the upper left corner of `root`
 */
export function draw_page(root, recordings) {
  const { left, top } = root.getBoundingClientRect();
  const group = svg_element('g', {});
  draw_children(root, recordings, group);
  group.setAttribute('transform', `translate(${-left} ${-top})`);
  return group;
}

/**
 * @param {Element} parent
 * @param {Recordings} recordings
 * @param {SVGGElement} to
 */
function draw_children(parent, recordings, to) {
  for (const node of parent.childNodes) {
    if (node instanceof Text) draw_text(node, parent, to);
    if (!(node instanceof Element) || is_unseen(node)) continue;
    if (node instanceof HTMLCanvasElement) draw_canvas(node, recordings, to);
    else if (node instanceof SVGSVGElement) draw_svg(node, to);
    else {
      draw_box(node, to);
      draw_children(node, recordings, to);
    }
  }
}

/** @param {Element} node */
function is_unseen(node) {
  const { width, height } = node.getBoundingClientRect();
  return !node.checkVisibility({ visibilityProperty: true }) || (width <= 1 && height <= 1);
}

/**
 * Text, line by line as it is broken on the page.
 *
 * @param {Text} node
 * @param {Element} parent
 * @param {SVGGElement} to
 */
function draw_text(node, parent, to) {
  const style = getComputedStyle(parent);
  const { fontStyle, fontWeight, fontSize, fontFamily } = style;
  const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  const { ascent, height } = measure(font);
  const upwards = style.writingMode.startsWith('vertical');
  const range = document.createRange();
  /** @type {Map<number, { place: DOMRect, text: string }>} */
  const lines = new Map();
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const place = range.getBoundingClientRect();
    if (place.width === 0) continue;
    const key = Math.round(upwards ? place.left : place.bottom);
    const line = lines.get(key) ?? { place, text: '' };
    if (upwards && place.bottom > line.place.bottom) line.place = place;
    line.text += `${line.text && ' '}${word}`;
    lines.set(key, line);
  }
  for (const { place, text } of lines.values()) {
    const attributes = { ...font_attributes(font), ...paint('fill', style.color) };
    // Letters stand on a line a known part of the way down; text that runs upwards is turned.
    const at = upwards
      ? { x: place.left + (place.width * ascent) / height, y: place.bottom }
      : { x: place.left, y: place.top + (place.height * ascent) / height };
    const made = svg_element('text', { x: at.x.toFixed(2), y: at.y.toFixed(2), ...attributes });
    if (upwards) made.setAttribute('transform', `rotate(-90 ${at.x.toFixed(2)} ${at.y.toFixed(2)})`);
    made.textContent = upwards ? text : fitting(text, font, place, parent);
    to.append(made);
  }
}

/**
 * Text that is cut off on the page, cut off in the same way.
 *
 * @param {string} text
 * @param {string} font
 * @param {DOMRect} place
 * @param {Element} parent
 */
function fitting(text, font, place, parent) {
  const box = parent.closest('p, th');
  if (!box || getComputedStyle(box).textOverflow !== 'ellipsis') return text;
  const room = box.getBoundingClientRect().right - place.left + 1;
  if (measure(font, text).width <= room) return text;
  let cut = text;
  while (cut && measure(font, `${cut}…`).width > room) cut = cut.slice(0, -1);
  return `${cut.trimEnd()}…`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Recordings} recordings
 * @param {SVGGElement} to
 */
function draw_canvas(canvas, recordings, to) {
  const recorded = recordings.get(canvas);
  const { left, top } = canvas.getBoundingClientRect();
  const { clientWidth: width, clientHeight: height } = canvas;
  const place = { x: left + canvas.clientLeft, y: top + canvas.clientTop, width, height };
  draw_box(canvas, to);
  if (recorded) {
    // Like a canvas, an SVG within another shows nothing beyond its edges.
    const edges = svg_element('svg', place);
    edges.append(recorded);
    return to.append(edges);
  }
  // A picture made of pixels stays one, with the colours that the page gives it.
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext('2d');
  if (!context || !pixels_are_true()) return;
  context.filter = getComputedStyle(canvas).filter;
  context.drawImage(canvas, 0, 0);
  to.append(svg_element('image', { ...place, href: copy.toDataURL() }));
}

/**
 * @param {SVGSVGElement} svg
 * @param {SVGGElement} to
 */
function draw_svg(svg, to) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [index, original] of [svg, ...svg.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(original);
    const made = copies[index];
    for (const name of [...(made?.getAttributeNames() ?? [])]) {
      if (/^(class|role|tabindex|aria-.*)$/.test(name)) made?.removeAttribute(name);
    }
    for (const property of PROPERTIES) {
      const value = style.getPropertyValue(property);
      const is_color = /^(fill|stroke)$/.test(property) && value !== 'none';
      made?.setAttribute(property, is_color ? plain_color(value).color : value.replaceAll('"', "'"));
    }
  }
  const { x, y, width, height } = svg.getBoundingClientRect();
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, String(value));
  copy.setAttribute('overflow', 'visible');
  to.append(copy);
}

/**
 * The background, borders and outline of an element.
 *
 * @param {Element} node
 * @param {SVGGElement} to
 */
function draw_box(node, to) {
  const style = getComputedStyle(node);
  const { left, top, right, bottom, width, height } = node.getBoundingClientRect();
  const radius = style.borderTopLeftRadius.endsWith('%') ? width / 2 : parseFloat(style.borderTopLeftRadius);
  /** @param {number} inset @param {{ [name: string]: string | number }} look */
  const frame = (inset, look) => {
    const [x, y] = [left + inset, top + inset];
    const size = { width: width - 2 * inset, height: height - 2 * inset };
    if (size.width > 0 && size.height > 0) {
      to.append(svg_element('rect', { x, y, ...size, rx: Math.max(0, radius - inset), ...look }));
    }
  };
  /** @param {string} line @param {string} width @param {string} color @returns {any} */
  const stroke = (line, width, color) => {
    const wide = parseFloat(width);
    if (line === 'none' || wide === 0 || plain_color(color).opacity === 0) return null;
    const dash = line === 'dashed' ? { 'stroke-dasharray': `${2 * wide} ${wide}` } : {};
    return { fill: 'none', ...paint('stroke', color), 'stroke-width': wide, ...dash };
  };
  const background = paint('fill', style.backgroundColor);
  if (background['fill-opacity'] !== 0) frame(0, background);
  const sides = [
    stroke(style.borderTopStyle, style.borderTopWidth, style.borderTopColor),
    stroke(style.borderRightStyle, style.borderRightWidth, style.borderRightColor),
    stroke(style.borderBottomStyle, style.borderBottomWidth, style.borderBottomColor),
    stroke(style.borderLeftStyle, style.borderLeftWidth, style.borderLeftColor),
  ];
  if (sides.every((side) => side && JSON.stringify(side) === JSON.stringify(sides[0]))) {
    frame(sides[0]['stroke-width'] / 2, sides[0]);
  } else {
    const ends = [
      [left, top, right, top],
      [right, top, right, bottom],
      [left, bottom, right, bottom],
      [left, top, left, bottom],
    ];
    for (const [index, [x1 = 0, y1 = 0, x2 = 0, y2 = 0]] of ends.entries()) {
      if (sides[index]) to.append(svg_element('line', { x1, y1, x2, y2, ...sides[index] }));
    }
  }
  const outline = stroke(style.outlineStyle, style.outlineWidth, style.outlineColor);
  if (outline) frame(-parseFloat(style.outlineOffset) - outline['stroke-width'] / 2, outline);
}
