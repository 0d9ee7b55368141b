// Where the keyboard is on the page: what opens takes it, and what a rerun takes away hands it on.

const STOPS = 'a[href],button,input,textarea,select,summary,[tabindex="0"]';
const OPENED = '[data-testid="stPopoverBody"]'; // drawn at the end of the page, far from its button
const OPENER = '[aria-haspopup="dialog"][aria-expanded="true"]:focus-visible';
const SOON_MS = 150; // who has taken it away may put it back, as a dialog does

export class Keyboard {
  constructor() {
    this.noted = ({ target }) => this.note(target);
    document.addEventListener('focusin', this.noted);
  }

  note(target) {
    this.at = target.matches(':focus-visible') ? target : null;
    this.stops = this.at ? [...document.querySelectorAll(STOPS)] : [];
  }

  /** After the page has changed. */
  follow() {
    this.enter(document.querySelector(OPENED)?.querySelector(STOPS));
    if (this.at && !stands(this.at)) this.later ??= setTimeout(() => this.handOn(), SOON_MS);
  }

  /** To the first stop of what has opened, once, as soon as it is in its place. */
  enter(first) {
    if (!first) this.entered = false;
    else if (!this.entered && document.activeElement.matches(OPENER)) {
      first.focus({ preventScroll: true });
      this.entered = document.activeElement === first;
      if (!this.entered) setTimeout(() => this.follow(), SOON_MS);
    }
  }

  /** To the next stop that is still there, else to the one before. */
  handOn() {
    this.later = null;
    if (document.activeElement !== document.body) return;
    const place = this.stops.indexOf(this.at);
    const after = this.stops.slice(place + 1).find(stands);
    (after ?? this.stops.slice(0, place).reverse().find(stands))?.focus();
  }

  end() {
    clearTimeout(this.later);
    document.removeEventListener('focusin', this.noted);
  }
}

const stands = (element) =>
  element.isConnected && !element.disabled && element.checkVisibility({ visibilityProperty: true });
