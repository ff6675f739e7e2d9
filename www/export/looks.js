/** Colours and fonts of the page as plain SVG attributes, for programs other than browsers. */

const scratch = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });

/** @type {Map<string, { color: string, opacity: number }>} */
const known = new Map();

/**
 * Any colour that the browser knows.
 *
 * @param {string} css
 * @returns {{ color: string, opacity: number }} `#rrggbb`, and 0–1
 */
export function plain_color(css) {
  const before = known.get(css);
  if (before) return before;
  let plain = { color: css, opacity: 1 };
  if (scratch) {
    scratch.clearRect(0, 0, 1, 1);
    scratch.fillStyle = css;
    scratch.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = scratch.getImageData(0, 0, 1, 1).data;
    const color = [red, green, blue].map((level) => level.toString(16).padStart(2, '0')).join('');
    plain = { color: `#${color}`, opacity: Number((alpha / 255).toFixed(3)) };
  }
  known.set(css, plain);
  return plain;
}

/**
 * The attributes of a fill or a stroke.
 *
 * @param {'fill' | 'stroke'} kind
 * @param {string} css a colour
 * @param {number} [alpha]
 * @returns {{ [name: string]: string | number }}
 */
export function paint(kind, css, alpha = 1) {
  const { color, opacity } = plain_color(css);
  const seen = Number((opacity * alpha).toFixed(3));
  return seen === 1 ? { [kind]: color } : { [kind]: color, [`${kind}-opacity`]: seen };
}

/**
 * The attributes of a font.
 *
 * @param {string} font as in a canvas or a computed style
 */
export function font_attributes(font) {
  const style = document.createElement('span').style;
  style.font = font;
  return {
    'font-family': style.fontFamily.replaceAll('"', "'"),
    'font-size': style.fontSize,
    'font-weight': style.fontWeight,
  };
}

/**
 * How wide a text is, how high its font rises above the line that letters stand on, and the height of the
 * font with what hangs below that line, in pixels.
 *
 * @param {string} font
 */
export function measure(font, text = '') {
  if (!scratch) return { width: 0, ascent: 0, height: 1 };
  scratch.font = font;
  const { width, fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = scratch.measureText(text);
  return { width, ascent, height: ascent + descent };
}
