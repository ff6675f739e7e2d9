/**
 * `<spike-align>`: one figure of this page, or its race, in any other page.
 *
 * Attributes: `panel`, `theme`, `height`, `autostart`, and every setting by its name (`rule`,
 * `dataset`, `seed`, `epochs`, `examples`, `rdd-seconds` …), as in the address of the page. Properties
 * and methods: `config`, `records`, `start()`, `pause()`, `reset()`. Events: `record`, `done`, `error`.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { RecordDetail } from '../race.js'
 * @import { Settings } from '../settings.js'
 * @import { Panel } from './panels.js'
 */
import { scheme_changed } from '../colors.js';
import { element } from '../dom.js';
import { in_words } from '../failure.js';
import { end_within } from '../lifetime.js';
import { default_settings, fields, parse, write } from '../settings.js';
import { is_panel, panels } from './panels.js';
import styles from '../styles/embed.css?inline';

/** The attribute of a setting. @param {string} field */
const attribute = (field) => field.replaceAll('_', '-');

/** Where this module lies, and `data/` beside it. */
const base = new URL('.', import.meta.url).href;

/** One sheet for all elements of a page. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);

export class SpikeAlign extends HTMLElement {
  static observedAttributes = ['panel', 'theme', 'height', ...fields.map(attribute)];

  #shadow = this.attachShadow({ mode: 'open' });
  /** @type {Panel | null} */
  #panel = null;
  #is_due = false;

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sheet];
  }

  /** The settings; those that are set anew become attributes. @returns {Settings} */
  get config() {
    return this.#settings().settings;
  }

  /** @param {Partial<Settings>} settings */
  set config(settings) {
    for (const field of fields) {
      const value = settings[field];
      if (value !== undefined) this.setAttribute(attribute(field), write(value));
    }
  }

  /** Every record of this run. @returns {Record[]} */
  get records() {
    return this.#panel?.race?.records ?? [];
  }

  /** Starts, or goes on. Rejects with a sentence for the reader if it cannot. */
  async start() {
    this.#build_if_due();
    try {
      await this.#panel?.start();
    } catch (error) {
      this.#tell('error', { message: in_words(error) });
      throw error;
    }
  }

  pause() {
    this.#panel?.pause();
  }

  /** Back to the beginning. */
  reset() {
    this.#panel?.reset();
  }

  connectedCallback() {
    this.#ask_to_build();
  }

  disconnectedCallback() {
    this.#tear_down();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (name === 'theme' || name === 'height') this.#dress();
    else if (this.isConnected) this.#ask_to_build();
  }

  /** Several attributes that change at once lead to one building. */
  #ask_to_build() {
    if (this.#is_due) return;
    this.#is_due = true;
    queueMicrotask(() => this.#build_if_due());
  }

  #build_if_due() {
    if (!this.#is_due) return;
    this.#is_due = false;
    if (!this.isConnected) return;
    this.#tear_down();
    this.#dress();
    const asked = this.getAttribute('panel') ?? 'race';
    const { settings, notes } = this.#settings();
    if (!is_panel(asked)) notes.push(`There is no panel called “${asked.slice(0, 40)}”: this is the race.`);
    const root = element('div', { class: 'embedded', part: 'panel' });
    const said = notes.map((note) => element('p', { class: 'notice' }, note));
    this.#shadow.replaceChildren(...said, root);
    const panel = panels[is_panel(asked) ? asked : 'race'](root, settings, base);
    this.#panel = panel;
    this.#listen(panel);
    const autostart = this.getAttribute('autostart');
    if (autostart === 'false' || autostart === '0') panel.pause();
    else if (autostart !== null) this.start().catch(() => {});
  }

  /** @param {Panel} panel */
  #listen({ race }) {
    if (!race) return;
    const told = new Set();
    race.addEventListener('record', (event) => {
      const { record } = /** @type {CustomEvent<RecordDetail>} */ (event).detail;
      this.#tell('record', record);
    });
    race.addEventListener('done', () => this.#tell('done', { records: race.records }));
    race.addEventListener('change', () => {
      for (const runner of race.runners.values()) {
        if (runner.stage !== 'failed' || told.has(runner)) continue;
        told.add(runner);
        this.#tell('error', { rule: runner.rule, message: runner.message });
      }
    });
  }

  #tear_down() {
    this.#panel = null;
    end_within(this.#shadow);
    this.#shadow.replaceChildren();
  }

  /** The theme and the height. */
  #dress() {
    const theme = this.getAttribute('theme');
    this.style.colorScheme = theme === 'light' || theme === 'dark' ? theme : '';
    const height = Number(this.getAttribute('height'));
    this.style.height = height > 0 ? `${height}px` : '';
    scheme_changed();
  }

  /** The settings that the attributes say, and what is wrong with them. */
  #settings() {
    const settings = default_settings();
    /** @type {string[]} */
    const notes = [];
    for (const field of fields) {
      const text = this.getAttribute(attribute(field));
      if (text === null) continue;
      const result = parse(field, text);
      if ('problem' in result) notes.push(result.problem);
      else Object.assign(settings, { [field]: result.value });
    }
    return { settings, notes };
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// Loaded twice, as two modules of one page may, it is defined once.
if (!customElements.get('spike-align')) customElements.define('spike-align', SpikeAlign);
