/**
 * One figure for an iframe: the parameters of the address are the attributes of the element, and the
 * parent is told its height, as `{ type: 'spikealign:height', height }` in CSS pixels.
 *
 * @import { SpikeAlign } from './spike-align.js'
 */
import { parameters_of } from '../base/parameters.js';

const SpikeAlignElement = /** @type {typeof SpikeAlign} */ (await customElements.whenDefined('spike-align'));

const figure = new SpikeAlignElement();
for (const [name, value] of parameters_of(location.search)) {
  const attribute = name.replaceAll(/[._]/g, '-');
  // Other attributes are refused: some can run scripts.
  if (SpikeAlignElement.observedAttributes.includes(attribute)) figure.setAttribute(attribute, value);
  else note(`There is no setting called “${name.slice(0, 40)}”.`);
}
const theme = figure.getAttribute('theme');
if (theme === 'light' || theme === 'dark') document.documentElement.style.colorScheme = theme;
document.body.append(figure);

new ResizeObserver(() => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  // To any parent: a height is no secret.
  if (parent !== window) parent.postMessage({ type: 'spikealign:height', height }, '*');
}).observe(document.body);

/** @param {string} text */
function note(text) {
  if (document.body.childElementCount === 5) return;
  const root = document.createElement('p');
  root.className = 'notice';
  root.textContent = text;
  document.body.append(root);
}

export {};
