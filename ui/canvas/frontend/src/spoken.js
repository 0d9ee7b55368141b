// What the page says to who hears it, where Streamlit knows English alone: its language, and the names of its own parts.

const ICONS = 'span[role="img"][translate="no"]'; // a letter font: the text is the name of the picture

export class Spoken {
  constructor() {
    this.watch = new MutationObserver(() => {
      this.soon ??= requestAnimationFrame(() => this.say()); // once for all that changes until the page is painted
    });
    const attributeFilter = ['aria-label', 'placeholder'];
    this.watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter });
  }

  /** @param {object} scene {language, names: [[selector, attribute, text]], icons: {name of the icon: text}} */
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
  }

  end() {
    cancelAnimationFrame(this.soon);
    this.watch.disconnect();
  }
}

function write(element, attribute, text) {
  if (element.getAttribute(attribute) !== text) element.setAttribute(attribute, text);
}
