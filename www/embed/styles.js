/**
 * The looks of the element: the styles of the page, for a box within another page. Rules about the window apply
 * to the box instead; and `rem`, which would be the other page's, becomes `--rem`, the reader's own text size.
 */
import { rule_css } from '../plot/rules.js';
import styles from '../styles/embed.css?inline';

/** One sheet for all elements of a page. */
export const sheet = new CSSStyleSheet();

sheet.replaceSync(
  (styles + rule_css)
    .replace(/@media *(\([^)]*width[^)]*\))/g, (_, size) => `@container ${size.replaceAll('rem', 'em')}`)
    .replace(/([\d.]+)vw\b/g, '$1cqi')
    .replace(/(-?[\d.]+)rem\b/g, 'calc($1 * var(--rem, 16px))'),
);

/** What other pages may dress, by the name of its part. */
const parts = {
  '.pictures, figure': 'chart',
  '.readings': 'readings',
  '.key, .legend': 'key',
  '.bar, .playback': 'controls',
  '.sliders, .choices': 'choices',
  '.lanes': 'lanes',
  button: 'button',
  '.notice': 'notice',
};

/** @param {Element} root a panel */
export function name_parts(root) {
  for (const [selector, part] of Object.entries(parts)) {
    for (const found of root.querySelectorAll(selector)) found.setAttribute('part', part);
  }
}
