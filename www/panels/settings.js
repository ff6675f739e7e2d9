/**
 * The controls of every setting, made from the table of settings.
 *
 * @import { Field, Settings } from '../settings/table.js'
 */
import { element, set_text } from '../base/dom.js';
import { rule_name, rule_sample } from '../plot/legend.js';
import { rule_names } from '../plot/rules.js';
import { fields, parse, table } from '../settings/table.js';

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
  /** @type {Map<Field, ReturnType<typeof make_control>>} */
  const controls = new Map();
  /** @type {Set<Field>} */
  const wrong = new Set();
  for (const field of fields) {
    const control = make_control(field, (text) => {
      const result = parse(field, text);
      const problem = 'problem' in result ? result.problem : '';
      control.complain(problem);
      if ('problem' in result) return void wrong.add(field);
      wrong.delete(field);
      Object.assign(settings, { [field]: result.value });
      on_change();
    });
    controls.set(field, control);
    (table[field].advanced ? advanced : basic).append(control.root);
  }
  root.append(form);

  /** Shows the settings as they are. */
  const show = () => {
    wrong.clear();
    for (const [field, control] of controls) {
      control.show(String(settings[field]));
      control.complain('');
    }
  };
  /**
   * Shows what the core has to say about a setting, beside its control.
   *
   * @param {string} message
   */
  const complain = (message) => {
    const field = fields.find((field) => message.includes(`\`${field}\``));
    if (!field) return false;
    if (table[field].advanced) details.open = true;
    controls.get(field)?.complain(message);
    return true;
  };
  show();
  return { show, complain, any_wrong: () => wrong.size > 0 };
}

/**
 * A control with its label, its help, and a place for what is wrong with it.
 *
 * @param {Field} field
 * @param {(text: string) => void} on_input
 */
function make_control(field, on_input) {
  const setting = table[field];
  const id = `setting-${field}`;
  const help = element('small', { id: `${id}-help` }, setting.help);
  const wrong = element('small', { id: `${id}-wrong`, class: 'wrong' });
  const described = `${id}-help ${id}-wrong`;
  const input = setting.kind === 'rules' ? rule_boxes(on_input) : one_input(field, id, described, on_input);
  const label =
    setting.kind === 'rules'
      ? element('legend', {}, setting.label)
      : element('label', { for: id }, setting.label);
  const unit =
    setting.kind === 'number' && setting.unit ? element('span', { class: 'unit' }, setting.unit) : '';
  const row = element('div', { class: 'input' }, input.root, unit);
  const root = element(setting.kind === 'rules' ? 'fieldset' : 'div', { class: `field ${setting.kind}` });
  root.append(label, row, help, wrong);
  return {
    root,
    show: input.show,
    /** @param {string} problem */
    complain(problem) {
      set_text(wrong, problem);
      help.hidden = problem !== '';
      const control = input.root.matches('input') ? input.root : input.root.querySelector('input');
      if (problem) control?.setAttribute('aria-invalid', 'true');
      else control?.removeAttribute('aria-invalid');
    },
  };
}

/**
 * @param {Field} field
 * @param {string} id
 * @param {string} described
 * @param {(text: string) => void} on_input
 * @returns {{ root: HTMLElement, show: (text: string) => void }}
 */
function one_input(field, id, described, on_input) {
  const setting = table[field];
  const attributes = { id, name: field, 'aria-describedby': described, autocomplete: 'off' };
  if (setting.kind === 'choice') {
    const options = Object.entries(setting.choices).map(([value, text]) =>
      element('option', { value }, text),
    );
    const select = element('select', attributes, ...options);
    select.addEventListener('change', () => on_input(select.value));
    return { root: select, show: (text) => (select.value = text) };
  }
  const number = setting.kind === 'number';
  const input = element('input', {
    ...attributes,
    type: number ? 'number' : 'text',
    ...(number ? { min: setting.low, max: setting.high, step: setting.step, inputmode: 'decimal' } : {}),
    list: setting.kind === 'text' ? `${id}-list` : undefined,
    spellcheck: 'false',
  });
  input.addEventListener('input', () => on_input(input.value));
  /** @param {string} text */
  const show = (text) => (input.value = text);
  if (setting.kind !== 'text') return { root: input, show };
  const suggestions = setting.suggestions.map((value) => element('option', { value }));
  const list = element('datalist', { id: `${id}-list` }, ...suggestions);
  return { root: element('span', {}, input, list), show };
}

/**
 * A box for each rule.
 *
 * @param {(text: string) => void} on_input
 */
function rule_boxes(on_input) {
  const boxes = rule_names.map((rule) => {
    const box = element('input', { type: 'checkbox', name: 'rule', value: rule });
    box.addEventListener('change', () => {
      on_input(
        boxes
          .filter(({ box }) => box.checked)
          .map(({ box }) => box.value)
          .join(),
      );
    });
    return { box, label: element('label', {}, box, rule_sample(rule), rule_name('span', rule)) };
  });
  const root = element('div', { class: 'boxes' }, ...boxes.map(({ label }) => label));
  /** @param {string} text */
  const show = (text) => {
    for (const { box } of boxes) box.checked = text.split(',').includes(box.value);
  };
  return { root, show };
}
