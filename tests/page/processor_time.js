// A trace as it would be if its threads had not had to wait for a processor.

/**
 * A complete event of a trace: when it began and how long it took, on the clock and on the processor, in microseconds.
 *
 * @typedef {{ name: string, ph: string, pid: number, tid: number, ts: number, dur: number, tdur?: number }} TraceEvent
 */

/**
 * The events with every task as long as the processor was busy with it: what other programs took of the machine is left
 * out. A task begins when it began, and what lies within it shrinks with it.
 *
 * @template {TraceEvent} Event
 * @param {Event[]} events
 * @returns {Event[]}
 */
export function in_processor_time(events) {
  const tasks = outermost_tasks(events);
  return events.map((event) => {
    const task = tasks.get(thread(event))?.findLast(({ ts }) => ts <= event.ts);
    if (event.ph !== 'X' || !task || event.ts >= task.ts + task.dur) return event;
    const share = Math.min(1, (task.tdur ?? 0) / task.dur);
    return { ...event, ts: task.ts + (event.ts - task.ts) * share, dur: event.dur * share };
  });
}

/** @param {TraceEvent} event */
const thread = ({ pid, tid }) => `${pid} ${tid}`;

/**
 * The tasks of each thread that lie in no other, in order.
 *
 * @param {TraceEvent[]} events
 */
function outermost_tasks(events) {
  /** @type {Map<string, TraceEvent[]>} */
  const threads = new Map();
  const tasks = events.filter(
    ({ name, ph, tdur }) => ph === 'X' && name.endsWith('RunTask') && tdur !== undefined,
  );
  for (const task of tasks.sort((a, b) => a.ts - b.ts || b.dur - a.dur)) {
    const earlier = threads.get(thread(task)) ?? [];
    threads.set(thread(task), earlier);
    const last = earlier.at(-1);
    if (!last || task.ts >= last.ts + last.dur) earlier.push(task);
  }
  return threads;
}
