/** What lies below the first screen: it is fetched once the reader leaves that. */

import './styles/below.css';

export { dismiss_terms, follow } from './steps.js';
export { figures } from './figures/list.js';
export { all_rules } from './panels/all_rules.js';
export { run_of } from './panels/frame.js';
export { images } from './panels/images.js';
export { own_run } from './panels/own_run.js';
export { pair_visit } from './panels/pair_visit.js';
export { panels } from './panels/list.js';
export { presets } from './panels/presets.js';
export { take } from './panels/take.js';
