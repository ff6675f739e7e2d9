/** The few helpers with which panels build themselves. Text is only ever set as text. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ [attribute: string]: string | number | boolean | undefined }} [attributes] true stands for
 *   an attribute without a value; false and undefined leave it out
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ [attribute: string]: string | number }} attributes
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg_element(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/**
 * What the page already has within an element.
 *
 * @param {HTMLElement} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function part(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no element “${selector}”.`);
  return found;
}

/**
 * Sets text only if it differs, so that nothing is announced or laid out again for nothing.
 *
 * @param {Node} node
 * @param {string} text
 */
export function set_text(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Sizes a canvas to its box on the page, sharp on any screen, and enlarged where the stylesheet sets `--zoom`.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {{ context: CanvasRenderingContext2D, width: number, height: number } | null} in
 *   units of the drawing, which are CSS pixels without a zoom; null when there is nothing to draw on
 */
export function fit_canvas(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return null;
  const zoom = zoom_of(canvas);
  const ratio = devicePixelRatio;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  context.setTransform(ratio * zoom, 0, 0, ratio * zoom, 0, 0);
  context.clearRect(0, 0, width / zoom, height / zoom);
  return { context, width: width / zoom, height: height / zoom };
}

/** CSS pixels for each unit of a drawing. @param {Element} element */
export const zoom_of = (element) => Number(getComputedStyle(element).getPropertyValue('--zoom')) || 1;
