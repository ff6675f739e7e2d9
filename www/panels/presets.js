/**
 * Settings that ask a question of the race, each with a prediction to draw before it runs.
 *
 * @import { Race } from '../race/race.js'
 * @import { Settings } from '../settings/configuration.js'
 * @import { Prediction } from './prediction.js'
 */
import { element, set_text } from '../base/dom.js';
import { percent } from '../base/format.js';
import { rules } from '../plot/rules.js';
import { MOST_RULES, in_order } from '../settings/table.js';

/** The rule whose course is predicted. */
const RULE = 'rdd';
/** Accuracies at the end that can be predicted. */
const [LEAST, MOST] = [0.6, 0.94];
const FIRST_GUESS = 0.8;

/** @type {Partial<Settings>} */
const usual = {
  feedback_layers: 'all',
  rdd_seconds: 60,
  double_softmax: false,
  estimator: 'gradient',
  confounding: 'none',
  confounding_gain: 1000,
};

/** @type {{ name: string, set: Partial<Settings>, question: string, found?: (string | Node)[] }[]} */
const list = [
  {
    name: 'As in the paper',
    set: { ...usual, feedback_layers: 'dense', rdd_seconds: 90, double_softmax: true },
    question:
      'The convolutions keep random feedback, and the softmax is applied twice, as in the authors’ program. ' +
      'How far does the spiking network get?',
  },
  {
    name: 'Six seconds of spiking',
    set: { ...usual, rdd_seconds: 6 },
    question: 'A tenth of the usual time to measure, before each epoch. How much is lost?',
  },
  {
    name: 'Confounded drive',
    set: { ...usual, confounding: 'heterogeneous' },
    question:
      'A common source drives the neurons of two layers at once while they measure, so spikes and feedback go ' +
      'together for that reason, too. The discontinuity is there so as not to be fooled by that. Does it work?',
    found: [
      'So far, less than it promises. With this source, between 512 and 128 neurons with fixed random weights, ' +
        'the jump finds ',
      result('confounding/512-128 100 s/gradient', '67'),
      '% of the signs in 100 s; the covariance of spike counts, which has no threshold, ',
      result('confounding/512-128 100 s/spike-counts', '73'),
      '%; and “innovation”, which compares with neurons that stay silent, ',
      result('confounding/512-128 100 s/innovation', '87'),
      '%. Networks that learned Fashion-MNIST so, with 30 s of spiking an epoch, ended with the jump ',
      result('learning/rdd-confounded-gradient-fa', '4.3 points below'),
      ' random feedback, and with “innovation” ',
      result('learning/rdd-confounded-innovation-fa', '1.5 points above'),
      ' it.',
    ],
  },
  {
    name: 'Correlate instead',
    set: { ...usual, estimator: 'spike-counts' },
    question:
      'Each neuron only correlates its spike counts with those above. Here nothing drives two neurons at once, so ' +
      'nothing fools the correlation. Does the discontinuity do better at all?',
    found: [
      'For the signs of fixed random weights, no. With independent drive, between 512 and 128 neurons, 30 s of ' +
        'the same spikes: the covariance of counts is ',
      result('equal-spikes/512-128 30 s/spike-counts-gradient', '6.0 points above'),
      ' the jump (over the windows of the jump alone, correlation is ',
      result('equal-spikes/512-128 30 s/observed-gradient', '7.7 points below'),
      '). Nothing confounds it here, so it does as well without a threshold.',
    ],
  },
  {
    name: 'Feedback of the convolution too',
    set: usual,
    question:
      'The second convolution measures its feedback as well, which the paper leaves random. What does that add?',
  },
];

/**
 * @param {HTMLElement} root
 * @param {object} page
 * @param {Race} page.race
 * @param {Prediction} page.prediction
 * @param {() => Settings} page.planned the settings of the next run
 * @param {(set: Partial<Settings>) => void} page.choose changes them
 */
export function presets(root, { race, prediction, planned, choose }) {
  const about = element('p', { class: 'about' });
  const found = element('p');
  const known = element(
    'details',
    {},
    element('summary', {}, 'What the study found'),
    found,
    element('p', {}, element('a', { href: './study.html' }, 'Every run')),
  );
  const verdict = element('p', { class: 'about', role: 'status' });
  const end = element('input', { type: 'range', min: LEAST, max: MOST, step: 0.005 });
  // The slider itself says it.
  const value = element('output', { 'aria-live': 'off' });
  const label = `${rules[RULE].title}, at the end`;
  const predict = element(
    'div',
    { class: 'predict', hidden: true },
    about,
    element('p', {}, 'Draw your prediction into the chart, or set where it ends:'),
    element('label', { class: 'slider' }, element('span', {}, label), end, value),
    known,
  );
  /** Predicts a course that ends there. @param {string} run @param {number} last */
  const course = (run, last) => {
    const { examples, epochs } = planned();
    const x = Array.from({ length: epochs }, (_, epoch) => (epoch + 1) * examples);
    const y = x.map((_, epoch) => last * (1 - 0.16 * (1 - (epoch + 1) / epochs) ** 2));
    prediction.set({ run, line: { rule: RULE, x, y } });
  };
  const buttons = list.map(({ name, set, question, found: results = [] }) => {
    const button = element('button', { type: 'button', class: 'small' }, name);
    button.addEventListener('click', () => {
      choose({ ...set, rule: with_rule(planned().rule) });
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      set_text(about, question);
      known.hidden = results.length === 0;
      known.open = false;
      found.replaceChildren(...results);
      set_text(verdict, '');
      course(name.toLowerCase(), FIRST_GUESS);
    });
    return button;
  });
  end.addEventListener('input', () => course(prediction.next?.run ?? '', Number(end.value)));
  prediction.addEventListener('change', () => {
    const { next } = prediction;
    predict.hidden = !next;
    if (!next) for (const button of buttons) button.setAttribute('aria-pressed', 'false');
    const last = next?.line.y.at(-1) ?? FIRST_GUESS;
    end.value = String(last);
    set_text(value, percent(last));
    end.setAttribute('aria-valuetext', percent(last));
  });
  race.addEventListener('change', () => {
    if (race.state === 'idle') set_text(verdict, '');
  });
  race.addEventListener('done', () => {
    const reached = race.runners.get(RULE)?.records.at(-1)?.test_accuracy;
    const predicted = prediction.begun?.line.y.at(-1);
    if (reached === undefined || predicted === undefined) return;
    set_text(verdict, `You predicted ${percent(predicted)}; it reached ${percent(reached)}.`);
  });
  root.append(
    element('div', { class: 'preset-buttons' }, element('h3', {}, 'Questions to ask'), ...buttons),
    predict,
    verdict,
  );
}

/** These rules and the one that the questions are about, in place of the last if there are too many. @param {string[]} chosen */
function with_rule(chosen) {
  return chosen.includes(RULE) ? chosen : in_order([...chosen.slice(0, MOST_RULES - 1), RULE]);
}

/**
 * A number of the study, marked with the name of the estimate that it comes from.
 *
 * @param {string} name
 * @param {string} text
 */
function result(name, text) {
  return element('span', { 'data-result': name }, text);
}
