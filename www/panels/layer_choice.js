/** The choice of a layer, which is the same in every panel. */

/** @import { ChosenLayer } from './chosen_layer.js' */
import { description } from '../../pkg/description.js';
import { choices } from '../base/choices.js';

/**
 * @param {string} name unique on the page
 * @param {ChosenLayer} layer
 */
export function layer_choice(name, layer) {
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
  return made;
}
