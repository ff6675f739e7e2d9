// Which modules of the page and of the scripts may import which: no circle anywhere, and arrows between the
// folders of www/ in one direction only. `make check` runs it.

/** Folders of www/, each with those that it may import from. Itself it may, and styles. */
const FOLDERS = {
  base: [],
  workers: ['base'],
  settings: ['base', 'workers'],
  plot: ['base', 'settings'],
  images: ['base', 'workers', 'settings'],
  race: ['base', 'workers', 'settings', 'images'],
  figures: ['base', 'workers', 'settings', 'plot'],
  export: ['base', 'workers', 'settings', 'plot', 'images', 'race'],
  panels: ['base', 'workers', 'settings', 'plot', 'images', 'race', 'export'],
  offline: ['base'],
  study: ['base', 'workers', 'settings', 'images', 'race'],
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
      to: { path: '^www/', pathNot: within([folder, ...allowed, 'styles']) },
    })),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^pkg/', '^readers/pkg/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default'] },
  },
};
