// The whole screen for the map; the browser's own Escape leaves it.

import { html, icon } from './dom.js';
import { TOOLS } from './icons.js';

export class Screen {
  constructor(map) {
    this.map = map;
    map.root.addEventListener('fullscreenchange', () => this.changed());
  }

  /** A button for it, where the page may fill the screen. */
  button(tools, words) {
    if (!document.fullscreenEnabled) return;
    this.words = words;
    this.door = html('button', { type: 'button' }, html('div', { class: 'group' }, tools));
    this.door.addEventListener('click', () => this.turn());
    this.face();
  }

  get on() {
    return this.map.root.matches(':fullscreen');
  }

  turn() {
    return this.on ? document.exitFullscreen() : this.map.root.requestFullscreen();
  }

  face() {
    const label = this.on ? this.words.shrink : this.words.enlarge;
    this.door.replaceChildren(icon(this.on ? TOOLS.shrink : TOOLS.enlarge));
    this.door.setAttribute('aria-label', label);
    this.door.title = label;
  }

  /** Another room is looked into as if for the first time. */
  changed() {
    this.face();
    this.map.moved = false;
    this.map.fitAgain();
  }
}
