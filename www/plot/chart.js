/**
 * One line chart against images seen, one line a rule: the base of every chart on the page.
 *
 * @import { Rule } from './rules.js'
 * @import { Settings } from '../settings/table.js'
 */
import '../base/language.js';
import uPlot from 'uplot';
import { color, on_scheme } from '../base/colors.js';
import { at_end } from '../base/lifetime.js';
import { element, set_text } from '../base/dom.js';
import { count } from '../base/format.js';
import { draw_marker, rule_names, rules } from './rules.js';

/** @typedef {{ x: number[], y: number[], stopped?: boolean }} Line `stopped` where its worker failed */

/**
 * @typedef {object} ChartOptions
 * @property {string} label what is drawn, for a screen reader
 * @property {[number, number]} [range] of y, before there is anything beyond it; without it, that of
 *   the values
 * @property {(value: number, step: number) => string} tick a value of the y axis, which goes in steps
 * @property {(value: number) => string} format a value where it is read off
 * @property {{ value: number, label: string, above?: boolean }} [reference] a level to compare with,
 *   and whether there is room for its label above it
 */

/** Below this width, in CSS pixels, a line ends in its value without its name. */
const NARROW = 520;

/** The charts of this page move their cursors together; elements in other pages each on its own. */
const CURSORS = 'images seen';

export class Chart {
  #root;
  #options;
  #plot;
  #tip;
  #observer;
  /** @type {Map<Rule, Line>} */
  #lines = new Map();
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
    this.#tip = new Tip();
    this.#plot = new uPlot(this.#plot_options(), [[0], [null], [null], [null]], root);
    this.#plot.over.append(this.#tip.root);
    this.#observer = new ResizeObserver(() => {
      const { width, height } = this.#size();
      if (width > 0 && (width !== this.#plot.width || height !== this.#plot.height)) {
        this.#plot.setSize({ width, height });
      }
    });
    this.#observer.observe(root);
    on_scheme(root, () => this.#plot.redraw(false, false));
    at_end(root, () => {
      this.#observer.disconnect();
      this.#plot.destroy();
    });
    this.#describe();
  }

  /**
   * @param {Map<Rule, Line>} lines
   * @param {Pick<Settings, 'examples' | 'epochs'>} schedule
   * @param {ChartOptions} [options] when something else is drawn than before
   */
  update(lines, schedule, options = this.#options) {
    this.#options = options;
    this.#lines = lines;
    this.#schedule = schedule;
    const tables = rule_names.map((rule) => {
      const { x, y } = lines.get(rule) ?? { x: [], y: [] };
      return /** @type {uPlot.AlignedData} */ ([x, y]);
    });
    const joined = uPlot.join(tables);
    this.#plot.setData(joined[0].length > 0 ? joined : [[0], [null], [null], [null]]);
    this.#describe();
  }

  #size() {
    return { width: this.#root.clientWidth, height: this.#root.clientHeight };
  }

  /** Says the last values to a screen reader. */
  #describe() {
    const last = [...this.#lines].flatMap(([rule, { y, stopped }]) => {
      const value = y.at(-1);
      const end = stopped ? ', where it stopped' : '';
      return value === undefined ? [] : [`${rules[rule].name} ${this.#options.format(value)}${end}`];
    });
    const values = last.length > 0 ? `Now: ${last.join(', ')}.` : 'Nothing measured yet.';
    this.#root.setAttribute('aria-label', `${this.#options.label}. ${values}`);
  }

  /** How far the x axis goes: a whole number of epochs that doubles, so that it seldom changes. */
  #reach() {
    const { examples, epochs } = this.#schedule;
    const last = Math.max(0, ...[...this.#lines.values()].map(({ x }) => x.at(-1) ?? 0));
    let shown = 2;
    while (shown * examples < last) shown *= 2;
    return examples * Math.min(shown, epochs);
  }

  /**
   * From where to where the y axis goes. It grows in steps, so that lines move because values do.
   *
   * @param {number | null} low
   * @param {number | null} high
   * @returns {[number, number]}
   */
  #range(low, high) {
    const { range } = this.#options;
    if (low === null || high === null) return range ?? [0, 1];
    const step = round_step(range ? range[1] - range[0] : high - low || Math.abs(high) || 1);
    const [below, above] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
    if (!range) return below < above ? [below, above] : [below - step, above + step];
    return [low < range[0] ? below : range[0], high > range[1] ? above : range[1]];
  }

  /** @returns {uPlot.Options} */
  #plot_options() {
    const font = '12px system-ui, sans-serif';
    const axis = {
      stroke: () => color(this.#root, 'quiet'),
      font,
      grid: { stroke: () => color(this.#root, 'grid'), width: 1 },
      ticks: { show: false },
      border: { show: false },
    };
    return {
      ...this.#size(),
      padding: [10, (plot) => (plot.width < NARROW ? 68 : 122), 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        ...(this.#root.getRootNode() === document && { sync: { key: CURSORS } }),
        points: { size: 9 },
      },
      scales: {
        x: { time: false, range: () => [0, this.#reach()] },
        y: { range: (_plot, low, high) => this.#range(low, high) },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          gap: 9,
          size: 34,
          values: (_plot, splits) => counts(splits),
        },
        {
          ...axis,
          size: 48,
          values: (_plot, splits, _axis, _space, step) =>
            splits.map((value) => this.#options.tick(value, step)),
        },
      ],
      series: [
        {},
        ...rule_names.map((rule) => ({
          label: rules[rule].name,
          stroke: () => color(this.#root, rule),
          width: rules[rule].width,
          dash: rules[rule].dash.map((length) => length * uPlot.pxRatio),
          spanGaps: true,
          points: { show: false },
        })),
      ],
      hooks: {
        drawAxes: [(plot) => this.#draw_background(plot)],
        draw: [(plot) => this.#draw_ends(plot)],
        setCursor: [(plot) => this.#tip.show(plot, this.#lines, this.#options.format)],
      },
    };
  }

  /** Marks where epochs begin, and the reference level. @param {uPlot} plot */
  #draw_background(plot) {
    const { ctx: context, bbox } = plot;
    const { examples, epochs } = this.#schedule;
    const { reference } = this.#options;
    const ratio = uPlot.pxRatio;
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
    if (reference) {
      const y = Math.round(plot.valToPos(reference.value, 'y', true));
      context.strokeStyle = color(this.#root, 'quiet');
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(bbox.left, y);
      context.lineTo(bbox.left + bbox.width, y);
      context.stroke();
      context.font = `${12 * ratio}px system-ui, sans-serif`;
      context.fillStyle = color(this.#root, 'quiet');
      context.textAlign = 'left';
      context.textBaseline = reference.above ? 'bottom' : 'top';
      context.fillText(reference.label, bbox.left, y + (reference.above ? -2 : 4) * ratio);
    }
    context.restore();
  }

  /** Ends each line in its marker, name and value; labels that would overlap make way. @param {uPlot} plot */
  #draw_ends(plot) {
    const { ctx: context } = plot;
    const ratio = uPlot.pxRatio;
    const height = 15 * ratio;
    const ends = [...this.#lines].flatMap(([rule, { x, y, stopped }]) => {
      const [last_x, last_y] = [x.at(-1), y.at(-1)];
      if (last_x === undefined || last_y === undefined) return [];
      const at = { x: plot.valToPos(last_x, 'x', true), y: plot.valToPos(last_y, 'y', true) };
      const name = plot.width < NARROW ? '' : `${rules[rule].short} `;
      const end = stopped ? ' ✗' : '';
      return [{ rule, text: `${name}${this.#options.format(last_y)}${end}`, ...at, label_y: at.y }];
    });
    ends.sort((a, b) => a.y - b.y);
    for (let index = 1; index < ends.length; index++) {
      const [above, below] = [ends[index - 1], ends[index]];
      if (above && below) below.label_y = Math.max(below.label_y, above.label_y + height);
    }
    const over = (ends.at(-1)?.label_y ?? 0) - (plot.bbox.top + plot.bbox.height - height / 2);
    context.save();
    context.font = `600 ${12 * ratio}px system-ui, sans-serif`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 4 * ratio;
    context.strokeStyle = color(this.#root, 'paper');
    for (const { rule, text, x, y, label_y } of ends) {
      const place = label_y - Math.max(0, over);
      context.fillStyle = color(this.#root, rule);
      draw_marker(context, rule, x, y, 4.5 * ratio);
      context.strokeText(text, x + 9 * ratio, place);
      context.fillText(text, x + 9 * ratio, place);
    }
    context.restore();
  }
}

/** The values under the cursor. */
class Tip {
  #title = element('strong');
  /** @type {Map<Rule, { row: HTMLElement, value: HTMLElement }>} */
  #rows = new Map();
  root = element('div', { class: 'tip', hidden: true }, this.#title);

  constructor() {
    for (const rule of rule_names) {
      const value = element('span', { class: 'value' });
      const name = element('span', { class: `name ${rule}` }, rules[rule].short);
      const row = element('div', {}, name, value);
      this.#rows.set(rule, { row, value });
      this.root.append(row);
    }
  }

  /**
   * @param {uPlot} plot
   * @param {Map<Rule, Line>} lines
   * @param {(value: number) => string} format
   */
  show(plot, lines, format) {
    const { idx, left } = plot.cursor;
    const x = idx == null ? undefined : plot.data[0][idx];
    this.root.hidden = x === undefined || left === undefined || left < 0 || lines.size === 0;
    if (this.root.hidden || x === undefined || left === undefined) return;
    set_text(this.#title, `${count(x)} images`);
    for (const [rule, { row, value }] of this.#rows) {
      const line = lines.get(rule);
      row.hidden = !line;
      const reading = line && value_at(line, x);
      set_text(value, reading === undefined ? '–' : format(reading));
    }
    const right = left > plot.over.clientWidth / 2;
    const place = right ? left - this.root.offsetWidth - 14 : left + 14;
    this.root.style.transform = `translate(${Math.round(Math.max(0, place))}px, 0)`;
  }
}

/**
 * The last value at or before `x`; none beyond the end of the line.
 *
 * @param {Line} line
 * @param {number} x
 */
function value_at(line, x) {
  if (x > (line.x.at(-1) ?? -1)) return undefined;
  const index = line.x.findLastIndex((at) => at <= x);
  return index < 0 ? undefined : line.y[index];
}

/**
 * A step of 1, 2 or 5 times a power of ten, of which a handful span an axis.
 *
 * @param {number} span
 */
function round_step(span) {
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const digit = span / 5 / power;
  return power * ([1, 2, 5].find((round) => digit <= round * (1 + 1e-9)) ?? 10);
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
