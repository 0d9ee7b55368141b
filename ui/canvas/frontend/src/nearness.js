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

  /** How far a box is from its own line and from the nearest other one: {own, other}, never more than a cell. */
  gaps(box, id) {
    const gaps = { own: CELL, other: CELL };
    for (let column = Math.floor(box.x0 / CELL) - 1; column <= Math.floor(box.x1 / CELL) + 1; column++) {
      for (let row = Math.floor(box.y0 / CELL) - 1; row <= Math.floor(box.y1 / CELL) + 1; row++) {
        for (const point of this.cells.get(`${column} ${row}`) ?? []) {
          const whose = point.id === id ? 'own' : 'other';
          gaps[whose] = Math.min(gaps[whose], away(box, point) - point.half);
        }
      }
    }
    return gaps;
  }
}

const away = (box, { x, y }) =>
  Math.hypot(Math.max(0, box.x0 - x, x - box.x1), Math.max(0, box.y0 - y, y - box.y1));
