/**
 * One figure for an iframe: the parameters of the address are the attributes of the element, and the
 * parent is told its height, as `{ type: 'spikealign:height', height }` in CSS pixels.
 */
import { SpikeAlign } from './spike_align.js';

const figure = new SpikeAlign();
for (const [name, value] of new URLSearchParams(location.search)) {
  const attribute = name.replaceAll('_', '-');
  if (/^[a-z-]{1,40}$/.test(attribute)) figure.setAttribute(attribute, value);
}
document.body.append(figure);

new ResizeObserver(() => {
  const height = Math.ceil(figure.getBoundingClientRect().height);
  // To whoever frames it: a height is no secret.
  parent.postMessage({ type: 'spikealign:height', height }, '*');
}).observe(figure);
