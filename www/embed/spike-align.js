/**
 * `<spike-align>`: one figure of this page, or its race, in any other page.
 *
 * Attributes: `panel`, `theme`, `height`, `autostart`, and every setting by its name (`rule`,
 * `dataset`, `seed`, `epochs`, `examples`, `rdd-seconds` …), as in the address of the page. Properties
 * and methods: `config`, `records`, `start()`, `pause()`, `reset()`. Events: `record`, `done`, `error`.
 *
 * @import { Record } from '../../pkg/spikealign.js'
 * @import { Panel } from './panels.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { scheme_changed } from '../base/colors.js';
import { element } from '../base/dom.js';
import { attribute_of, attributes, read_attributes, texts_of } from './attributes.js';
import { panels } from './panels.js';
import { name_parts, sheet } from './styles.js';
import { end_within } from '../base/lifetime.js';
import { draw_seed } from '../settings/seed.js';

/** Where this module lies, and `data/` beside it. */
const base = new URL(/* @vite-ignore */ '.', import.meta.url).href;

export class SpikeAlign extends HTMLElement {
  static observedAttributes = attributes;

  #shadow = this.attachShadow({ mode: 'open' });
  /** @type {Panel | null} */
  #panel = null;
  /** Whether attributes have changed since the panel was built. */
  #stale = false;
  #will_settle = false;
  /** What was wrong with the property `config`. @type {string[]} */
  #notes = [];
  /** Until the random seed is drawn. @type {Promise<void> | null} */
  #drawn = null;

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [sheet];
  }

  /** The settings. Those that are set become attributes, and the panel begins anew. @returns {Settings} */
  get config() {
    return this.#read().settings;
  }

  /** @param {Partial<Settings> | string | null | undefined} config frameworks set null for nothing */
  set config(config) {
    this.#notes = [];
    // A text is refused, or read, like the attribute.
    if (typeof config === 'string') this.setAttribute('config', config);
    else if (!config) this.removeAttribute('config');
    if (!config || typeof config !== 'object') return;
    const texts = texts_of(config, this.#notes);
    for (const [field, text] of Object.entries(texts)) this.setAttribute(attribute_of(field), text);
    if (this.#notes.length > 0) this.#stale = true;
    this.#settle_soon();
  }

  /** Every record of this run. @returns {Record[]} */
  get records() {
    return this.#panel?.records() ?? [];
  }

  /** Starts or resumes. Rejects with a sentence for the reader if it cannot. */
  async start() {
    this.#settle();
    await this.#drawn;
    this.#settle();
    if (!this.#panel) throw new Error('The element must be on a page before it can start.');
    await this.#panel.start();
  }

  pause() {
    this.#settle();
    this.#panel?.pause();
  }

  /** Back to the beginning, where it waits. */
  reset() {
    this.#settle();
    this.#panel?.reset();
  }

  connectedCallback() {
    // A property set before this module was loaded hides the accessor of the class.
    if (Object.hasOwn(this, 'config')) {
      const { config } = this;
      Reflect.deleteProperty(this, 'config');
      this.config = config;
    }
    this.#settle_soon();
  }

  disconnectedCallback() {
    this.#settle_soon();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    // A theme is for the stylesheet, and autostart matters only when the panel is built.
    if (before === now || name === 'theme' || name === 'autostart') return;
    if (name === 'height') return this.#set_height();
    this.#stale = true;
    this.#settle_soon();
  }

  /** Several changes lead to one rebuild, and moving within a page to none. */
  #settle_soon() {
    if (this.#will_settle) return;
    this.#will_settle = true;
    queueMicrotask(() => {
      this.#will_settle = false;
      this.#settle();
    });
  }

  #settle() {
    if (!this.isConnected) this.#tear_down();
    else if (this.#read().draws_seed) this.#drawn ??= this.#draw_seed();
    else if (!this.#panel || this.#stale) this.#build();
  }

  /** A drawn seed is an attribute like any other: it can be seen, and copied. */
  async #draw_seed() {
    // If the core cannot be fetched, the panel says so.
    const seed = await draw_seed().catch(() => this.config.seed);
    this.#drawn = null;
    // The page may have set another one meanwhile.
    if (this.#read().draws_seed) this.setAttribute('seed', String(seed));
  }

  #build() {
    this.#tear_down();
    this.#stale = false;
    const { panel, settings, autostart, notes } = this.#read();
    const root = element('div', {
      class: 'embedded',
      part: 'panel',
      role: 'group',
      'aria-label': 'Spikealign',
    });
    const notices = [...this.#notes, ...notes].map((note) => element('p', { class: 'notice' }, note));
    root.append(...notices);
    const box = element('div', { class: 'box', lang: 'en', dir: 'ltr' }, root);
    this.#shadow.append(box);
    this.#set_height();
    // The box has the reader's own text size, whatever the page sets.
    box.style.setProperty('--rem', getComputedStyle(box).fontSize);
    root.addEventListener('transitionrun', ({ target }) => target === root && scheme_changed());
    this.#panel = panels[panel](root, {
      settings,
      base,
      tell: (type, detail) => this.dispatchEvent(new CustomEvent(type, { detail })),
    });
    name_parts(root);
    // A failure is dispatched as an event, and shown.
    if (autostart) this.start().catch(() => {});
    if (autostart === false) this.pause();
  }

  #tear_down() {
    this.#panel = null;
    end_within(this.#shadow);
    this.#shadow.replaceChildren();
  }

  #set_height() {
    const box = this.#shadow.firstElementChild;
    const { height } = this.#read();
    if (box instanceof HTMLElement) box.style.height = height === null ? '' : `${height}px`;
  }

  #read() {
    return read_attributes((name) => this.getAttribute(name));
  }
}

// A page may load this module twice: define the element once.
if (!customElements.get('spike-align')) customElements.define('spike-align', SpikeAlign);
