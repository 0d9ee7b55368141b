// Where labels of links go: strong links choose first; a label that would lie on another one or on a box, or next to
// another line than its own, is left out until the reader asks for its link.

import { along, box, flatten, overlap } from './geometry.js';

const PLACES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86];
const APART = 3; // pixels between two labels, and between a label and its line
const TOUCH = 1; // square pixels of overlap that nobody sees
const NEAR = 9; // pixels up to which a label is next to its line
const CLEAR = 4; // pixels by which its own line is nearer than any other
const MOST_PLACED = 600; // labels that are looked for a place for: between more lines than that there is none

/**
 * @param {Array} items [{id, strength, w, h, points, wanted: [x, y] | null, beside: half the width of the line that the
 *   label stands beside; null for on the line}]
 * @param {Array} boxes what must stay readable: [{x0, y0, x1, y1}]
 * @param {Nearness | null} lines all that are drawn, where a label has to be next to its own
 * @returns {Map} id -> {x, y, w, h, free: false where it has no room of its own}
 */
export function placeLabels(items, boxes, lines) {
  const taken = [...boxes];
  const placed = new Map();
  for (const [i, item] of [...items].sort((a, b) => b.strength - a.strength).entries()) {
    const best = i < MOST_PLACED ? bestPlace(item, taken, lines) : unplaced(item);
    placed.set(item.id, best);
    if (best.free) taken.push(box(best.x, best.y, item.w + 2 * APART, item.h + APART));
  }
  return placed;
}

function unplaced(item) {
  const [x, y] = candidates(item).next().value;
  return { x, y, w: item.w, h: item.h, free: false };
}

function bestPlace(item, taken, lines) {
  let best = null;
  for (const [x, y] of candidates(item)) {
    const mine = box(x, y, item.w, item.h);
    const covered = taken.reduce((sum, other) => sum + overlap(mine, other), 0);
    if (covered > TOUCH && best && best.cost <= covered + 1e6) continue; // no nearness would make it better
    const { own, other } = lines?.gaps(mine, item.id) ?? { own: 0, other: Infinity };
    const free = covered <= TOUCH && own <= NEAR && own < other;
    const onLine = item.beside === null ? 0 : Math.max(0, 2 - own);
    const cost = covered + (free ? 0 : 1e6) + Math.max(0, own + CLEAR - other) + 2 * onLine;
    if (free && cost <= TOUCH) return { x, y, w: item.w, h: item.h, free };
    if (!best || cost < best.cost) best = { x, y, w: item.w, h: item.h, free, cost };
  }
  const { cost, ...place } = best;
  return place;
}

function* candidates(item) {
  if (item.wanted) yield item.wanted;
  const line = flatten(item.points);
  for (const share of PLACES) {
    const [x, y] = along(line, share);
    if (item.beside === null) {
      yield [x, y];
      continue;
    }
    const [dx, dy] = aside(item, line, share);
    yield [x + dx, y + dy];
    yield [x - dx, y - dy];
  }
}

/** How far from its line the middle of a label stands, square to the line: as far as the label needs. */
function aside({ w, h, beside }, line, share) {
  const [from, to] = [along(line, share - 0.02), along(line, share + 0.02)];
  const long = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [x, y] = [(to[1] - from[1]) / long, (from[0] - to[0]) / long];
  const far = beside + APART + (Math.abs(x) * w + Math.abs(y) * h) / 2;
  return x < 0 ? [-x * far, -y * far] : [x * far, y * far]; // to the right first
}
