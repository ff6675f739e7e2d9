/**
 * The page of the study: beside its report, every stored training run, which this browser can run again.
 *
 * @import { Verify } from './runs_table.js'
 * @import { Run } from './replay.js'
 */
import init, { records_json_lines } from '../../pkg/spikealign.js';
import { element, part, set_text } from '../base/dom.js';
import { in_words } from '../base/failure.js';
import { images_in_browser } from '../images/in_browser.js';
import program from '../race/training.worker.js?worker&url';
import { engine } from '../workers/engine.js';
import { start_worker } from '../workers/start.js';
import { digest } from './digest.js';
import { replay } from './replay.js';
import { runs_table } from './runs_table.js';

const store = images_in_browser(document.baseURI);
const looked = store.look_beside();
/** One run after the other: each takes what the processor has. */
let last = Promise.resolve();

/** @type {Verify} */
function verify({ configuration }, on_progress) {
  const run = last.then(async () => {
    await looked;
    const began = performance.now();
    const { dataset } = configuration;
    if (!store.has(dataset)) throw new Error(`${store.absence(dataset)}.`);
    const module = await engine();
    await init({ module_or_path: module });
    const settings = { ...configuration, rule: [configuration.rule], rule_settings: {} };
    const source = await store.prepare(settings);
    const hire = () => start_worker(program, configuration.rule);
    const records = await replay(configuration, { module, source, hire, on_progress });
    const seconds = (performance.now() - began) / 1000;
    return { digest: await digest(records_json_lines(records)), records: records.length, seconds };
  });
  last = run.then(
    () => {},
    () => {},
  );
  return run;
}

/** @param {HTMLElement} place */
async function show_runs(place) {
  const response = await fetch(`./study/results/${place.dataset.study}.json`);
  if (!response.ok)
    throw new Error(`The results are not beside this page: the server answered ${response.status}.`);
  /** @type {Run[]} */
  const runs = await response.json();
  place.append(runs_table(runs, verify));
}

// From every number to the runs that it is made of: those that can be verified are on the page.
for (const span of document.querySelectorAll('[data-result]')) {
  const [study] = (span.getAttribute('data-result') ?? '').split('/');
  const is_here = document.querySelector(`[data-study="${study}"]`);
  const link = element('a', {
    class: 'result',
    href: is_here ? `#runs-${study}` : `./study/results/${study}.json`,
  });
  span.replaceWith(link);
  link.append(span);
}
for (const place of document.querySelectorAll('[data-study]')) {
  if (!(place instanceof HTMLElement)) continue;
  place.id = `runs-${place.dataset.study}`;
  show_runs(place).catch((error) => set_text(part(document.body, '#problem'), in_words(error)));
}
