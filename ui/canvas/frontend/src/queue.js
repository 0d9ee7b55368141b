// Journeys that wait at one step stand in a queue on its upper edge, so that each is seen; a long one is counted. Pure.

export const APART = 8; // pixels between two that wait
const ROWS = 2;
const INSET = 7;

/** Those that wait, by step: Map step -> tokens; `sources` gives the step that a link leaves. */
export function waiting(tokens, sources) {
  const queues = new Map();
  for (const token of tokens.filter((t) => !t.share)) {
    const step = sources.get(token.edge);
    if (!queues.has(step)) queues.set(step, []);
    queues.get(step).push(token);
  }
  return queues;
}

/**
 * @param {number} count how many wait
 * @param {object} step {x, y, w, h} on the sheet
 * @param {object} view {x, y, k}
 * @returns {object} {places: [x, y] on the screen for as many as there is room, count: where to write how many wait in
 *   all, null where each has its place}
 */
export function queue(count, { x, y, w, h }, view) {
  const left = (x - w / 2) * view.k + view.x + INSET;
  const foot = (y - h / 2) * view.k + view.y;
  const columns = 1 + Math.max(0, Math.floor((w * view.k - 2 * INSET) / APART));
  const shown = Math.min(count, columns * ROWS);
  const places = Array.from({ length: shown }, (_, i) => [
    left + APART * (i % columns),
    foot - APART * Math.floor(i / columns),
  ]);
  return { places, count: count > shown ? [left - INSET / 2, foot - APART * ROWS - 3] : null };
}
