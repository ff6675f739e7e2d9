/**
 * A game: guess a hidden weight from what follows the spikes that barely happened, and those that barely did not. The
 * neuron guesses as well, from the jump that it has measured.
 *
 * @import { GuessCurve, GuessView } from '../../pkg/spikealign.js'
 * @import { Figure } from './running_figure.js'
 */
import { complaint } from '../base/complaint.js';
import { element, set_text } from '../base/dom.js';
import { count, signed } from '../base/format.js';
import { drawing, on_new_looks } from '../base/frames.js';
import { picture } from '../plot/axes.js';
import { draw_piles } from './guess_drawing.js';
import { key_entry } from './readings.js';
import { Simulation } from './simulation.js';
import { draw_trace } from './trace_drawing.js';

/** Simulated milliseconds of a round. */
const LIMIT = 120_000;
const ROUNDS = 5;
/** Its five rounds hold all three kinds of weights. */
const FIRST_SEED = 10;
/** Curves that are drawn: the last ones. */
const MOST_CURVES = 60;
/** Simulated milliseconds a millisecond: in the beginning, and at most. */
const [SLOWEST, FASTEST] = [0.5, 20];

/** The answers, by the sign of the weight. */
const answers = [
  { sign: 1, label: 'It excites', verb: 'excites' },
  { sign: -1, label: 'It inhibits', verb: 'inhibits' },
  { sign: 0, label: 'Nothing', verb: 'does nothing' },
];
const verb_of = (/** @type {number} */ sign) => answers.find((answer) => answer.sign === sign)?.verb;

/**
 * @param {HTMLElement} root
 * @param {{ seed?: number }} [start] the seed of the first round; each later round has the next one
 * @returns {Figure}
 */
export function guess(root, { seed = FIRST_SEED } = {}) {
  let round = 1;
  const scores = { you: 0, neuron: 0 };
  /** @type {GuessView | null} */
  let view = null;
  /** @type {GuessCurve[]} */
  let curves = [];
  /** The sign that the reader has chosen. @type {number | null} */
  let chosen = null;
  let revealed = false;

  const failure = complaint();
  const trace = picture('trace', 'Membrane potential');
  const piles = picture('piles', 'Feedback around the moment of the largest drive');
  const buttons = answers.map(({ sign, label }) => {
    const button = element('button', { type: 'button' }, label);
    button.addEventListener('click', () => answer(sign));
    return button;
  });
  const play = element('button', { type: 'button', class: 'small play' }, 'Pause');
  const next = element('button', { type: 'button', class: 'main', hidden: true }, 'Next round');
  const asked = element('div', { class: 'answers', role: 'group' }, ...buttons, next, play);
  asked.setAttribute('aria-label', 'What does a spike of this neuron do to the neuron above?');
  const said = element('p', { class: 'verdict', role: 'status' });
  const question =
    'What does a spike do to the neuron above? Once the two bands no longer overlap, you know.';
  const score = element('p', { class: 'score' });
  const other_world = key_entry('other', 'the same without its spikes');
  other_world.hidden = true;

  const simulation = new Simulation(root, scene(), LIMIT, {
    show(answer) {
      view = /** @type {GuessView} */ (answer.view);
      if (answer.restarted) curves = [];
      curves = [...curves, ...view.curves].slice(-MOST_CURVES);
      // Slow at first, so that single moments can be seen.
      simulation.speed = Math.min(FASTEST, SLOWEST * (1 + (view.steps / 1000) ** 2));
      if (chosen !== null && simulation.over) reveal(view, chosen);
      soon();
    },
    change: () => set_text(play, simulation.playing ? 'Pause' : 'Play'),
    fail: failure.show,
    retry: failure.clear,
  });
  const soon = drawing(root, () => {
    if (!view) return;
    draw_trace(trace, view.trace, view.steps);
    draw_piles(piles, view, curves, revealed);
  });
  simulation.speed = SLOWEST;

  /** @returns {{ kind: 'guess', scene: { seed: number } }} */
  function scene() {
    return { kind: 'guess', scene: { seed: seed + round - 1 } };
  }

  /** The neuron watches to the end of the round, and then everything is shown. @param {number} sign */
  function answer(sign) {
    if (chosen !== null) return;
    chosen = sign;
    for (const [index, button] of buttons.entries()) {
      // Not disabled, which would take the focus from it.
      button.setAttribute('aria-disabled', 'true');
      button.setAttribute('aria-pressed', String(answers[index]?.sign === sign));
    }
    set_text(said, 'The neuron watches on …');
    if (simulation.over && view) reveal(view, sign);
    else simulation.seek(LIMIT);
  }

  /** @param {GuessView} shown @param {number} sign */
  function reveal({ weight, jump, truth, piles: [silent, spiked] }, sign) {
    if (revealed) return;
    revealed = true;
    simulation.pause();
    const [low, high] = jump?.interval ?? [0, 0];
    const found = low > 0 ? 1 : high < 0 ? -1 : 0;
    const right = Math.sign(weight);
    scores.you += Number(sign === right);
    scores.neuron += Number(found === right);
    const number = (/** @type {number | undefined} */ value) => signed(value ?? 0, 3);
    set_text(
      said,
      `The weight is ${weight === 0 ? '0' : signed(weight, 1)}: it ${verb_of(right)}. You were ` +
        `${sign === right ? 'right' : 'wrong'}. After ${count(silent.count + spiked.count)} close calls the ` +
        `neuron finds a jump of ${number(jump?.mean)} (${number(low)} to ${number(high)}): it ${verb_of(found)}. ` +
        `True effect: ${number(truth?.mean)}.`,
    );
    other_world.hidden = false;
    for (const button of buttons) button.hidden = true;
    play.hidden = true;
    next.hidden = false;
    set_text(next, round % ROUNDS === 0 ? 'Play again' : 'Next round');
    show_score();
    next.focus({ preventScroll: true });
    soon();
  }

  function begin_round() {
    if (round % ROUNDS === 0) Object.assign(scores, { you: 0, neuron: 0 });
    round += 1;
    chosen = null;
    revealed = false;
    other_world.hidden = true;
    for (const button of buttons) {
      button.hidden = false;
      button.removeAttribute('aria-disabled');
      button.removeAttribute('aria-pressed');
    }
    play.hidden = false;
    next.hidden = true;
    set_text(said, '');
    show_score();
    simulation.speed = SLOWEST;
    simulation.set_scene(scene());
    simulation.play();
    buttons[0]?.focus({ preventScroll: true });
  }

  function show_score() {
    root.dataset.seed = String(scene().scene.seed);
    const now = ((round - 1) % ROUNDS) + 1;
    set_text(score, `Round ${now} of ${ROUNDS}. You ${scores.you}, the neuron ${scores.neuron}.`);
  }

  next.addEventListener('click', begin_round);
  play.addEventListener('click', () => (simulation.playing ? simulation.pause() : simulation.play()));
  on_new_looks(root, soon);
  show_score();
  root.classList.add('figure', 'guess');
  const key = element(
    'ul',
    { class: 'key' },
    key_entry('spiked', 'barely spiked'),
    key_entry('silent', 'barely did not'),
    other_world,
  );
  root.append(
    failure.root,
    element('div', { class: 'pictures' }, trace, piles),
    key,
    element('p', { class: 'question' }, question),
    asked,
    score,
    said,
  );
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) simulation.play();
  else set_text(play, 'Play');
  return { simulation };
}
