/** One line chart against images seen, one line a rule: the base of every chart on the page. */

import '../base/language.js';
import uPlot from 'uplot';
import { color, on_scheme } from '../base/colors.js';
import { zoom_of } from '../base/dom.js';
import { count } from '../base/format.js';
import { at_end } from '../base/lifetime.js';
import { FONT, align, haloed } from './axes.js';
import { draw_marker } from './markers.js';
import { rule_names, rules } from './rules.js';
import { range_of, spread_out, ticks } from './scale.js';
import { Tip } from './tip.js';

/** @import { Settings } from '../settings/configuration.js' */
/** @import { Lines } from './lines.js' */

/**
 * @typedef {object} ChartOptions
 * @property {string} label what is drawn, for a screen reader
 * @property {[number, number] | null} [range] of y, before there is anything beyond it; without it, that of
 *   the values
 * @property {(value: number, step: number) => string} tick a value of the y axis, which goes in steps
 * @property {(value: number) => string} format a value where it is read off
 * @property {number | null} [reference] what chance gives
 */

/** A faint line to compare with. @typedef {{ rule: string, label: string, x: number[], y: number[] }} Ghost */

/** Below this width, in units of the drawing, a line ends in its value without its name. */
const NARROW = 520;
/** CSS pixels between two ticks, at least. */
const BETWEEN = { x: 64, y: 36 };
/** Where rules may share a dash, lines have markers on their way, this many CSS pixels apart. */
const [MANY, MARKED_EVERY] = [3, 90];

/** The charts of this page move their cursors together; elements in other pages each on its own. */
const CURSORS = 'images seen';

export class Chart {
  #root;
  #options;
  #plot;
  #zoom = 1;
  /** @type {((x: number, y: number) => void) | null} */
  #drag = null;
  #tip = new Tip();
  /** @type {Lines} */
  #lines = new Map();
  /** @type {Ghost[]} */
  #ghosts = [];
  /** @type {{ examples: number, epochs: number }} */
  #schedule = { examples: 1, epochs: 1 };

  /**
   * @param {HTMLElement} root an empty box; its size is the size of the chart
   * @param {ChartOptions} options
   */
  constructor(root, options) {
    this.#root = root;
    this.#options = options;
    root.classList.add('chart');
    root.setAttribute('role', 'img');
    this.#plot = this.#build();
    const observer = new ResizeObserver(() => {
      const { width, height } = this.#size();
      if (width === 0) return;
      // A box that is not on the page yet does not know how much larger it will be.
      if (zoom_of(root) !== this.#zoom) {
        this.#plot.destroy();
        this.#plot = this.#build();
      } else if (width !== this.#plot.width || height !== this.#plot.height) {
        this.#plot.setSize({ width, height });
      }
    });
    observer.observe(root);
    on_scheme(root, () => this.#plot.redraw(false, false));
    at_end(root, () => {
      observer.disconnect();
      this.#plot.destroy();
    });
    this.#describe();
  }

  /**
   * @param {Lines} lines
   * @param {Pick<Settings, 'examples' | 'epochs'>} schedule
   * @param {ChartOptions} [options] when something else is drawn than before
   * @param {Ghost[]} [ghosts]
   */
  update(lines, schedule, options = this.#options, ghosts = []) {
    this.#ghosts = ghosts;
    this.#options = options;
    const are_others = [...lines.keys()].join() !== [...this.#lines.keys()].join();
    this.#lines = lines;
    this.#schedule = schedule;
    this.#plot.setData(this.#data());
    // Their names may need more room, which uPlot asks for by itself only if a scale has changed.
    if (are_others) this.#plot.redraw(true, true);
    this.#describe();
  }

  /** Calls `drag` with the values under a pointer that is pressed and moves. @param {(x: number, y: number) => void} drag */
  on_drag(drag) {
    this.#drag = drag;
  }

  /** The plot as large as its box is now. */
  #build() {
    this.#zoom = zoom_of(this.#root);
    const plot = new uPlot(this.#plot_options(), this.#data(), this.#root);
    plot.over.append(this.#tip.root);
    const tell = (/** @type {PointerEvent} */ { buttons, offsetX, offsetY }) => {
      if (buttons) this.#drag?.(plot.posToVal(offsetX, 'x'), plot.posToVal(offsetY, 'y'));
    };
    plot.over.addEventListener('pointerdown', tell);
    plot.over.addEventListener('pointermove', tell);
    return plot;
  }

  #size() {
    return { width: this.#root.clientWidth, height: this.#root.clientHeight };
  }

  /** Pixels of the canvas for each unit of a drawing. */
  get #ratio() {
    return uPlot.pxRatio * zoom_of(this.#root);
  }

  /** One column of x and one of y a rule. @returns {uPlot.AlignedData} */
  #data() {
    const columns = rule_names.map((rule) => this.#lines.get(rule) ?? { x: [], y: [] });
    const joined = uPlot.join(columns.map(({ x, y }) => /** @type {uPlot.AlignedData} */ ([x, y])));
    return joined[0].length > 0 ? joined : [[0], ...rule_names.map(() => [null])];
  }

  /** Says the last values to a screen reader. */
  #describe() {
    const last = [...this.#lines].flatMap(([rule, { y, stopped }]) => {
      const value = y.at(-1);
      const end = stopped ? ', where it stopped' : '';
      return value === undefined ? [] : [`${rules[rule].title} ${this.#options.format(value)}${end}`];
    });
    const values = last.length > 0 ? `Now: ${last.join(', ')}.` : 'Nothing measured yet.';
    const ghosts = this.#ghosts.map(
      ({ rule, label, y }) => ` ${rules[rule].title}, ${label}: ${this.#options.format(y.at(-1) ?? NaN)}.`,
    );
    this.#root.setAttribute('aria-label', `${this.#options.label}. ${values}${ghosts.join('')}`);
  }

  /** How far the x axis goes: a whole number of epochs that doubles, so that it seldom changes. */
  #reach() {
    const { examples, epochs } = this.#schedule;
    const last = Math.max(0, ...[...this.#lines.values(), ...this.#ghosts].map(({ x }) => x.at(-1) ?? 0));
    let shown = 2;
    while (shown * examples < last) shown *= 2;
    return examples * Math.min(shown, epochs);
  }

  /**
   * For the ends of lines: a marker and a value, and where there is room a name.
   *
   * @param {number} width of the chart, in units of the drawing
   */
  #room_for_labels(width) {
    const values = [...this.#lines.values()].map(({ y }) => this.#options.format(y.at(-1) ?? 0).length);
    const names =
      width < NARROW ? [0] : [8, ...[...this.#lines.keys()].map((rule) => rules[rule].short.length)];
    return 30 + 7.5 * (Math.max(5, ...values) + Math.max(...names));
  }

  /** @returns {uPlot.Options} */
  #plot_options() {
    const zoom = zoom_of(this.#root);
    return {
      ...this.#size(),
      padding: [10, (plot) => zoom * this.#room_for_labels(plot.width / zoom), 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        ...(this.#root.getRootNode() === document && { sync: { key: CURSORS } }),
        points: { size: 9 },
        bind: { mousemove: (plot, _over, handle) => (event) => handle(unscaled(event, plot.over)) },
      },
      scales: {
        x: { time: false, range: () => [0, this.#reach()] },
        y: { range: (_plot, low, high) => range_of(...this.#with_seeds(low, high), this.#options.range) },
      },
      axes: [
        { ...this.#axis('x', counts), grid: { show: false }, gap: 9, size: 54 * zoom },
        {
          ...this.#axis('y', (values) => {
            const step = (values[1] ?? 1) - (values[0] ?? 0);
            return values.map((value) => this.#options.tick(value, step));
          }),
          size: 48 * zoom,
        },
      ],
      series: [{}, ...rule_names.map((rule) => this.#series(rule))],
      hooks: {
        drawAxes: [(plot) => this.#draw_background(plot), (plot) => this.#draw_seeds(plot)],
        draw: [(plot) => this.#draw_markers(plot), (plot) => this.#draw_ends(plot)],
        setCursor: [(plot) => this.#tip.show(plot, this.#lines, this.#options.format)],
      },
    };
  }

  /**
   * @param {'x' | 'y'} direction
   * @param {(values: number[]) => string[]} write
   * @returns {uPlot.Axis}
   */
  #axis(direction, write) {
    return {
      stroke: () => color(this.#root, 'quiet'),
      font: FONT.replace('12', String(12 * zoom_of(this.#root))),
      grid: { stroke: () => color(this.#root, 'grid'), width: 1 },
      ticks: { show: false },
      border: { show: false },
      splits: ({ bbox }, _axis, low, high) => {
        const room = (direction === 'x' ? bbox.width : bbox.height) / this.#ratio;
        return ticks([low, high], Math.floor(room / BETWEEN[direction]));
      },
      values: (_plot, splits) => write(splits),
    };
  }

  /** @param {string} rule @returns {uPlot.Series} */
  #series(rule) {
    const { title, width, dash } = rules[rule];
    return {
      label: title,
      stroke: () => color(this.#root, rule),
      width: width * this.#zoom,
      dash: dash.map((length) => length * this.#ratio),
      spanGaps: true,
      points: { show: false },
    };
  }

  /** Marks where epochs begin, and what chance gives. @param {uPlot} plot */
  #draw_background(plot) {
    const { ctx: context, bbox } = plot;
    const { examples, epochs } = this.#schedule;
    const ratio = this.#ratio;
    context.save();
    context.strokeStyle = color(this.#root, 'grid');
    context.lineWidth = ratio;
    context.setLineDash([2 * ratio, 3 * ratio]);
    context.beginPath();
    for (let epoch = 1; epoch < epochs && epoch * examples < (plot.scales.x?.max ?? 0); epoch++) {
      const x = Math.round(plot.valToPos(epoch * examples, 'x', true));
      context.moveTo(x, bbox.top);
      context.lineTo(x, bbox.top + bbox.height);
    }
    context.stroke();
    const names = [];
    for (const { rule, x, y, label } of this.#ghosts) {
      const at = (/** @type {number} */ index) =>
        /** @type {const} */ ([
          plot.valToPos(x[index] ?? 0, 'x', true),
          plot.valToPos(y[index] ?? 0, 'y', true),
        ]);
      context.globalAlpha = 0.45;
      context.strokeStyle = context.fillStyle = color(this.#root, rule);
      context.lineWidth = 1.5 * ratio;
      context.beginPath();
      for (const index of x.keys()) context.lineTo(...at(index));
      context.stroke();
      context.globalAlpha = 1;
      const [right, down] = at(x.length - 1);
      names.push({ rule, label, right, y: down + 10 * ratio });
    }
    context.font = `${12 * ratio}px system-ui, sans-serif`;
    align(context, 'right', 'middle');
    for (const { label: name, y } of spread_out(names, 13 * ratio, bbox.top, bbox.top + bbox.height)) {
      context.fillStyle = color(this.#root, name.rule);
      const least = bbox.left + context.measureText(name.label).width;
      context.fillText(name.label, Math.max(name.right, least), y);
    }
    context.fillStyle = color(this.#root, 'quiet');
    align(context, 'right', 'bottom');
    context.fillText('training images seen', bbox.left + bbox.width, context.canvas.height - 2 * ratio);
    const { reference } = this.#options;
    if (typeof reference === 'number') {
      const y = Math.round(plot.valToPos(reference, 'y', true));
      const above = y - bbox.top > bbox.height / 2 ? 4 * ratio : -2 * ratio;
      context.strokeStyle = color(this.#root, 'quiet');
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(bbox.left, y);
      context.lineTo(bbox.left + bbox.width, y);
      context.stroke();
      context.font = `${12 * ratio}px system-ui, sans-serif`;
      context.fillStyle = color(this.#root, 'quiet');
      align(context, 'left', above < 0 ? 'bottom' : 'top');
      context.fillText('chance', bbox.left, y + above);
    }
    context.restore();
  }

  /**
   * The range of the means, and of their seeds.
   *
   * @param {number | null} low
   * @param {number | null} high
   * @returns {[number | null, number | null]}
   */
  #with_seeds(low, high) {
    const all = [...this.#lines.values()].flatMap(({ seeds = [] }) => seeds.flatMap(({ y }) => y));
    if (low === null || high === null || all.length === 0) return [low, high];
    return [Math.min(low, ...all), Math.max(high, ...all)];
  }

  /** A thin line a seed, and a band around their mean. @param {uPlot} plot */
  #draw_seeds(plot) {
    const { ctx: context } = plot;
    const at = (/** @type {number} */ x, /** @type {number} */ y) =>
      context.lineTo(plot.valToPos(x, 'x', true), plot.valToPos(y, 'y', true));
    context.save();
    for (const [rule, { x, y, spread = [], seeds = [] }] of this.#lines) {
      context.strokeStyle = context.fillStyle = color(this.#root, rule);
      context.lineWidth = uPlot.pxRatio;
      context.globalAlpha = 0.5;
      for (const seed of seeds) {
        context.beginPath();
        for (const [index, x] of seed.x.entries()) at(x, seed.y[index] ?? 0);
        context.stroke();
      }
      context.globalAlpha = 0.14;
      context.beginPath();
      for (const [index, half] of spread.entries()) at(x[index] ?? 0, (y[index] ?? 0) + half);
      for (const [index, half] of [...spread.entries()].reverse()) at(x[index] ?? 0, (y[index] ?? 0) - half);
      context.fill();
    }
    context.restore();
  }

  /** Markers tell many lines apart on their way. @param {uPlot} plot */
  #draw_markers(plot) {
    if (this.#lines.size <= MANY) return;
    const ratio = this.#ratio;
    plot.ctx.save();
    for (const [index, [rule, { x, y }]] of [...this.#lines].entries()) {
      plot.ctx.fillStyle = color(this.#root, rule);
      let next = plot.bbox.left + (index * MARKED_EVERY * ratio) / this.#lines.size;
      for (const [at, value] of y.entries()) {
        const right = plot.valToPos(x[at] ?? 0, 'x', true);
        if (right < next) continue;
        next = right + MARKED_EVERY * ratio;
        draw_marker(plot.ctx, rules[rule].marker, right, plot.valToPos(value, 'y', true), 3.5 * ratio);
      }
    }
    plot.ctx.restore();
  }

  /** Ends each line in its marker, name and value; labels that would overlap make way. @param {uPlot} plot */
  #draw_ends(plot) {
    const { ctx: context, bbox } = plot;
    const ratio = this.#ratio;
    const ends = [...this.#lines].flatMap(([rule, { x, y, stopped }]) => {
      const [last_x, last_y] = [x.at(-1), y.at(-1)];
      if (last_x === undefined || last_y === undefined) return [];
      const at = { x: plot.valToPos(last_x, 'x', true), y: plot.valToPos(last_y, 'y', true) };
      const name = plot.width < NARROW * zoom_of(this.#root) ? '' : `${rules[rule].short} `;
      return [{ rule, text: `${name}${this.#options.format(last_y)}${stopped ? ' ✗' : ''}`, ...at }];
    });
    context.save();
    align(context, 'left', 'middle');
    for (const { label, y } of spread_out(ends, 15 * ratio, bbox.top, bbox.top + bbox.height)) {
      context.fillStyle = color(this.#root, label.rule);
      draw_marker(context, rules[label.rule].marker, label.x, label.y, 4.5 * ratio);
      haloed(context, this.#root, label.text, label.x + 9 * ratio, y, ratio);
    }
    context.restore();
  }
}

/**
 * A movement of the pointer as the chart expects it: in its own pixels, even if the page around it is scaled.
 *
 * @param {MouseEvent} event
 * @param {HTMLElement} over
 */
function unscaled(event, over) {
  const { left, top, width, height } = over.getBoundingClientRect();
  const clientX = left + ((event.clientX - left) * over.offsetWidth) / width;
  const clientY = top + ((event.clientY - top) * over.offsetHeight) / height;
  const { movementX, movementY, buttons } = event;
  return new MouseEvent(event.type, { clientX, clientY, movementX, movementY, buttons });
}

/**
 * The numbers of one axis, all in the same unit: thousands where the axis reaches far.
 *
 * @param {number[]} numbers
 */
function counts(numbers) {
  const in_thousands = numbers.every((number) => number % 1_000 === 0) && Math.max(...numbers) >= 10_000;
  return numbers.map((number) => (in_thousands && number > 0 ? `${number / 1_000}k` : count(number)));
}
