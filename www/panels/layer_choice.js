/** The choice of a layer, which is the same in every panel. */

/** @import { Race } from '../race/race.js' */
/** @import { ChosenLayer } from './chosen_layer.js' */
import { description } from '../../pkg/description.js';
import { choices } from '../base/choices.js';
import { set_text } from '../base/dom.js';
import { layer_title } from '../base/format.js';

/**
 * @param {string} name unique on the page
 * @param {ChosenLayer} layer
 * @param {Race} race which knows the sizes of its layers once it has begun
 */
export function layer_choice(name, layer, race) {
  const made = choices({
    name,
    title: 'Layer',
    texts: Object.fromEntries(description.layers.entries()),
    chosen: String(layer.index),
    on_change: (value) => layer.choose(Number(value)),
  });
  layer.addEventListener('change', () => {
    const input = made.root.querySelector(`[value="${layer.index}"]`);
    if (input instanceof HTMLInputElement) input.checked = true;
  });
  const rename = () => {
    for (const [index, title] of race.layer_names.entries()) {
      const label = made.labels[index];
      if (label) set_text(label, layer_title(title));
    }
  };
  race.addEventListener('change', rename);
  rename();
  return made.root;
}
