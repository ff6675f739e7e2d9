/** The digest of a run's records, as study/collect.py computes it. */

/** Not the settings, which stand beside the digest, nor what records have had since the first of them were stored. */
const LEFT_OUT = /"test_balanced_accuracy":[^,]*,|,"configuration":.*/g;

/**
 * SHA-256 in hexadecimal digits.
 *
 * @param {string} lines records as the core writes them, as JSON lines
 */
export async function digest(lines) {
  // A browser has it for pages that came over HTTPS, or from this machine.
  if (!globalThis.crypto?.subtle) throw new Error('To verify, open this page over HTTPS or from localhost.');
  const bytes = new TextEncoder().encode(lines.replaceAll(LEFT_OUT, ''));
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
