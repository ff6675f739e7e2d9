/**
 * Sign agreement of every fully connected layer against images seen.
 *
 * @import { LayerAlignment } from '../../pkg/spikealign.js'
 * @import { Line } from '../chart.js'
 * @import { Race, Runner } from '../race.js'
 * @import { Settings } from '../settings.js'
 */
import { Chart } from '../chart.js';
import { element, set_text } from '../dom.js';
import { layer_title, percent } from '../format.js';
import { drawing } from '../frames.js';

/** Fully connected layers of the network: two hidden ones and the output. */
const LAYERS = 3;

/**
 * @param {HTMLElement} root
 * @param {Race} race
 * @param {() => Settings} planned the settings of a run that has not begun
 */
export function alignment(root, race, planned) {
  const layers = Array.from({ length: LAYERS }, (_, layer) => {
    const title = element('h3', {}, `Layer ${layer + 1}`);
    const box = element('div');
    root.append(element('div', { class: 'layer' }, title, box));
    const chart = new Chart(box, {
      label: `Line chart: sign agreement of fully connected layer ${layer + 1} against training images seen`,
      range: [0.42, 1.02],
      tick: (value) => `${Math.round(100 * value)} %`,
      format: percent,
      reference: { value: 0.5, label: 'chance' },
    });
    return { title, box, chart };
  });
  const drawings = layers.map(({ title, box, chart }, index) =>
    drawing(box, () => {
      const settings = race.settings ?? planned();
      const name = race.layer_names[index];
      set_text(title, name ? `Layer ${index + 1}: ${layer_title(name)}` : `Layer ${index + 1}`);
      const runners = [...race.runners.values()];
      chart.update(new Map(runners.map((runner) => [runner.rule, line(runner, index, settings)])), settings);
    }),
  );
  const draw = () => {
    for (const draw_one of drawings) draw_one();
  };
  for (const type of ['record', 'alignment', 'change']) race.addEventListener(type, draw);
  draw();
}

/**
 * The line of one rule: its records, and what the spiking phase measured at the start of an epoch.
 *
 * @param {Runner} runner
 * @param {number} layer
 * @param {Settings} settings
 * @returns {Line}
 */
function line({ records, fresh, progress }, layer, { examples }) {
  /** @type {Line} */
  const points = { x: [], y: [] };
  /**
   * @param {number} x
   * @param {LayerAlignment[]} alignments
   */
  const add = (x, alignments) => {
    const measured = alignments[layer];
    if (!measured || x <= (points.x.at(-1) ?? -1)) return;
    points.x.push(x);
    points.y.push(measured.sign_agreement);
  };
  // Half an image after the end of the epoch before: a step up, drawn as one.
  for (const record of records) {
    add((record.epoch - 1) * examples + 0.5, record.layers_after_spiking);
    add(record.examples, record.layers);
  }
  if (fresh && progress) add((progress.epoch - 1) * examples + 0.5, fresh);
  return points;
}
