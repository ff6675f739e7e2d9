/** Makes the snippets of the example ready to copy. */

// The module is beside this page.
const base = new URL('.', location.href).href;
for (const span of document.querySelectorAll('[data-base]')) span.textContent = base;

for (const snippet of document.querySelectorAll('.snippet')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'small';
  button.textContent = 'Copy';
  button.addEventListener('click', () => copy(snippet, button));
  snippet.after(button);
}

/**
 * @param {Element} snippet
 * @param {HTMLButtonElement} button
 */
async function copy(snippet, button) {
  try {
    await navigator.clipboard.writeText(snippet.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(snippet);
    button.textContent = 'Selected: copy it with the keyboard';
  }
}

export {};
