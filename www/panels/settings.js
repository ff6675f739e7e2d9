/**
 * The controls of every setting, as the core describes it.
 *
 * @import { Setting } from '../../pkg/spikealign.js'
 * @import { Field, Settings } from '../settings/table.js'
 */
import { element, set_text, svg_element } from '../base/dom.js';
import { in_words } from '../base/failure.js';
import { rule_name, rule_sample } from '../plot/legend.js';
import { groups } from '../plot/rules.js';
import { draw_seed } from '../settings/seed.js';
import {
  MOST_RULES,
  assign,
  concerns,
  fields,
  parse,
  setting_of,
  value_of,
  write,
} from '../settings/table.js';

/**
 * A control with its label, its help, and a place for an error.
 *
 * @typedef {object} Control
 * @property {HTMLElement} root
 * @property {(text: string) => void} show
 * @property {(problem: string) => void} complain
 */

/** The part of a control that is typed in, chosen from or ticked. @typedef {{ root: HTMLElement, show: (text: string) => void }} Input */

/**
 * @param {HTMLElement} root
 * @param {Settings} settings changed in place by the controls
 * @param {() => void} on_change
 */
export function settings_form(root, settings, on_change) {
  const basic = element('div', { class: 'fields' });
  const advanced = element('div', { class: 'fields' });
  const details = element('details', {}, element('summary', {}, 'Advanced settings'), advanced);
  const form = element('form', { novalidate: true }, basic, details);
  form.addEventListener('submit', (event) => event.preventDefault());
  /** @type {Map<Field, Control>} */
  const controls = new Map();
  /** @type {Set<Field>} */
  const wrong = new Set();
  const show_what_concerns = () => {
    for (const [field, control] of controls) control.root.hidden = !concerns(settings, field);
  };
  for (const field of fields) {
    const control = make_control(setting_of(field), (text) => {
      const result = parse(field, text);
      const problem = 'problem' in result ? result.problem.message : '';
      control.complain(problem);
      if ('problem' in result) return void wrong.add(field);
      wrong.delete(field);
      assign(settings, field, result.value);
      show_what_concerns();
      on_change();
    });
    controls.set(field, control);
    (setting_of(field).advanced ? advanced : basic).append(control.root);
  }
  root.append(form);

  /** Shows the settings as they are. */
  const show = () => {
    wrong.clear();
    for (const [field, control] of controls) {
      control.show(write(value_of(settings, field)));
      control.complain('');
    }
    show_what_concerns();
  };
  /**
   * Shows an error beside the control of the setting that caused it.
   *
   * @param {unknown} error
   * @returns {boolean} whether one did
   */
  const complain = (error) => {
    const field = error instanceof Error && 'field' in error ? String(error.field) : '';
    const control = controls.get(field);
    if (!control) return false;
    if (setting_of(field).advanced) details.open = true;
    control.complain(in_words(error));
    control.root.scrollIntoView({ block: 'nearest' });
    return true;
  };
  show();
  /** Whether a control that is shown holds an invalid value. */
  const any_wrong = () => [...wrong].some((field) => concerns(settings, field));
  return { show, complain, any_wrong };
}

/**
 * @param {Setting} setting
 * @param {(text: string) => void} on_input
 * @returns {Control}
 */
function make_control(setting, on_input) {
  const { name, kind, label, help, unit } = setting;
  const of_rules = name === 'rule';
  const id = `setting-${name.replaceAll('.', '-')}`;
  const help_text = element('small', { id: `${id}-help` }, help);
  const wrong = element('small', {
    id: `${id}-wrong`,
    class: 'wrong',
    role: of_rules ? 'status' : undefined,
  });
  const refuse = (/** @type {string} */ why) => set_text(wrong, why);
  const input = of_rules ? rule_boxes(on_input, refuse) : one_input(setting, id, on_input);
  const heading = of_rules ? element('legend', {}, label) : element('label', { for: id }, label);
  const row = element('div', { class: 'input' }, input.root);
  if (unit) row.append(element('span', { class: 'unit' }, unit));
  const root = element(of_rules ? 'fieldset' : 'div', { class: `field ${of_rules ? 'rules' : kind}` });
  root.append(heading, row, help_text, wrong);
  /** @param {string} problem */
  const complain = (problem) => {
    set_text(wrong, problem);
    help_text.hidden = problem !== '';
    const control = row.querySelector('input, select');
    if (problem) control?.setAttribute('aria-invalid', 'true');
    else control?.removeAttribute('aria-invalid');
  };
  if (name === 'seed') {
    const die = die_button((seed) => {
      input.show(seed);
      on_input(seed);
    }, complain);
    row.append(die);
  }
  return { root, show: input.show, complain };
}

/**
 * @param {Setting} setting
 * @param {string} id
 * @param {(text: string) => void} on_input
 * @returns {Input}
 */
function one_input(setting, id, on_input) {
  const { name, kind } = setting;
  const described = `${id}-help ${id}-wrong`;
  const attributes = { id, name, 'aria-describedby': described, autocomplete: 'off' };
  const texts = kind === 'number' ? [] : setting.choices;
  const options = texts.map(({ value, label }) => element('option', { value }, label));
  if (kind === 'choice') {
    const select = element('select', attributes, ...options);
    select.addEventListener('change', () => on_input(select.value));
    return { root: select, show: (text) => (select.value = text) };
  }
  const list = element('datalist', { id: `${id}-list` }, ...options);
  // A field of type `number` would drop a comma in silence: “0,05” became 5.
  const input = element('input', {
    ...attributes,
    type: 'text',
    ...(kind === 'number' ? { inputmode: setting.whole ? 'numeric' : 'decimal' } : { list: list.id }),
    spellcheck: 'false',
  });
  input.addEventListener('input', () => on_input(input.value));
  /** @param {string} text */
  const show = (text) => (input.value = text);
  return { root: kind === 'number' ? input : element('span', {}, input, list), show };
}

/**
 * A box for each rule, group by group.
 *
 * @param {(text: string) => void} on_input
 * @param {(why: string) => void} refuse says why a box was not ticked
 * @returns {Input}
 */
function rule_boxes(on_input, refuse) {
  /** @type {HTMLInputElement[]} */
  const boxes = [];
  const make = (/** @type {string} */ rule) => {
    const box = element('input', { type: 'checkbox', name: 'rule', value: rule });
    boxes.push(box);
    box.addEventListener('change', () => {
      const ticked = boxes.filter(({ checked }) => checked);
      if (ticked.length > MOST_RULES) {
        box.checked = false;
        return refuse(`At most ${MOST_RULES} rules race at once: untick one first.`);
      }
      on_input(ticked.map(({ value }) => value).join());
    });
    return element('label', {}, box, rule_sample(rule), rule_name('span', rule));
  };
  const root = element(
    'div',
    { class: 'rule-groups' },
    ...groups.map(({ title, rules }) =>
      element(
        'div',
        { role: 'group', 'aria-label': title },
        element('p', { 'aria-hidden': 'true' }, title),
        element('div', { class: 'boxes' }, ...rules.map(make)),
      ),
    ),
  );
  /** @param {string} text */
  const show = (text) => {
    for (const box of boxes) box.checked = text.split(',').includes(box.value);
  };
  return { root, show };
}

/**
 * A die that draws a seed.
 *
 * @param {(seed: string) => void} on_drawn
 * @param {(problem: string) => void} complain
 */
function die_button(on_drawn, complain) {
  const face = svg_element('svg', { viewBox: '0 0 20 20', width: 20, height: 20, 'aria-hidden': 'true' });
  face.append(
    svg_element('rect', { x: 1, y: 1, width: 18, height: 18, rx: 4, fill: 'none', stroke: 'currentColor' }),
    ...[5.5, 10, 14.5].map((at) => svg_element('circle', { cx: at, cy: at, r: 1.8, fill: 'currentColor' })),
  );
  const title = 'Draw a random seed';
  const button = element('button', { type: 'button', class: 'small', title, 'aria-label': title }, face);
  button.addEventListener('click', async () => {
    try {
      on_drawn(String(await draw_seed()));
    } catch (error) {
      complain(in_words(error));
    }
  });
  return button;
}
