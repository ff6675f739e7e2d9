/** The parameters of an address, as people and their programs hand it on. */

/** What mail programs, social networks and advertisers append to any link. */
const APPENDED = /^(utm_\w*|\w*clk?id|[gw]braid|igshid|mc_[ce]id|_g[al]|ref|ref_src)$/;

/**
 * The parameters of an address, without those that nobody typed. An address that was copied from the source of a page
 * has `&amp;` between them.
 *
 * @param {string} search as in `location.search`
 * @returns {[name: string, text: string][]}
 */
export function parameters_of(search) {
  return [...new URLSearchParams(search.replaceAll('&amp;', '&'))].filter(([name]) => !APPENDED.test(name));
}
