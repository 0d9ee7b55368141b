// Which line a label is next to: the lines of a graph as points on a grid, so that only those around are looked at.

import { along, flatten } from './geometry.js';

const CELL = 48; // pixels; lines farther away than that from a label do not matter
const STEP = 4; // pixels between two points of a line

export class Nearness {
  /** @param {Array} lines [{id, points, half: of the width that is drawn}] */
  constructor(lines) {
    this.cells = new Map();
    for (const { id, points, half } of lines) {
      const line = flatten(points);
      const count = Math.max(1, Math.ceil(line.total / STEP));
      for (let i = 0; i <= count; i++) this.put(id, along(line, i / count), half);
    }
  }

  put(id, [x, y], half) {
    const key = `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
    if (!this.cells.has(key)) this.cells.set(key, []);
    this.cells.get(key).push({ id, x, y, half });
  }

  /**
   * How far a box is from its own line and from the nearest other one: {own, other}, never more than a cell. Where
   * another line runs through the box, it is not asked how far the rest is.
   */
  gaps(box, id) {
    const gaps = { own: CELL, other: CELL };
    for (const key of around(box)) {
      for (const point of this.cells.get(key) ?? []) {
        const whose = point.id === id ? 'own' : 'other';
        gaps[whose] = Math.min(gaps[whose], away(box, point) - point.half);
        if (gaps.other <= 0) return gaps;
      }
    }
    return gaps;
  }
}

/** The cells that a box touches, then those beside them. */
function around({ x0, y0, x1, y1 }) {
  const [left, top, right, bottom] = [x0, y0, x1, y1].map((at) => Math.floor(at / CELL));
  const [inside, beside] = [[], []];
  for (let column = left - 1; column <= right + 1; column++) {
    for (let row = top - 1; row <= bottom + 1; row++) {
      const touched = column >= left && column <= right && row >= top && row <= bottom;
      (touched ? inside : beside).push(`${column} ${row}`);
    }
  }
  return [...inside, ...beside];
}

const away = (box, { x, y }) =>
  Math.hypot(Math.max(0, box.x0 - x, x - box.x1), Math.max(0, box.y0 - y, y - box.y1));
