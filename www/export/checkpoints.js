/**
 * Checkpoints as files, those of the native program's `--checkpoint`: saved here, they go on there, and the
 * other way round.
 *
 * @import { Kept } from '../checkpoints.js'
 * @import { Field, Settings } from '../settings.js'
 */
import init, { read_checkpoint } from '../../pkg/spikealign.js';
import { forget, is_of_one_run, keep } from '../checkpoints.js';
import { engine } from '../engine.js';
import { in_words } from '../failure.js';
import { rule_names } from '../rules.js';
import { fields, parse, write } from '../settings.js';
import { plain } from '../share.js';

/** @typedef {{ kept: Kept, bytes: Uint8Array }} Opened */

/**
 * Reads the checkpoints of one run, of one rule or of several.
 *
 * @param {File[]} files
 * @returns {Promise<Opened[]>} rejects with a sentence for the reader
 */
export async function open_checkpoints(files) {
  await init({ module_or_path: await engine() });
  const opened = await Promise.all(files.map(open));
  const [first] = opened;
  const rules = new Set(opened.map(({ kept }) => kept.configuration.rule));
  const fit = opened.every(({ kept }) =>
    is_of_one_run(kept.configuration, first?.kept.configuration ?? kept.configuration),
  );
  if (!fit || rules.size < opened.length) {
    throw new Error('These checkpoints are not of one run: they differ in more than the rule, or not in it.');
  }
  return opened;
}

/**
 * Keeps them in this browser, in place of those that it has.
 *
 * @param {Opened[]} opened
 * @returns {Promise<Settings>} of the run that they are of
 */
export async function adopt(opened) {
  await forget();
  for (const { kept, bytes } of opened) await keep(kept, bytes);
  const of = opened.map(({ kept }) => kept.configuration);
  const rule = rule_names.filter((name) => of.some((configuration) => configuration.rule === name));
  return /** @type {Settings} */ ({ ...of[0], rule });
}

/**
 * @param {File} file
 * @returns {Promise<Opened>}
 */
async function open(file) {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { configuration, stage, epoch } = read_checkpoint(bytes);
    const settings = Object.entries(configuration).map(([name, value]) => [name, plain(value)]);
    for (const [name, value] of settings) {
      const result = parse(/** @type {Field} */ (name), write(value));
      if ('problem' in result) throw new Error(`${result.problem} The native program has wider limits.`);
    }
    const kept = {
      configuration: Object.fromEntries(settings),
      epoch,
      done: stage === 'done',
      at: Date.now(),
    };
    return { kept, bytes };
  } catch (error) {
    throw new Error(`${file.name}: ${in_words(error)}`, { cause: error });
  }
}
