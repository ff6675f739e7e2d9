// Which modules of the page and of the scripts may import which: no circle anywhere, and arrows between the
// folders of www/ in one direction only. `make check` runs it.

/** Folders of www/, each with those that it may import from. Itself it may. */
const FOLDERS = {
  base: [],
  plot: ['base'],
  workers: ['base'],
};

const within = (/** @type {string[]} */ folders) => `^www/(${folders.join('|')})/`;

export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-missing', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(FOLDERS).map(([folder, allowed]) => ({
      name: `${folder}-imports-only-${[folder, ...allowed].join('-')}`,
      severity: 'error',
      from: { path: within([folder]) },
      to: { path: '^www/', pathNot: within([folder, ...allowed]) },
    })),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^pkg/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default'] },
  },
};
