/** Colours and fonts of the page as plain SVG attributes, for programs other than browsers. */

const scratch = new OffscreenCanvas(1, 1).getContext('2d');

/** @type {Map<string, { color: string, opacity: number }>} */
const known = new Map();

/**
 * Any colour that the browser knows. It is never read from pixels, which some browsers falsify against tracking.
 *
 * @param {string} css
 * @returns {{ color: string, opacity: number }} `#rrggbb`, and 0–1
 */
export function plain_color(css) {
  const before = known.get(css);
  if (before) return before;
  let plain = { color: css, opacity: 1 };
  if (scratch) {
    // Written back as `#804000`, `rgba(128, 64, 0, 0.5)` or `color(srgb 0.5 0.25 0 / 0.5)`, whatever the notation was.
    scratch.fillStyle = `color-mix(in srgb, ${css}, ${css})`;
    plain = read_color(String(scratch.fillStyle)) ?? plain;
  }
  known.set(css, plain);
  return plain;
}

/** @param {string} text */
function read_color(text) {
  if (/^#[0-9a-f]{6}$/.test(text)) return { color: text, opacity: 1 };
  const most = text.startsWith('color(srgb ') ? 1 : text.startsWith('rgb') ? 255 : NaN;
  const [red = NaN, green = NaN, blue = NaN, opacity = 1] = (text.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(
    Number,
  );
  const levels = [red, green, blue].map((level) =>
    Math.round((255 / most) * Math.min(most, Math.max(0, level))),
  );
  if (levels.some(Number.isNaN)) return null;
  const color = levels.map((level) => level.toString(16).padStart(2, '0')).join('');
  return { color: `#${color}`, opacity: Number(opacity.toFixed(3)) };
}

/** Whether pixels are read back as they were painted. */
export function pixels_are_true() {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [16, 16];
  const context = canvas.getContext('2d');
  if (!context) return false;
  const colors = Array.from({ length: 16 }, (_, row) => [16 * row, 255 - 16 * row, 8 * row]);
  for (const [row, color] of colors.entries()) {
    context.fillStyle = `rgb(${color})`;
    context.fillRect(0, row, 16, 1);
  }
  const { data } = context.getImageData(0, 0, 16, 16);
  return data.every((level, index) => level === (colors[index >> 6]?.[index & 3] ?? 255));
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
