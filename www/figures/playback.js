/**
 * The controls that every figure has: play and pause, the speed, a time slider, and another draw.
 *
 * @import { Dial } from '../settings/views.js'
 * @import { Simulation } from './simulation.js'
 */
import { element, set_text } from '../base/dom.js';
import { decimal } from '../base/format.js';

/** @typedef {{ name: string, value: number }} Speed simulated milliseconds a millisecond */

/** @type {Speed[]} */
export const speeds = [
  { name: 'slow motion', value: 0.1 },
  { name: 'real time', value: 1 },
  { name: '10 ×', value: 10 },
  { name: 'as fast as it goes', value: Infinity },
];

/**
 * @param {Simulation} simulation
 * @param {string} name of the figure, for a screen reader
 * @param {{ name: string, seed: number }} drawn what is drawn by chance: the name of its seed, and the first
 * @param {(seed: number) => void} draw_again
 */
export function playback(simulation, name, drawn, draw_again) {
  const play = element('button', { type: 'button', class: 'small play' }, 'Pause');
  play.addEventListener('click', () => (simulation.playing ? simulation.pause() : simulation.play()));
  const again = element('button', { type: 'button', class: 'small' }, 'From the start');
  again.addEventListener('click', () => simulation.seek(0));
  const draw = element('button', { type: 'button', class: 'small draw' }, 'Another draw');
  const seed = element('input', { type: 'hidden', name: drawn.name, value: drawn.seed });
  seed.addEventListener('input', () => draw_again(Number(seed.value)));
  draw.addEventListener('click', () => {
    seed.value = String(Number(seed.value) + 1);
    seed.dispatchEvent(new Event('input', { bubbles: true }));
  });

  const options = speeds.map(({ name, value }) =>
    element('option', { value: String(value), selected: value === simulation.speed }, name),
  );
  const speed = element('select', {}, ...options);
  speed.addEventListener('change', () => simulation.set_speed(Number(speed.value)));

  const slider = element('input', { type: 'range', min: 0, max: 1, step: 1, value: 0 });
  slider.addEventListener('input', () => {
    const moment = Number(slider.value);
    simulation.pause();
    simulation.seek(moment);
  });
  // Not announced, as an output would be: it changes many times a second, and the slider says it to whoever is there.
  const time = element('output', { 'aria-live': 'off' }, '0.0 s');
  const factor = element('span', { class: 'factor' });

  const root = element(
    'div',
    { class: 'playback', role: 'group', 'aria-label': `Time in the figure “${name}”` },
    play,
    again,
    draw,
    seed,
    element('span', { class: 'pace' }, element('label', { class: 'speed' }, 'Speed ', speed), factor),
    element('label', { class: 'time' }, element('span', {}, 'Time '), slider, time),
  );
  const show = () => {
    set_text(play, simulation.playing ? 'Pause' : 'Play');
    if (speed.value !== String(simulation.speed)) speed.value = String(simulation.speed);
    slider.max = String(Math.max(1, simulation.reached));
    slider.value = String(simulation.steps);
    const seconds = `${decimal(simulation.steps / 1000, 1)} s`;
    set_text(time, seconds);
    slider.setAttribute('aria-valuetext', `${seconds} of simulated time`);
    const faster = simulation.playing ? simulation.factor : 0;
    set_text(
      factor,
      faster === 0 ? '' : `${faster < 9.5 ? decimal(faster, 1) : Math.round(faster)} × real time`,
    );
  };
  return { root, show };
}

/**
 * A slider with its title and value.
 *
 * @param {string} title
 * @param {Dial & { name: string, say: (value: number) => string }} dial
 * @param {(value: number) => void} change
 */
export function slider(title, { name, min, max, step, value, say }, change) {
  const input = element('input', { type: 'range', name, min, max, step, value });
  // The slider itself says it.
  const output = element('output', { 'aria-live': 'off' }, say(value));
  const show = () => {
    const text = say(Number(input.value));
    set_text(output, text);
    input.setAttribute('aria-valuetext', text);
  };
  input.addEventListener('input', () => {
    show();
    change(Number(input.value));
  });
  show();
  const root = element('label', { class: 'slider' }, element('span', {}, title), input, output);
  return {
    root,
    /** @param {number} value */
    set(value) {
      input.value = String(value);
      show();
    },
  };
}
