/**
 * Records a canvas as elements of an SVG: meanwhile, the painting calls that this page uses are recorded
 * instead of painted, while the context still keeps the styles and the transform.
 *
 * Libraries can replace a whole context, but none supports the `Path2D` with which uPlot draws its lines, and
 * all must duplicate the state of the real context.
 */
import { svg_element } from '../base/dom.js';
import { font_attributes, paint } from './looks.js';

/** @typedef {{ [name: string]: string | number }} Attributes */

/** @param {number} number */
const round = (number) => Number(number.toFixed(2));

/** Each segment of a path as path data. `to` is how it is reached: `M`, or `L` from what came before. */
const segments = {
  /** @param {string} _to @param {number} x @param {number} y */
  moveTo: (_to, x, y) => `M${round(x)} ${round(y)}`,
  /** @param {string} to @param {number} x @param {number} y */
  lineTo: (to, x, y) => `${to}${round(x)} ${round(y)}`,
  /** @param {string} _to @param {number} x @param {number} y @param {number} width @param {number} height */
  rect: (_to, x, y, width, height) =>
    `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`,
  /** @param {string} to @param {number} x @param {number} y @param {number} radius @param {number} from @param {number} until */
  arc(to, x, y, radius, from, until) {
    // In two halves: an arc that ends where it begins would not be drawn.
    const [start, middle, end] = [from, (from + until) / 2, until].map(
      (angle) => `${round(x + radius * Math.cos(angle))} ${round(y + radius * Math.sin(angle))}`,
    );
    const half = `A${round(radius)} ${round(radius)} 0 0 1`;
    return `${to}${start}${half} ${middle}${half} ${end}`;
  },
  closePath: () => 'z',
};

const segment_names = /** @type {(keyof typeof segments)[]} */ (Object.keys(segments));

/** A path, noted as it is made. */
class PathData {
  data = '';

  /** @param {keyof typeof segments} segment @param {number[]} numbers */
  add(segment, numbers) {
    // A canvas leaves out what is not finite.
    if (!numbers.every(Number.isFinite)) return;
    const write = /** @type {(to: string, ...numbers: number[]) => string} */ (segments[segment]);
    this.data += write(this.data === '' ? 'M' : 'L', ...numbers);
  }
}

/** @type {WeakMap<Path2D, PathData>} of the paths that were made during a recording */
const noted = new WeakMap();

/** A path of the browser's that is also noted. */
class NotedPath extends Path2D {
  /** @param {Path2D | string} [other] */
  constructor(other) {
    super(other);
    const data = new PathData();
    if (other instanceof Path2D) data.data = noted.get(other)?.data ?? '';
    noted.set(this, data);
  }
}
for (const segment of segment_names) {
  const draw = /** @type {(...numbers: number[]) => void} */ (Path2D.prototype[segment]);
  Object.defineProperty(NotedPath.prototype, segment, {
    /** @this {NotedPath} @param {number[]} numbers */
    value(...numbers) {
      noted.get(this)?.add(segment, numbers);
      draw.apply(this, numbers);
    },
  });
}

let clips = 0;

/** Notes what one context is told to paint. */
class Recorder {
  root = svg_element('g', {});
  #context;
  #path = new PathData();
  /** The group that what comes next belongs to: a clip opens one within it. @type {SVGGElement} */
  #group = this.root;
  /** @type {SVGGElement[]} the groups of the states that were saved */
  #saved = [];
  #style = '';

  /** @param {CanvasRenderingContext2D} context */
  constructor(context) {
    this.#context = context;
    const painting = /** @type {{ [method: string]: (...values: any[]) => void }} */ ({
      beginPath: () => (this.#path = new PathData()),
      fill: (path) => this.#fill(path),
      stroke: (path) => this.#stroke(path),
      clip: (path) => this.#clip(path),
      fillRect: (x, y, width, height) => {
        if (![x, y, width, height].every(Number.isFinite)) return;
        const attributes = { x: round(x), y: round(y), width: round(width), height: round(height) };
        this.#add('rect', attributes, this.#fill_style());
      },
      clearRect() {},
      fillText: (text, x, y) => this.#text(text, x, y, this.#fill_style()),
      // Only ever around letters that are filled as well.
      strokeText: (text, x, y) =>
        this.#text(text, x, y, this.#stroke_style()).setAttribute('aria-hidden', 'true'),
      save: () => {
        this.#saved.push(this.#group);
        CanvasRenderingContext2D.prototype.save.call(context);
      },
      restore: () => {
        this.#enter(this.#saved.pop() ?? this.root);
        CanvasRenderingContext2D.prototype.restore.call(context);
      },
    });
    for (const segment of segment_names) {
      painting[segment] = (...numbers) => this.#path.add(segment, numbers);
    }
    Object.assign(context, painting);
  }

  /** Has the context paint again: what is its own stood before what every context has. */
  end() {
    for (const method of Object.keys(this.#context)) Reflect.deleteProperty(this.#context, method);
  }

  /** @param {Path2D} [path] */
  #data(path) {
    return (path ? noted.get(path) : this.#path)?.data ?? '';
  }

  /** @param {Path2D} [path] */
  #fill(path) {
    this.#add('path', { d: this.#data(path) }, this.#fill_style());
  }

  /** @param {Path2D} [path] */
  #stroke(path) {
    this.#add('path', { d: this.#data(path) }, this.#stroke_style());
  }

  /** @param {Path2D} [path] */
  #clip(path) {
    const id = `clip-${++clips}`;
    const clip = svg_element('clipPath', { id });
    clip.append(svg_element('path', { d: this.#data(path), ...this.#transform() }));
    const group = svg_element('g', { 'clip-path': `url(#${id})` });
    this.#group.append(clip, group);
    this.#enter(group);
  }

  /** @param {string} text @param {number} x @param {number} y @param {Attributes} style */
  #text(text, x, y, style) {
    const context = this.#context;
    const { textBaseline, textAlign, font } = context;
    // From the top of the letters, which every way to align them knows, to the line that they stand on.
    const { fontBoundingBoxAscent: above } = context.measureText(text);
    context.textBaseline = 'alphabetic';
    const { fontBoundingBoxAscent: ascent } = context.measureText(text);
    context.textBaseline = textBaseline;
    const anchor = { center: 'middle', right: 'end', end: 'end', left: 'start', start: 'start' }[textAlign];
    const made = this.#add(
      'text',
      { x: round(x), y: round(y - above + ascent) },
      { ...style, ...font_attributes(font), 'text-anchor': anchor },
    );
    made.textContent = text;
    return made;
  }

  #fill_style() {
    const { fillStyle, globalAlpha } = this.#context;
    return paint('fill', String(fillStyle), globalAlpha);
  }

  #stroke_style() {
    const { strokeStyle, globalAlpha, lineWidth, lineJoin, lineCap } = this.#context;
    const dash = this.#context.getLineDash();
    return {
      fill: 'none',
      ...paint('stroke', String(strokeStyle), globalAlpha),
      'stroke-width': round(lineWidth),
      'stroke-linejoin': lineJoin,
      'stroke-linecap': lineCap,
      ...(dash.length > 0 ? { 'stroke-dasharray': dash.map(round).join(' ') } : {}),
    };
  }

  /** From the pixels of the context to those of the page. @returns {Attributes} */
  #transform() {
    const { a, b, c, d, e, f } = new DOMMatrix()
      .scale(1 / devicePixelRatio)
      .multiply(this.#context.getTransform());
    const numbers = [a, b, c, d, e, f].map((number) => Number(number.toFixed(4)));
    return numbers.join() === '1,0,0,1,0,0' ? {} : { transform: `matrix(${numbers.join(' ')})` };
  }

  /** @param {SVGGElement} group */
  #enter(group) {
    this.#group = group;
    this.#style = '';
  }

  /**
   * Elements of one style that follow each other share a group that has it.
   *
   * @template {'path' | 'rect' | 'text'} Tag
   * @param {Tag} tag
   * @param {Attributes} attributes
   * @param {Attributes} style
   */
  #add(tag, attributes, style) {
    const all = { ...style, ...this.#transform() };
    const key = JSON.stringify(all);
    if (key !== this.#style) this.#group.append(svg_element('g', all));
    this.#style = key;
    const made = svg_element(tag, attributes);
    this.#group.lastElementChild?.append(made);
    return made;
  }
}

/**
 * Records what is drawn on canvases.
 *
 * @param {Iterable<HTMLCanvasElement>} canvases
 * @param {() => void} draw draws on them, at once or in a microtask
 * @returns {Promise<Map<HTMLCanvasElement, SVGGElement>>} in CSS pixels of each canvas, without those on
 *   which nothing was drawn
 */
export async function record(canvases, draw) {
  /** @type {Map<HTMLCanvasElement, Recorder>} */
  const recorders = new Map();
  const { Path2D: path } = globalThis;
  try {
    globalThis.Path2D = NotedPath;
    for (const canvas of canvases) {
      const context = canvas.getContext('2d');
      if (context) recorders.set(canvas, new Recorder(context));
    }
    draw();
    await null;
  } finally {
    globalThis.Path2D = path;
    for (const recorder of recorders.values()) recorder.end();
  }
  const drawn = [...recorders].filter(([, { root }]) => root.hasChildNodes());
  return new Map(drawn.map(([canvas, { root }]) => [canvas, root]));
}
