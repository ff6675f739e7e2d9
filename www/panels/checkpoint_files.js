/**
 * Saves checkpoints, and opens those saved here or by the native program.
 *
 * @import { Race, Resumed } from '../race/race.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { element } from '../base/dom.js';
import { open_checkpoints } from '../export/checkpoints.js';
import { save } from '../export/files.js';
import { in_words } from '../base/failure.js';
import { complaint } from '../base/complaint.js';

/**
 * @param {Race} race
 * @param {object} page
 * @param {() => string} page.chosen whose network is saved
 * @param {(parts: (string | number)[], ending: string) => string} page.name of a file
 * @param {(settings: Settings, resumed: Resumed) => void} page.go_on with the run of the files
 */
export function checkpoint_files(race, { chosen, name, go_on }) {
  const saving = element('button', { type: 'button', class: 'small', disabled: true }, 'Save checkpoint');
  saving.addEventListener('click', async () => {
    const rule = chosen();
    const file = await race.file(rule, 0, 'checkpoint');
    if (!file) return;
    const seen = race.runners.get(rule)?.records.at(-1)?.examples ?? 0;
    save(name([rule, `${seen}-images`], 'checkpoint'), new Blob([new Uint8Array(file)]));
  });

  const input = element('input', {
    type: 'file',
    multiple: true,
    accept: '.checkpoint',
    id: 'checkpoint-files',
    class: 'hidden-input',
  });
  const opening = element('label', { for: input.id, class: 'button small' }, 'Open checkpoints …');
  const problem = complaint();
  input.addEventListener('change', async () => {
    const files = [...(input.files ?? [])];
    problem.clear();
    if (files.length === 0) return;
    try {
      const { settings, checkpoint_of } = await open_checkpoints(files);
      go_on(settings, { race: null, checkpoint_of });
    } catch (error) {
      problem.show(in_words(error));
    }
    input.value = '';
  });

  const root = element(
    'div',
    { class: 'group' },
    element('h3', {}, 'Checkpoints'),
    element(
      'p',
      { class: 'held' },
      'Save the current network to continue later, here or with ',
      element('code', {}, 'spikealign train --checkpoint FILE'),
      '.',
    ),
    element('div', { class: 'row' }, saving, input, opening),
    problem.root,
  );
  return {
    root,
    /** @param {boolean} any whether there is a network to be saved */
    show(any) {
      saving.disabled = !any;
    },
  };
}
