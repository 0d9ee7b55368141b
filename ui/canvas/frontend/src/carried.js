// While the view moves, the picture that is there is carried as a whole, on a layer of its own: no letter is set and no
// line drawn anew. It is drawn anew where it comes to rest, and before it gets coarse or what was left out comes near.

import { AROUND, grown, onSheet, within } from './distance.js';

const COARSE = 2; // times larger than it was drawn

export class Carried {
  /** @param {Function} draw draws the picture for a view {x, y, k} and the room it is seen in */
  constructor(element, draw) {
    this.element = element;
    this.draw = draw;
  }

  /** Bring the picture to where the reader looks. */
  to(view, room) {
    this.wanted = { view, room };
    if (!this.drawn || !near(view, this.drawn, room)) {
      this.drawAnew();
      return;
    }
    const k = view.k / this.drawn.k;
    this.element.classList.add('carried');
    this.element.style.transform = `translate(${view.x - this.drawn.x * k}px,${view.y - this.drawn.y * k}px) scale(${k})`;
  }

  /** Draw it for the view it has come to. */
  rest() {
    if (!this.element.classList.contains('carried')) return;
    this.drawAnew();
    this.element.classList.remove('carried');
  }

  drawAnew() {
    const { view, room } = this.wanted;
    this.element.style.removeProperty('transform');
    this.drawn = view;
    this.draw(view, room);
  }
}

/** Whether a picture drawn for one view is still good for another. */
export const near = (view, drawn, room) =>
  view.k < COARSE * drawn.k && within(onSheet(view, room), grown(onSheet(drawn, room), AROUND));
