// Where labels of links go: strong links choose first; a label that would lie on another one or on a box is left out
// until the reader asks for its link.

import { along, box, flatten, overlap } from './geometry.js';

const PLACES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86];
const APART = 3; // pixels between two labels
const TOUCH = 1; // square pixels of overlap that nobody sees

/**
 * @param {Array} items [{id, strength, w, h, points, wanted: [x, y] | null, beside: [x, y], how far from
 *   the line the middle of the label stands; null for on the line}]
 * @param {Array} boxes what must stay readable: [{x0, y0, x1, y1}]
 * @returns {Map} id -> {x, y, w, h, free: false where it has no room of its own}
 */
export function placeLabels(items, boxes) {
  const taken = [...boxes];
  const placed = new Map();
  for (const item of [...items].sort((a, b) => b.strength - a.strength)) {
    const best = bestPlace(item, taken);
    placed.set(item.id, best);
    if (best.free) taken.push(box(best.x, best.y, item.w + 2 * APART, item.h + APART));
  }
  return placed;
}

function bestPlace(item, taken) {
  let best = null;
  for (const [x, y] of candidates(item)) {
    const mine = box(x, y, item.w, item.h);
    const cost = taken.reduce((sum, other) => sum + overlap(mine, other), 0);
    if (cost <= TOUCH) return { x, y, w: item.w, h: item.h, free: true };
    if (!best || cost < best.cost) best = { x, y, cost };
  }
  return { x: best.x, y: best.y, w: item.w, h: item.h, free: false };
}

function* candidates(item) {
  if (item.wanted) yield item.wanted;
  const line = flatten(item.points);
  for (const share of PLACES) {
    const [x, y] = along(line, share);
    const [dx, dy] = item.beside ?? [0, 0];
    yield [x + dx, y + dy];
    if (item.beside) yield [x - dx, y - dy];
  }
}
