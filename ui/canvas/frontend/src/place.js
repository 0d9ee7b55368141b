// Where the map stands on the page: it takes what is left of the window below its top, and the panel beside it as much.

const SOON_MS = 150;

export class Place {
  constructor(map) {
    this.map = map;
    this.watch = new ResizeObserver(() => this.measure());
    const page = map.root.getRootNode().host?.closest('[data-testid="stMainBlockContainer"]');
    if (page) this.watch.observe(page); // what stands above may come and go
    this.watch.observe(map.root);
    this.listen = () => this.later();
    addEventListener('resize', this.listen);
  }

  measure() {
    const { root, screen } = this.map;
    if (!root.offsetWidth || screen.on) return;
    root.style.setProperty('--top', `${topOf(root)}px`);
    const row = screen.place();
    if (row !== root) row.style.setProperty('--map-height', `${root.offsetHeight}px`);
  }

  /** Another window: columns are stretched anew, once it has its size. */
  later() {
    this.measure();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.map.stretch(), SOON_MS);
  }

  end() {
    this.watch.disconnect();
    removeEventListener('resize', this.listen);
    clearTimeout(this.timer);
  }
}

/** How far below the top of the page something begins, however far the page is scrolled. */
function topOf(element) {
  const page = document.querySelector('[data-testid="stMain"]') ?? document.scrollingElement;
  return Math.round(element.getBoundingClientRect().top + page.scrollTop);
}
