/**
 * Start, pause, step and reset, with the time that has passed, and a sentence for a screen reader
 * when something has been reached.
 *
 * @import { Race, RecordDetail } from '../race/race.js'
 */
import { element, set_text } from '../base/dom.js';
import { clock, percent } from '../base/format.js';
import { rules } from '../plot/rules.js';

const LABELS = {
  idle: 'Start training',
  preparing: 'Getting ready …',
  running: 'Pause',
  paused: 'Resume',
  done: 'Train again',
};

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {{ start: (paused: boolean) => void | Promise<void>, reset: () => void }} page
 */
export function controls(root, race, page) {
  const main = element('button', { type: 'button', class: 'main' }, LABELS.idle);
  const step = element('button', { type: 'button' }, 'Step');
  step.title = 'One step for every rule: a batch, or 100 ms of spiking';
  const reset = element('button', { type: 'button' }, 'Reset');
  const question = confirmation(
    reset,
    `Discard this run${race.keeps ? ' and its checkpoint' : ''}?`,
    page.reset,
  );
  const time = element('span', { class: 'time', 'aria-hidden': 'true' }, '0:00');
  const said = element('p', { class: 'visually-hidden', role: 'status' });
  root.append(main, step, reset, question.root, time, said);

  main.addEventListener('click', () => {
    if (race.state === 'running') race.pause();
    else if (race.state === 'paused') race.resume();
    else if (race.state !== 'preparing') page.start(false);
  });
  step.addEventListener('click', async () => {
    if (race.state === 'running') race.pause();
    if (race.state === 'idle' || race.state === 'done') await page.start(true);
    race.step();
  });
  reset.addEventListener('click', () => {
    if (race.unfinished) question.ask();
    else page.reset();
  });

  const watch = new Stopwatch((passed) => set_text(time, clock(passed)));
  race.addEventListener('change', () => {
    set_text(main, LABELS[race.state]);
    main.classList.toggle('waiting', race.state === 'preparing');
    root.dataset.state = race.state;
    if (!race.unfinished) question.close();
    if (race.state === 'idle') watch.reset();
    watch.run(race.state === 'running');
    if (race.state === 'paused') set_text(said, 'Paused.');
    if (race.state === 'running') set_text(said, 'Training.');
    if (race.state === 'idle') set_text(said, '');
  });
  race.addEventListener('record', (event) => {
    const { runner, record } = /** @type {CustomEvent<RecordDetail>} */ (event).detail;
    // Announce each rule once per epoch; every measurement would be too much.
    if (!race.settings || record.examples !== record.epoch * race.settings.examples) return;
    const accuracy = percent(record.test_accuracy);
    set_text(said, `${rules[runner.rule]?.title}: ${accuracy} correct after epoch ${record.epoch}.`);
  });
  race.addEventListener('done', () => set_text(said, 'All rules have finished. The table has the results.'));
}

/**
 * A question in place of the button that asked it.
 *
 * @param {HTMLButtonElement} asker
 * @param {string} question
 * @param {() => void} act if the answer is yes
 */
function confirmation(asker, question, act) {
  const yes = element('button', { type: 'button', class: 'small' }, 'Discard');
  const no = element('button', { type: 'button', class: 'small' }, 'Keep');
  const attributes = { class: 'confirmation', role: 'group', 'aria-label': question, hidden: true };
  const root = element('span', attributes, element('span', {}, question), yes, no);
  const close = () => {
    if (root.hidden) return;
    const had_focus = root.matches(':focus-within');
    root.hidden = true;
    asker.hidden = false;
    if (had_focus) asker.focus();
  };
  yes.addEventListener('click', () => {
    close();
    act();
  });
  no.addEventListener('click', close);
  root.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });
  const ask = () => {
    root.hidden = false;
    asker.hidden = true;
    // The answer that loses nothing is the one that a second press gives.
    no.focus();
  };
  return { root, ask, close };
}

/** Counts the time in which the race is running. */
class Stopwatch {
  #show;
  #passed = 0;
  #since = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {(passed: number) => void} show */
  constructor(show) {
    this.#show = show;
  }

  /** @param {boolean} running */
  run(running) {
    if (running === (this.#timer !== undefined)) return;
    if (running) {
      this.#since = performance.now() - this.#passed;
      this.#timer = setInterval(() => this.#tick(), 500);
    } else {
      this.#tick();
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  reset() {
    this.run(false);
    this.#passed = 0;
    this.#show(0);
  }

  #tick() {
    this.#passed = performance.now() - this.#since;
    this.#show(this.#passed);
  }
}
