/** A panel whose program is fetched when the reader comes near. */
import { once_near } from '../base/frames.js';

/** @import { Panel } from './frame.js' */

/**
 * @param {string} id
 * @param {() => Promise<{ build: Panel['build'] }>} load
 * @returns {Panel}
 */
export function late(id, load) {
  return {
    id,
    build(root, shown) {
      let draw = () => {};
      once_near(root, async () => {
        const { build } = await load();
        draw = build(root, shown);
      });
      return () => draw();
    },
  };
}
