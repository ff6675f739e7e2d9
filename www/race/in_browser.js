/** Races with the workers and the storage of this browser. */
import { start_worker } from '../workers/start.js';
import { turns } from '../workers/turns.js';
import { checkpoints_of, forget, hold } from './checkpoints.js';
import { Race } from './race.js';
import program from './training.worker.js?worker&url';

/** @param {{ keeps?: boolean }} [options] whether checkpoints of the run are kept in this browser */
export function race_in_browser({ keeps = false } = {}) {
  return new Race({
    hire: (rule) => start_worker(program, rule),
    turns,
    storage: keeps ? { checkpoints_of, forget, hold } : null,
  });
}
