// On paper there is nothing to pan: the whole sheet is scaled to the page, and the view comes back afterwards.

export class Printed {
  constructor(map) {
    this.map = map;
    this.on = false;
    this.before = () => this.whole();
    this.after = () => this.back();
    addEventListener('beforeprint', this.before);
    addEventListener('afterprint', this.after);
  }

  whole() {
    const { layout, view, svg } = this.map;
    if (!layout) return;
    this.on = true;
    svg.setAttribute('viewBox', `-8 -8 ${layout.width + 16} ${layout.height + 16}`);
    svg.classList.add('whole');
    view.removeAttribute('transform');
  }

  back() {
    this.on = false;
    const { transform, view, svg } = this.map;
    svg.removeAttribute('viewBox');
    svg.classList.remove('whole');
    if (transform) view.setAttribute('transform', transform);
  }

  end() {
    removeEventListener('beforeprint', this.before);
    removeEventListener('afterprint', this.after);
  }
}
