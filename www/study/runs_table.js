/**
 * The stored runs of a study, each with a button that runs it again here.
 *
 * @import { Progress } from '../../pkg/spikealign.js'
 * @import { Run } from './replay.js'
 */
import { element, set_text } from '../base/dom.js';
import { in_words } from '../base/failure.js';
import { count } from '../base/format.js';
import { verifiable } from './replay.js';

/** Images that a browser learns from in a second, until one has been seen to. */
let images_per_second = 1_000;

/**
 * Runs a configuration again, and gives the digest of its records.
 *
 * @typedef {(run: NonNullable<ReturnType<typeof verifiable>>, on_progress: (progress: Progress) => void) => Promise<{ digest: string, records: number, seconds: number }>} Verify
 */

/**
 * @param {Run[]} runs
 * @param {Verify} verify
 */
export function runs_table(runs, verify) {
  const rows = runs.map((run) => row(run, verify));
  const all = element('button', { type: 'button' }, `Verify all ${runs.length} runs`);
  all.addEventListener('click', async () => {
    all.disabled = true;
    for (const { start } of rows) await start();
    all.disabled = false;
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
    element('p', {}, all),
    element('div', { class: 'table', tabindex: 0 }, table),
  );
}

/**
 * @param {Run} run
 * @param {Verify} verify
 */
function row(run, verify) {
  const wanted = verifiable(run);
  const button = element('button', { type: 'button', disabled: !wanted }, 'Verify');
  const outcome = element(
    'td',
    { role: 'status' },
    wanted ? expected(wanted) : 'Stored before runs had a digest of this form.',
  );
  const part = wanted?.configuration.epochs === run.settings.epochs ? 'all records' : 'first epoch';
  const cells = [
    run.name,
    String(run.settings.seed),
    `${(100 * run.test_accuracy).toFixed(2)}%`,
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
  const start = async () => {
    if (!wanted || button.disabled) return;
    button.disabled = true;
    say('waiting', 'Waiting…');
    try {
      const { digest, records, seconds } = await verify(wanted, (progress) =>
        say('running', remaining(progress, wanted)),
      );
      images_per_second = images_of(wanted) / seconds;
      if (digest === wanted.stored.sha256) {
        say(
          'equal',
          `Equal: ${records === 1 ? 'its record' : `all ${records} records`}, digit for digit (${seconds.toFixed(1)} s).`,
        );
      } else {
        say('different', `Different: these records have the digest ${digest.slice(0, 12)}….`);
      }
    } catch (error) {
      say('failed', in_words(error));
    }
    button.disabled = false;
  };
  button.addEventListener('click', start);
  return { root, start };
}

/** @param {NonNullable<ReturnType<typeof verifiable>>} wanted */
function images_of({ configuration: { epochs, examples, test_examples } }) {
  return epochs * (examples + test_examples);
}

/** How long it will take. @param {NonNullable<ReturnType<typeof verifiable>>} wanted */
function expected(wanted) {
  return `Takes about ${seconds_in_words(images_of(wanted) / images_per_second)}.`;
}

/**
 * @param {Progress} progress
 * @param {NonNullable<ReturnType<typeof verifiable>>} wanted
 */
function remaining({ stage, epoch, examples }, wanted) {
  const { epochs, examples: of_epoch } = wanted.configuration;
  const left = images_of(wanted) * (1 - examples / (epochs * of_epoch));
  return `Epoch ${epoch} of ${epochs}: ${stage}, ${count(examples)} images; about ${seconds_in_words(left / images_per_second)} left.`;
}

/** @param {number} seconds */
function seconds_in_words(seconds) {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

/** The command that gives the run natively. @param {Run} run */
function command({ command, settings }) {
  return [
    'spikealign',
    command,
    ...Object.entries(settings).map(([name, value]) => `--${name} ${value}`),
  ].join(' ');
}
