/**
 * Ends workers, observers and charts with the part of the page that they belong to. Code that starts one
 * names the element it depends on; code that removes a part of the page ends everything that depends on it.
 */

/** @type {Map<Node, (() => void)[]>} */
const endings = new Map();

/**
 * Has `end` called when the part of the page that holds `root` is removed.
 *
 * @param {Node} root
 * @param {() => void} end
 */
export function at_end(root, end) {
  const ends = endings.get(root);
  if (ends) ends.push(end);
  else endings.set(root, [end]);
}

/**
 * Ends everything that depends on `ancestor` or on what is in it.
 *
 * @param {Node} ancestor
 */
export function end_within(ancestor) {
  for (const [root, ends] of endings) {
    if (!ancestor.contains(root)) continue;
    endings.delete(root);
    for (const end of ends) end();
  }
}
