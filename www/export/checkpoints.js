/**
 * Checkpoints as files, the same as the native program's `--checkpoint`: each can resume the other's.
 *
 * @import { Configuration } from '../../pkg/spikealign.js'
 * @import { CheckpointOf } from '../race/runner.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import init, { read_checkpoint } from '../../pkg/spikealign.js';
import { in_words } from '../base/failure.js';
import { configuration_of, is_of_one_run } from '../settings/configuration.js';
import { concerns, fields, parse, settings_of, value_of, write } from '../settings/table.js';
import { engine } from '../workers/engine.js';

/** @typedef {{ configuration: Configuration, bytes: Uint8Array }} Opened */

/**
 * Opens the checkpoints of one run, of one rule or of several.
 *
 * @param {File[]} files
 * @returns {Promise<{ settings: Settings, checkpoint_of: CheckpointOf }>} rejects with a sentence for the reader
 */
export async function open_checkpoints(files) {
  await init({ module_or_path: await engine() });
  const opened = await Promise.all(files.map(open));
  const of_rule = new Map(opened.map((one) => [one.configuration.rule, one]));
  const [first] = opened;
  const fit = opened.every(({ configuration }) => first && is_of_one_run(configuration, first.configuration));
  if (!first || !fit || of_rule.size < opened.length) {
    throw new Error(
      'These checkpoints are not from one run: they must differ in the rule, and in nothing else.',
    );
  }
  return {
    settings: settings_of([first.configuration, ...opened.map(({ configuration }) => configuration)]),
    checkpoint_of: async ({ rule }) => of_rule.get(rule)?.bytes ?? null,
  };
}

/**
 * @param {File} file
 * @returns {Promise<Opened>}
 */
async function open(file) {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { configuration } = read_checkpoint(bytes);
    const settings = settings_of([configuration]);
    for (const field of fields.filter((field) => concerns(settings, field))) {
      const result = parse(field, write(value_of(settings, field)));
      if ('problem' in result)
        throw new Error(`${result.problem.message} The native program has wider limits.`);
    }
    return { configuration: configuration_of(settings, configuration.rule), bytes };
  } catch (error) {
    throw new Error(`${file.name}: ${in_words(error)}`, { cause: error });
  }
}
