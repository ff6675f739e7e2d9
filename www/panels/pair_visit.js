/**
 * From a chosen dot of the scatter to the neuron and back: puts a connection of a trained network under the microscope.
 *
 * @import { PairDetail } from './scatter.js'
 */
import { description } from '../../pkg/description.js';
import { part, set_text } from '../base/dom.js';
import { signed } from '../base/format.js';
import { rules } from '../plot/rules.js';

/** @param {(weight: number) => void} look_at shows a neuron with this weight */
export function pair_visit(look_at) {
  const [neuron, note, place] = ['#neuron', '#pair-note', '#pair-visit'].map((id) => part(document.body, id));
  const visit = part(place, 'button');
  document.addEventListener('spikealign:pair', (event) => {
    const { rule, layer, forward, feedback, spread } = /** @type {CustomEvent<PairDetail>} */ (event).detail;
    // Relative to the others of its layer.
    const weight = forward / (spread || 1);
    look_at(weight);
    note.hidden = place.hidden = false;
    set_text(
      part(note, 'p'),
      `A connection of ${description.layers[layer].toLowerCase()}, ${rules[rule].title}: its forward weight is ${signed(forward, 3)}, ` +
        `${signed(weight, 1)} times the spread of its layer; its feedback weight is ${signed(feedback, 3)}. ` +
        `This is what a neuron with such a weight would see.`,
    );
  });
  // The focus goes along.
  visit.addEventListener('click', () => {
    neuron.scrollIntoView();
    note.focus({ preventScroll: true });
  });
  part(note, 'button').addEventListener('click', () => {
    visit.scrollIntoView({ block: 'center' });
    visit.focus({ preventScroll: true });
  });
}
