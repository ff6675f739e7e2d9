/**
 * Every setting of the page, in one table. The controls, the address of the page and the defaults
 * are views of it; a field that the core has and this table lacks is a type error.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 * @import { Rule } from '../plot/rules.js'
 */
import { is_rule, rule_names } from '../plot/rules.js';

/** @typedef {Omit<Configuration, 'rule'> & { rule: Rule[] }} Settings one run: several rules, all else equal */

/**
 * @typedef {object} Common
 * @property {string} label
 * @property {string} help one short sentence
 * @property {boolean} [advanced] shown only on request
 */
/**
 * @typedef {Common & { kind: 'number', value: number, low: number, high: number, step: number | 'any', unit?: string }} NumberSetting
 */
/** @typedef {Common & { kind: 'text', value: string, pattern: RegExp, suggestions: string[] }} TextSetting */
/**
 * @template {string} T
 * @typedef {Common & { kind: 'choice', value: T, choices: { [choice in T]: string } }} ChoiceSetting
 */
/** @typedef {Common & { kind: 'rules', value: Rule[] }} RulesSetting */

/**
 * @type {{
 *   dataset: ChoiceSetting<Configuration['dataset']>,
 *   estimator: ChoiceSetting<Configuration['estimator']>,
 *   rule: RulesSetting,
 *   net: TextSetting,
 * } & { [field in Exclude<keyof Configuration, 'dataset' | 'estimator' | 'rule' | 'net'>]: NumberSetting }}
 */
export const table = {
  rule: {
    kind: 'rules',
    label: 'Learning rules',
    help: 'Each trains its own copy of the network.',
    value: ['bp', 'fa', 'rdd'],
  },
  examples: {
    kind: 'number',
    label: 'Images per epoch',
    help: 'The first so many training images.',
    value: 10_000,
    low: 32,
    high: 60_000,
    step: 1,
  },
  rdd_seconds: {
    kind: 'number',
    label: 'Spiking phase per epoch',
    help: 'Simulated time, a third for each layer.',
    unit: 's',
    value: 60,
    low: 0,
    high: 3_600,
    step: 'any',
  },
  seed: {
    kind: 'number',
    label: 'Seed',
    help: 'The same seed gives the same curves.',
    value: 1,
    low: 0,
    high: 4_294_967_295,
    step: 1,
  },
  dataset: {
    kind: 'choice',
    label: 'Images',
    help: 'Real photographs, or silhouettes drawn here.',
    value: 'fashion-mnist',
    choices: { 'fashion-mnist': 'Fashion-MNIST', garments: 'generated garments' },
  },
  epochs: {
    kind: 'number',
    label: 'Epochs',
    help: 'How often to go through the images.',
    advanced: true,
    value: 8,
    low: 1,
    high: 10_000,
    step: 1,
  },
  estimator: {
    kind: 'choice',
    label: 'Estimator',
    help: 'What a spiking neuron makes of what it saw.',
    advanced: true,
    value: 'gradient',
    choices: {
      gradient: 'two lines, small steps (the paper)',
      'least-squares': 'two lines, fitted exactly',
      means: 'difference of means',
      observed: 'plain correlation (can be fooled)',
      shrinkage: 'shrunken means (needs half the time)',
    },
  },
  net: {
    kind: 'text',
    label: 'Network',
    help: 'scaled, paper, or four widths: two convolutions, two hidden layers.',
    advanced: true,
    value: 'scaled',
    pattern: /^(scaled|paper|[1-9]\d{0,3}(,[1-9]\d{0,3}){3})$/,
    suggestions: ['scaled', 'paper', '8,16,64,32'],
  },
  test_examples: {
    kind: 'number',
    label: 'Test images',
    help: 'Accuracy is measured on the first so many.',
    advanced: true,
    value: 2_000,
    low: 1,
    high: 10_000,
    step: 1,
  },
  record_every: {
    kind: 'number',
    label: 'Measure every',
    help: 'Images between two measurements; 0 is once an epoch.',
    unit: 'images',
    advanced: true,
    value: 2_500,
    low: 0,
    high: 60_000,
    step: 1,
  },
  learning_rate: {
    kind: 'number',
    label: 'Learning rate',
    help: 'Step size of gradient descent.',
    advanced: true,
    value: 0.01,
    low: 0,
    high: 10,
    step: 'any',
  },
  momentum: {
    kind: 'number',
    label: 'Momentum',
    help: 'How much of the last step is kept.',
    advanced: true,
    value: 0.9,
    low: 0,
    high: 0.999,
    step: 'any',
  },
  batch_size: {
    kind: 'number',
    label: 'Batch size',
    help: 'Images per update of the weights.',
    advanced: true,
    value: 32,
    low: 2,
    high: 1_024,
    step: 1,
  },
};

/** @typedef {keyof typeof table} Field */

/** The fields, in the order in which they are shown. */
export const fields = /** @type {Field[]} */ (Object.keys(table));

/** @returns {Settings} */
export function default_settings() {
  const values = Object.fromEntries(fields.map((field) => [field, table[field].value]));
  return /** @type {Settings} */ ({ ...values, rule: [...table.rule.value] });
}

/**
 * A setting as text, as `parse` reads it.
 *
 * @param {Settings[Field]} value
 */
export function write(value) {
  return String(value);
}

/**
 * Reads one setting from text, as a control or the address holds it.
 *
 * @template {Field} F
 * @param {F} field
 * @param {string} text
 * @returns {{ value: Settings[F] } | { problem: string }} a problem is a sentence for the reader
 */
export function parse(field, text) {
  return /** @type {{ value: Settings[F] } | { problem: string }} */ (parse_any(field, text.trim()));
}

/**
 * @param {Field} field
 * @param {string} text
 * @returns {{ value: Settings[Field] } | { problem: string }}
 */
function parse_any(field, text) {
  const setting = table[field];
  if (setting.kind === 'number') {
    // No minus before a zero: the link to these settings would not have it.
    const value = Number(text) + 0;
    const whole = setting.step === 'any' || Number.isInteger(value);
    if (text !== '' && whole && value >= setting.low && value <= setting.high) return { value };
    const range = `${setting.low} to ${setting.high.toLocaleString('en')}`;
    return { problem: `“${setting.label}” must be ${noun(setting.step)} from ${range}.` };
  }
  if (setting.kind === 'text') {
    if (setting.pattern.test(text)) return { value: text };
    return {
      problem: `“${setting.label}” must be scaled, paper, or four widths such as 16,32,128,64.`,
    };
  }
  if (setting.kind === 'choice') {
    if (Object.hasOwn(setting.choices, text)) {
      return { value: /** @type {Settings[typeof field]} */ (text) };
    }
    const choices = Object.keys(setting.choices).join(' or ');
    return { problem: `“${setting.label}” must be ${choices}.` };
  }
  const rules = text.split(',').filter((name) => name !== '');
  if (rules.length > 0 && rules.every(is_rule)) {
    return { value: rule_names.filter((rule) => rules.includes(rule)) };
  }
  return { problem: `“${setting.label}” must name at least one of ${rule_names.join(', ')}.` };
}

/** @param {number | 'any'} step */
export const noun = (step) => (step === 1 ? 'a whole number' : 'a number');
