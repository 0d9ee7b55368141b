// The whole screen for the map and the panel beside it; the browser's own Escape leaves it.

import { html, icon } from './dom.js';
import { TOOLS } from './icons.js';

export class Screen {
  constructor(map) {
    this.map = map;
    this.on = false;
    this.listen = () => this.changed();
    document.addEventListener('fullscreenchange', this.listen);
  }

  /** A button for it, where the page may fill the screen. */
  button(tools, words) {
    if (!document.fullscreenEnabled) return;
    this.words = words;
    this.door = html('button', { type: 'button' }, html('div', { class: 'group' }, tools));
    this.door.addEventListener('click', () => this.turn());
    this.face();
  }

  // The browser enlarges the page, not the map: menus, tips and dialogs of the page open above the map.
  turn() {
    if (this.on) return document.exitFullscreen();
    this.asked = true;
    return document.documentElement.requestFullscreen();
  }

  face() {
    const label = this.on ? this.words.shrink : this.words.enlarge;
    this.door.replaceChildren(icon(this.on ? TOOLS.shrink : TOOLS.enlarge));
    this.door.setAttribute('aria-label', label);
    this.door.title = label;
  }

  /** What fills the page: the row of the map and its panel; without one the map alone. */
  place() {
    const { root, row } = this.map;
    return (row && root.getRootNode().host?.closest(`.st-key-${CSS.escape(row)}`)) || root;
  }

  /** Another room is looked into as if for the first time. */
  changed() {
    const on = Boolean(this.asked && document.fullscreenElement);
    if (on === this.on) return;
    this.on = this.asked = on;
    this.fill(on);
    this.face();
    this.map.moved = false;
    this.map.fitAgain();
  }

  fill(on) {
    const place = this.place();
    place.toggleAttribute('data-filling', on);
    if (place !== this.map.root) place.style.backgroundColor = on ? getComputedStyle(this.map.root).backgroundColor : '';
    this.map.root.toggleAttribute('data-full', on);
  }

  end() {
    document.removeEventListener('fullscreenchange', this.listen);
    if (!this.on) return;
    this.fill(false);
    document.exitFullscreen();
  }
}
