// Playback of a figure, set from outside.

/**
 * Sets the slider of a figure's time, where the figure then pauses. In the page itself: a figure that plays takes its
 * slider back to what has been simulated.
 *
 * @param {import('@playwright/test').Locator} figure
 * @param {number} seconds
 */
export const set_moment = (figure, seconds) =>
  figure.locator('.playback input[type="range"]').evaluate((slider, time) => {
    slider.max = '1000000';
    slider.value = String(time);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, 1000 * seconds);
