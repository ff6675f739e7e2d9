/**
 * The stored runs of a study, each with a button that runs it again here.
 *
 * @import { Progress } from '../../pkg/spikealign.js'
 * @import { Run, Verifiable } from './replay.js'
 */
import { element, set_text } from '../base/dom.js';
import { in_words } from '../base/failure.js';
import { count } from '../base/format.js';
import { verifiable } from './replay.js';
import { accuracy, duration, equal, verify_all } from './words.js';

/** Images that a browser learns from in a second, until one has been seen to. */
let images_per_second = 1_000;

/**
 * Runs a configuration again, and gives the digest of its records.
 *
 * @typedef {(run: Verifiable, on_progress: (progress: Progress) => void) => Promise<{ digest: string, records: number, seconds: number }>} Verify
 */

/**
 * @param {Run[]} runs
 * @param {Verify} verify
 */
export function runs_table(runs, verify) {
  // One for all rows, and of what came of them: progress would be announced five times a second.
  const announced = element('p', { class: 'visually-hidden', role: 'status' });
  const rows = runs.map((run) => row(run, verify, (outcome) => set_text(announced, outcome)));
  const able = rows.flatMap(({ wanted }) => wanted ?? []);
  const images = able.reduce((sum, wanted) => sum + images_of(wanted), 0);
  const say_all = () => verify_all(able, images / images_per_second);
  const all = element('button', { type: 'button', class: 'all' }, say_all());
  let is_busy = false;
  let goes_on = false;
  all.addEventListener('click', async () => {
    // It takes hours: a second press stops it.
    goes_on = !is_busy;
    if (is_busy) return set_text(all, 'Stops after this run');
    is_busy = true;
    set_text(all, 'Stop after this run');
    for (const { start } of rows) if (goes_on) await start();
    is_busy = false;
    set_text(all, say_all());
  });
  const heads = ['Run', 'Seed', 'Test accuracy', 'Stored digest', 'Verify', 'Here'].map((text) =>
    element('th', {}, text),
  );
  const body = element('tbody', {}, ...rows.map(({ root }) => root));
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body);
  const summary = element('summary', {}, `All ${runs.length} runs, to verify`);
  return element(
    'details',
    {},
    summary,
    element('div', {}, all),
    announced,
    element('div', { class: 'wide', tabindex: 0 }, table),
  );
}

/**
 * @param {Run} run
 * @param {Verify} verify
 * @param {(outcome: string) => void} announce
 */
function row(run, verify, announce) {
  const wanted = verifiable(run);
  const button = element('button', { type: 'button', disabled: !wanted }, 'Verify');
  const outcome = element(
    'td',
    { class: 'outcome' },
    wanted ? expected(wanted) : 'Stored before runs had a digest of this form.',
  );
  const part = wanted?.is_whole ? 'all records' : 'first epoch';
  const cells = [
    run.name,
    String(run.settings.seed),
    accuracy(run.test_accuracy),
    wanted ? `${wanted.stored.sha256.slice(0, 12)}… (${part})` : '',
  ].map((text) => element('td', {}, text));
  const root = element(
    'tr',
    { id: run.key, title: command(run) },
    ...cells,
    element('td', {}, button),
    outcome,
  );
  const say = (/** @type {string} */ state, /** @type {string} */ text) => {
    outcome.dataset.state = state;
    set_text(outcome, text);
  };
  const end = (/** @type {string} */ state, /** @type {string} */ text) => {
    say(state, text);
    announce(`${run.name}, seed ${run.settings.seed}: ${text}`);
  };
  let is_busy = false;
  const start = async () => {
    if (!wanted || is_busy) return;
    is_busy = true;
    // Not disabled, which would take the focus from it.
    button.setAttribute('aria-disabled', 'true');
    say('waiting', 'Waiting…');
    try {
      const { digest, records, seconds } = await verify(wanted, (progress) =>
        say('running', remaining(progress, wanted)),
      );
      images_per_second = images_of(wanted) / seconds;
      if (digest === wanted.stored.sha256) {
        const { is_whole, stored } = wanted;
        end('equal', equal({ is_whole, test_accuracy: stored.test_accuracy, records, seconds }));
      } else {
        end('different', `Different: these records have the digest ${digest.slice(0, 12)}….`);
      }
    } catch (error) {
      end('failed', in_words(error));
    }
    is_busy = false;
    button.removeAttribute('aria-disabled');
  };
  button.addEventListener('click', start);
  return { root, start, wanted };
}

/** @param {Verifiable} wanted */
function images_of({ configuration: { epochs, examples, test_examples } }) {
  return epochs * (examples + test_examples);
}

/** How long it will take. @param {Verifiable} wanted */
function expected(wanted) {
  return `Takes about ${duration(images_of(wanted) / images_per_second)}.`;
}

/**
 * @param {Progress} progress
 * @param {Verifiable} wanted
 */
function remaining({ stage, epoch, examples }, wanted) {
  const { epochs, examples: of_epoch } = wanted.configuration;
  const left = images_of(wanted) * (1 - examples / (epochs * of_epoch));
  return `Epoch ${epoch} of ${epochs}: ${stage}, ${count(examples)} images; about ${duration(left / images_per_second)} left.`;
}

/** The command that gives the run natively. @param {Run} run */
function command({ command, settings }) {
  return [
    'spikealign',
    command,
    ...Object.entries(settings).map(([name, value]) => `--${name} ${value}`),
  ].join(' ');
}
