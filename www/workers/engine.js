/** The compiled core: compiled once, on the page, and handed to every worker. */

const address = new URL('../../pkg/spikealign_bg.wasm', import.meta.url);

/** @type {Promise<WebAssembly.Module> | null} */
let compiled = null;

/**
 * The compiled core. A failure is not cached, so that a second call tries again.
 *
 * @returns {Promise<WebAssembly.Module>} rejects with a sentence for the reader
 */
export function engine() {
  compiled ??= compile().catch((error) => {
    compiled = null;
    throw error;
  });
  return compiled;
}

async function compile() {
  if (typeof WebAssembly !== 'object') {
    throw new Error('This browser does not support WebAssembly, or its settings block it.');
  }
  let response;
  try {
    response = await fetch(address);
  } catch {
    throw new Error('Failed to fetch the training program: the connection failed.');
  }
  if (!response.ok) {
    throw new Error(`Failed to fetch the training program: the server answered ${response.status}.`);
  }
  try {
    // Some servers do not send the media type that streaming compilation requires.
    if (response.headers.get('content-type')?.startsWith('application/wasm')) {
      return await WebAssembly.compileStreaming(response);
    }
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch {
    throw new Error(
      'Failed to compile the training program. It needs a browser from 2023 or later (WebAssembly with ' +
        'SIMD); if yours is, the download may be damaged.',
    );
  }
}
