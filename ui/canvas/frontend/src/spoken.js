// What the page says to who hears it, where Streamlit knows English alone or says nothing: its language, the names of
// its own parts, the order of its headings, and its tooltips.

import { html } from './dom.js';
import { Keyboard } from './keyboard.js';

const ICONS = 'span[role="img"][translate="no"]'; // a letter font: the text is the name of the picture
const HEADINGS = '[data-testid="stMain"] :is(h1,h2,h3,h4,h5,h6)';
const TIP = '[data-testid="stTooltipContent"]';
const UNSEEN = 'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)';

export class Spoken {
  constructor(host) {
    this.told = html('div', { role: 'status', style: UNSEEN }, host);
    this.keyboard = new Keyboard();
    this.watch = new MutationObserver(() => {
      this.soon ??= requestAnimationFrame(() => this.say()); // once for all that changes until the page is painted
    });
    const attributeFilter = ['aria-label', 'placeholder'];
    this.watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter });
  }

  /** @param {object} scene {language, names: [[selector, attribute, text or null]], icons: {name of the icon: text}} */
  update(scene) {
    this.scene = scene;
    document.documentElement.lang = scene.language;
    this.say();
  }

  say() {
    this.soon = null;
    for (const [selector, attribute, text] of this.scene.names)
      for (const element of document.querySelectorAll(selector)) write(element, attribute, text);
    for (const icon of document.querySelectorAll(ICONS)) {
      const text = this.scene.icons[icon.textContent];
      if (text) write(icon, 'aria-label', text);
      else write(icon, 'aria-hidden', 'true'); // it stands beside its word
    }
    this.outline();
    this.tell();
    this.keyboard.follow();
  }

  /** Headings are as large as they look best: to the ear none is left out between one and those within it. */
  outline() {
    const above = [];
    for (const heading of document.querySelectorAll(HEADINGS)) {
      const size = Number(heading.localName[1]);
      while (above.at(-1) >= size) above.pop();
      above.push(size);
      write(heading, 'aria-level', String(above.length));
    }
  }

  /** A tooltip that the keyboard has opened is said. */
  tell() {
    const tip = document.activeElement.matches(':focus-visible') ? document.querySelector(TIP) : null;
    const text = tip?.textContent ?? '';
    if (this.told.textContent !== text) this.told.textContent = text;
  }

  end() {
    cancelAnimationFrame(this.soon);
    this.watch.disconnect();
    this.keyboard.end();
    this.told.remove();
  }
}

function write(element, attribute, text) {
  if (text === null) element.removeAttribute(attribute);
  else if (element.getAttribute(attribute) !== text) element.setAttribute(attribute, text);
}
