/** The layer that the reader has chosen, the same in every panel. Dispatches `change`. */
import { views } from '../settings/views.js';

export class ChosenLayer extends EventTarget {
  /** Counted as in the layers of a record. */
  index = Number(views.layer[0]);

  /** @param {number} index */
  choose(index) {
    if (index === this.index) return;
    this.index = index;
    this.dispatchEvent(new Event('change'));
  }
}
