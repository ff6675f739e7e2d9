/** What a reader expects of the next run. Dispatches `change` when it is drawn. */

export class Prediction extends EventTarget {
  /** The expected test accuracy of one rule after each epoch. @type {{ rule: string, x: number[], y: number[] } | null} */
  line = null;
  /** What the next run is called in the chart, once it is an earlier one. */
  run = '';

  /** @param {{ rule: string, x: number[], y: number[] }} line */
  set(line) {
    this.line = line;
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Moves the point of the nearest epoch.
   *
   * @param {number} x
   * @param {number} y
   */
  draw(x, y) {
    if (!this.line) return;
    const { rule, x: epochs } = this.line;
    const distances = epochs.map((epoch) => Math.abs(epoch - x));
    const nearest = distances.indexOf(Math.min(...distances));
    this.set({ rule, x: epochs, y: this.line.y.map((value, index) => (index === nearest ? y : value)) });
  }
}
