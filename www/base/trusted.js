/** For pages that require Trusted Types. */

/** @type {{ createScriptURL: (address: string) => string } | undefined} */
const policy = Reflect.get(globalThis, 'trustedTypes')?.createPolicy('spikealign', {
  createScriptURL: (/** @type {string} */ address) => address,
});

/** The address of a program of this page, as a worker is started from under any policy. @param {string} address */
export const trusted = (address) => policy?.createScriptURL(address) ?? address;
