// Ports for the servers of the tests.

import { createServer } from 'node:net';

/** A port that nothing listens on. @param {string} [host] @returns {Promise<number>} */
export const free_port = (host = 'localhost') =>
  new Promise((resolve) => {
    const server = createServer().listen(0, host, () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
