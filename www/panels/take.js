/**
 * The exports: a link, the commands, the records, the weights, checkpoints.
 *
 * @import { Race, Resumed } from '../race/race.js'
 * @import { Settings } from '../settings/configuration.js'
 */
import { description } from '../../pkg/description.js';
import init, { records_csv, records_json_lines } from '../../pkg/spikealign.js';
import { copyable } from '../base/copyable.js';
import { element, set_text } from '../base/dom.js';
import { file_name, save } from '../export/files.js';
import { count, layer_title } from '../base/format.js';
import { NO_FEEDBACK } from '../base/measured.js';
import { rules } from '../plot/rules.js';
import { command_lines, read_view, share_address } from '../settings/address.js';
import { engine } from '../workers/engine.js';
import { checkpoint_files } from './checkpoint_files.js';

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 * @param {(settings: Settings, resumed: Resumed) => void} go_on with a run whose checkpoints are opened
 */
export function take(root, race, planned, go_on) {
  const settings = () => race.settings ?? planned();
  const ready = async () => init({ module_or_path: await engine() });
  /** @param {(string | number)[]} parts @param {string} ending */
  const name = (parts, ending) => file_name([settings().dataset, `seed${settings().seed}`, ...parts], ending);

  const link = copyable('Link to these settings and choices', 3, 'address');
  const commands = copyable('The same on the command line', 4, 'code');

  const held = element('p', { class: 'held' });
  const record_buttons = [
    button('Save as CSV', async () => {
      await ready();
      save(name(['records'], 'csv'), text_file(records_csv(race.records), 'text/csv'));
    }),
    button('Save as JSON lines', async () => {
      await ready();
      save(name(['records'], 'jsonl'), text_file(records_json_lines(race.records), 'application/x-ndjson'));
    }),
  ];

  const rule = list('Rule');
  const chosen = () => rule.select.value;
  const layer = list('Layer');
  /** @param {'forward' | 'feedback'} which */
  const save_matrix = async (which) => {
    const [rule, index] = [chosen(), Number(layer.select.value)];
    const file = await race.file(rule, index, which);
    if (!file) return;
    set_text(said, file.length > 0 ? '' : NO_FEEDBACK);
    if (file.length === 0) return;
    const parts = [
      rule,
      (description.layers[index] ?? '').replace(/ (\d)/, '$1'),
      race.layer_names[index] ?? '',
      which,
    ];
    save(name(parts, 'npy'), new Blob([new Uint8Array(file)]));
  };
  const said = element('p', { class: 'held', role: 'status' });
  const matrix_buttons = [
    button('Save forward', () => save_matrix('forward')),
    button('Save feedback', () => save_matrix('feedback')),
  ];

  const checkpoints = checkpoint_files(race, { chosen, name, go_on });

  root.append(
    group('Share', link.root, commands.root),
    group(
      'Records',
      held,
      element('div', { class: 'row' }, ...record_buttons),
      element('h3', {}, 'Weights, as NumPy files'),
      element('div', { class: 'row' }, rule.root, layer.root),
      element('div', { class: 'row' }, ...matrix_buttons),
      said,
      checkpoints.root,
    ),
  );

  const draw = () => {
    link.show(share_address(settings(), read_view()));
    commands.show(command_lines(settings()).join('\n'));
    const records = race.records.length;
    const many = records === 1 ? '1 record so far.' : `${count(records)} records so far.`;
    set_text(held, records === 0 ? 'No records yet.' : many);
    for (const one of record_buttons) one.disabled = records === 0;
    const living = [...race.runners.values()].filter((runner) => runner.living);
    rule.show(living.map((runner) => [runner.rule, rules[runner.rule]?.title ?? '']));
    const layers = race.layer_names.map(
      (name, index) => `${description.layers[index]}: ${layer_title(name)}`,
    );
    layer.show(layers.map((text, index) => [String(index), text]));
    for (const one of matrix_buttons) one.disabled = living.length === 0;
    checkpoints.show(living.length > 0);
  };
  for (const type of ['change', 'record']) race.addEventListener(type, draw);
  // Settings and choices are made anywhere on the page; a click may set a control that tells of nothing.
  for (const type of ['input', 'change', 'click']) document.addEventListener(type, draw);
  draw();
  return draw;
}

/**
 * @param {string} title
 * @param {HTMLElement[]} content
 */
function group(title, ...content) {
  return element('div', { class: 'group' }, element('h3', {}, title), ...content);
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  const made = element('button', { type: 'button', class: 'small', disabled: true }, text);
  made.addEventListener('click', act);
  return made;
}

/** A list to choose from, whose entries come and go. @param {string} label */
function list(label) {
  const select = element('select', { disabled: true });
  /** @param {[string, string][]} entries values and texts */
  const show = (entries) => {
    const shown = [...select.options].map(({ value, text }) => [value, text]);
    select.disabled = entries.length === 0;
    if (JSON.stringify(shown) === JSON.stringify(entries)) return;
    const chosen = select.value;
    select.replaceChildren(...entries.map(([value, text]) => element('option', { value }, text)));
    if (entries.some(([value]) => value === chosen)) select.value = chosen;
  };
  return { root: element('label', {}, `${label} `, select), select, show };
}

/** @param {string} text @param {string} type */
function text_file(text, type) {
  return new Blob([text], { type });
}
