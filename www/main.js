/** Puts the panels on the page, and connects them with settings, images and the race. */

import { set_text } from './base/dom.js';
import { in_words } from './base/failure.js';
import { breathe, first_sight, once_below, once_near } from './base/frames.js';
import { late } from './base/late.js';
import { notices } from './base/notices.js';
import { service_workers } from './base/service_workers.js';
import { theme_switch } from './base/theme.js';
import { load_tools, save_menu } from './export/save_menu.js';
import { guess } from './figures/guess.js';
import { generated } from './images/datasets.js';
import { images_in_browser } from './images/in_browser.js';
import { keep_page } from './offline/keep_page.js';
import { ChosenLayer } from './panels/chosen_layer.js';
import { controls } from './panels/controls.js';
import { Prediction } from './panels/prediction.js';
import { settings_form } from './panels/settings.js';
import { color_rules, rules } from './plot/rules.js';
import { kept_races } from './race/checkpoints.js';
import { race_in_browser } from './race/in_browser.js';
import { RANDOM, read_address, show_view } from './settings/address.js';
import { draw_seed } from './settings/seed.js';
import { MOST_RULES, in_order } from './settings/table.js';
import { engine } from './workers/engine.js';

/** @import { RecordDetail, Resumed } from './race/race.js' */
/** @import { Settings } from './settings/configuration.js' */
/** @import { Figure } from './figures/running_figure.js' */
/** @import { Panel, Shown } from './panels/frame.js' */

const { settings, given, draws_seed, view, autostart, lecture, notes } = read_address(location.search);
const store = images_in_browser(document.baseURI);
const race = race_in_browser({ keeps: true });
const planned = () => settings;
const { show: notice, clear } = notices(place('notices'), prepare);
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pending;
let said_unkept = false;

color_rules(document);
theme_switch(place('theme'));
if (lecture) late(place('unfinished'), () => import('./lecture.js')).then((it) => it.lecture(place('theme')));
controls(place('controls'), race, { start, reset: () => race.reset() });
place('start').addEventListener('click', () => {
  go_to_race();
  if (race.state === 'idle' || race.state === 'done') start(false);
});
const prediction = new Prediction(race);
/** @type {Shown} */
const shown = {
  race,
  settings: () => race.settings ?? settings,
  layer: new ChosenLayer(),
  stored: null,
  prediction,
};
/** @type {(() => void)[]} draw what shows the settings before a run begins */
const previews = [];
const form = settings_form(place('settings'), settings, change);
for (const note of notes) notice(note);
/** Whether the address leaves the seed to chance, and none has been drawn or chosen yet. */
let is_seed_due = draws_seed;
const undrawn = settings.seed;
has_seed();

race.addEventListener('record', (event) => {
  const { record, again } = /** @type {CustomEvent<RecordDetail>} */ (event).detail;
  if (!again) document.dispatchEvent(new CustomEvent('spikealign:record', { detail: record }));
});
race.addEventListener('done', () => {
  document.dispatchEvent(new CustomEvent('spikealign:done', { detail: { records: race.records } }));
});
race.addEventListener('change', remind);
race.addEventListener('unkept', (event) => {
  const why = /** @type {CustomEvent<string>} */ (event).detail;
  const sentence = `This browser cannot save the race: closing the page loses it (${why}).`;
  if (!said_unkept) notice(sentence);
  said_unkept = true;
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) race.keep();
});

// Lower parts are built piece by piece, so that the page responds from the start.
await first_sight();
add_figure('guess', 'guess', guess);
show_view(view);
const wanted = [once_below(place('problem-figure'))];
// So that a run's results can be saved even if the connection is lost; a service worker keeps all files.
if (!service_workers()) {
  const begun = new Promise((resolve) => race.addEventListener('record', resolve, { once: true }));
  begun.then(load_tools).catch(() => {});
  wanted.push(begun);
}
Promise.race(wanted).then(build_below);

await store.look_beside();
if (!store.has(settings.dataset)) {
  const { dataset } = settings;
  settings.dataset = generated.name;
  form.show();
  for (const draw of previews) draw();
  if (given.has('dataset')) {
    notice(`${store.absence(dataset)}: this page starts with generated images. You can add the files.`);
  }
}
if (!autostart) offer();
// Fetch megabytes only for readers who scroll there.
once_near(place('race'), async () => {
  prepare();
  if (autostart) return;
  // Charts are empty without it, and no less true.
  shown.stored = await import('./race/stored.js').then(({ stored_run }) => stored_run()).catch(() => null);
  for (const draw of previews) draw();
});
if (autostart) start(false);
// Last: by now most of the files to keep have been fetched.
keep_page((sentence) => set_text(place('offline'), sentence));

/**
 * Begins a run.
 *
 * @param {boolean} paused whether to wait before the first chunk
 * @param {Resumed | null} [resumed] what it resumes from, if not the beginning
 */
async function start(paused, resumed = null) {
  clear('failure');
  clear('wrong-setting');
  if (form.any_wrong()) {
    return notice('A setting cannot be used: see the highlighted setting.', 'wrong-setting');
  }
  if (!(await has_seed())) return;
  const ingredients = Promise.all([engine(), store.prepare(settings)]);
  try {
    await race.start(settings, ingredients, paused, resumed);
  } catch (error) {
    if (!form.complain(error)) notice(in_words(error), 'failure');
  }
}

/**
 * Continues an interrupted run.
 *
 * @param {Settings} interrupted
 * @param {Resumed} resumed from this browser, or from files
 */
async function go_on(interrupted, resumed) {
  is_seed_due = false;
  set(interrupted);
  go_to_race();
  await start(false, resumed);
  // It could not begin, for example without its images: offer it again.
  if (race.state === 'idle') offer();
}

/** Offers to continue what was interrupted. */
async function offer() {
  const races = await kept_races();
  if (races.length === 0) return;
  const root = place('unfinished');
  const { unfinished } = await late(root, () => import('./panels/unfinished.js'));
  unfinished(root, races, go_on);
}

/** Brings the chart and, above it, the controls into view. */
function go_to_race() {
  place('accuracy').scrollIntoView();
  place('controls').focus({ preventScroll: true });
}

/**
 * Draws the seed if it is due, and puts it into the address, so that a reload shows the same.
 *
 * @returns {Promise<boolean>} whether there is one: nothing is trained with another seed than the address asks for
 */
async function has_seed() {
  if (!is_seed_due) return true;
  try {
    const seed = await draw_seed();
    // Meanwhile one may have been drawn or chosen.
    if (!is_seed_due) return true;
    is_seed_due = false;
    set({ seed });
    const address = new URL(location.href);
    if (address.searchParams.get('seed') === RANDOM) address.searchParams.set('seed', String(seed));
    history.replaceState(history.state, '', address);
    return true;
  } catch (error) {
    clear('failure');
    notice(in_words(error), 'failure');
    return false;
  }
}

/** Gets the images, so that they can be seen before anything starts. */
async function prepare() {
  if (!(await has_seed())) return;
  try {
    await store.prepare(settings);
    clear('failure');
  } catch (error) {
    // A failure is shown with the images, or at the setting that caused it.
    form.complain(error);
  }
}

/** A control has changed the settings. */
function change() {
  remind();
  // It was of others.
  prediction.set(null);
  if (settings.seed !== undrawn) is_seed_due = false;
  if (!form.any_wrong()) clear('wrong-setting');
  for (const draw of previews) draw();
  clearTimeout(pending);
  pending = setTimeout(prepare, 400);
}

/**
 * Lets one more rule race: at once, if there is a race.
 *
 * @param {string} rule
 * @returns {string} the result, in a sentence
 */
function add(rule) {
  const { title } = rules[rule];
  const chosen = in_order([...settings.rule, rule]);
  const racing = in_order([...(race.settings?.rule ?? []), rule]);
  if (Math.max(chosen.length, racing.length) > MOST_RULES) {
    return `At most ${MOST_RULES} rules race at once: untick one beside the race for the next run.`;
  }
  const joined = race.add({ rule: racing, rule_settings: settings.rule_settings });
  set({ rule: chosen });
  return joined ? `${title} has joined the race.` : `${title} starts with the next run.`;
}

/** Changes settings. @param {Partial<Settings>} some */
function set(some) {
  Object.assign(settings, some);
  form.show();
  change();
}

/**
 * @param {string} id
 * @param {string} name of its pictures
 * @param {(root: HTMLElement) => Figure} build
 */
function add_figure(id, name, build) {
  const root = place(`${id}-figure`);
  const figure = build(root);
  save_menu({ root, name, run: null });
  return figure;
}

/** @param {Panel} panel @param {typeof import('./below.js').run_of} run_of */
function add_panel({ id, saved, build }, run_of) {
  const root = place(id);
  previews.push(build(root, shown));
  if (saved) save_menu({ root, name: saved, run: () => run_of(shown, root) });
}

/** Builds what the first screen has not, piece by piece. */
async function build_below() {
  try {
    const program = await late(place('problem-figure'), () => import('./below.js'));
    const { all_rules, dismiss_terms, figures, follow, images, own_run, pair_visit, panels } = program;
    const { presets, run_of, take } = program;
    await breathe();
    follow();
    dismiss_terms();
    images(place('images'), store, { planned, choose: (dataset) => set({ dataset }), retry: prepare });
    await breathe();
    for (const { id, saved, build } of figures) {
      if (build === guess) continue;
      const { look_at } = add_figure(id, saved, build);
      if (look_at) pair_visit(look_at);
      await breathe();
    }
    for (const panel of panels) {
      add_panel(panel, run_of);
      await breathe();
    }
    presets(place('presets'), { race, prediction, planned, choose: set });
    await breathe();
    previews.push(take(place('take'), race, planned, go_on));
    previews.push(all_rules(place('all-rules'), race, { planned, add }));
    own_run(place('own-run'), race);
    show_view();
  } catch (error) {
    notice(in_words(error), 'failure');
  }
}

/** Says when the settings are no longer those of the run that is shown. */
function remind() {
  const differ = race.settings && JSON.stringify(race.settings) !== JSON.stringify(settings);
  place('reminder').hidden = !differ;
}

/** @param {string} id */
function place(id) {
  const root = document.getElementById(id);
  if (!root) throw new Error(`The page has no element “${id}”.`);
  return root;
}
