// The tooltip: beside what it tells about, and always within the part of the map that is on the screen.

import { html } from './dom.js';

const APART = { x: 14, y: 12 };
const EDGE = 4; // pixels that stay free at the edge of what is seen

export class Tip {
  constructor(map) {
    this.map = map;
    this.element = html('div', { class: 'tip', 'aria-hidden': 'true' }, map.root);
  }

  /** Show lines beside a box on the screen; nothing without lines. */
  show(lines, at) {
    this.element.replaceChildren();
    (lines ?? []).forEach((line, i) => html('div', { class: i ? '' : 'first' }, this.element, line));
    this.element.classList.toggle('on', Boolean(lines));
    this.move(at);
  }

  move(at) {
    if (!this.element.classList.contains('on')) return;
    const corner = this.map.root.getBoundingClientRect();
    const size = { w: this.element.offsetWidth, h: this.element.offsetHeight };
    const { x, y } = placeTip(at, size, seen(this.map.room()));
    this.element.style.transform = `translate(${x - corner.left}px,${y - corner.top}px)`;
  }

  hide() {
    this.element.classList.remove('on');
  }
}

/** The part of a box that is in the window. */
const seen = ({ left, right, top, bottom }) => ({
  left: Math.max(0, left),
  right: Math.min(innerWidth, right),
  top: Math.max(0, top),
  bottom: Math.min(innerHeight, bottom),
});

/** Where a tooltip goes: to the right and under, on the other side where there is no room, never out of the frame. */
export function placeTip(at, { w, h }, frame) {
  const axis = (low, high, size, apart, from, to) => {
    const after = high + apart;
    const wanted = after + size <= to - EDGE ? after : low - apart - size;
    return Math.max(from + EDGE, Math.min(to - EDGE - size, wanted));
  };
  return {
    x: axis(at.left, at.right, w, APART.x, frame.left, frame.right),
    y: axis(at.top, at.bottom, h, APART.y, frame.top, frame.bottom),
  };
}

/** The box that a pointer is. */
export const pointAt = ({ clientX: x, clientY: y }) => ({ left: x, right: x, top: y, bottom: y });
