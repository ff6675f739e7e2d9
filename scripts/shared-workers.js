// A Vite plugin that builds workers as further entries of the page, in place of programs of their own:
// what two of them need is a file that both import, and a reader loads once.

const WORKER = '?worker&url';

/** @returns {import('vite').Plugin} */
export function sharedWorkers() {
  return {
    name: 'shared-workers',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith(WORKER)) return null;
      const file = this.emitFile({ type: 'chunk', id: id.slice(0, -WORKER.length) });
      return `export default import.meta.ROLLUP_FILE_URL_${file};`;
    },
  };
}
