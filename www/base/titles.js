/** What the page calls a figure. @param {Element} root */
export function figure_title(root) {
  return root.closest('section')?.querySelector('h2')?.textContent ?? 'Figure';
}
