// Far from the screen a step is its box alone, and a link its line: a browser lays out all letters anew whenever the
// zoom changes, those that nobody sees too. Boxes and lines stay, so that the keyboard reaches them.

import { box } from './geometry.js';

export const AROUND = 0.5; // of the room, on every side: so much is whole before it comes into sight

export class Distance {
  constructor(map) {
    this.map = map;
    this.things = [];
  }

  show(scene, layout) {
    this.things = scene.kind === 'discovered' ? thingsOf(this.map.groups, layout) : [];
  }

  /** Keep whole what is on the screen or beside it. */
  follow(view, room) {
    const whole = grown(onSheet(view, room), AROUND);
    for (const { element, place } of this.things) element.classList.toggle('far', !touch(place, whole));
  }
}

function thingsOf({ steps, labels }, layout) {
  const at = ({ x, y, w, h }) => box(x, y, w, h);
  return [
    ...[...steps.children].map((element) => ({ element, place: at(layout.nodes.get(element.dataset.id)) })),
    ...[...labels.children].map((element) => ({ element, place: at(layout.edges.get(element.dataset.id).label) })),
  ];
}

/** The part of the sheet that is on the screen. */
export const onSheet = ({ x, y, k }, { width, height }) => ({
  x0: -x / k,
  y0: -y / k,
  x1: (width - x) / k,
  y1: (height - y) / k,
});

/** A box larger by a share of its size on every side. */
export const grown = ({ x0, y0, x1, y1 }, share) => {
  const [dx, dy] = [(x1 - x0) * share, (y1 - y0) * share];
  return { x0: x0 - dx, y0: y0 - dy, x1: x1 + dx, y1: y1 + dy };
};

export const within = (a, b) => a.x0 >= b.x0 && a.y0 >= b.y0 && a.x1 <= b.x1 && a.y1 <= b.y1;

export const touch = (a, b) => a.x0 <= b.x1 && a.x1 >= b.x0 && a.y0 <= b.y1 && a.y1 >= b.y0;
