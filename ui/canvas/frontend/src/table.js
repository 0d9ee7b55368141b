// A table: sorted by its headings, a row chosen by a click or a key. Long ones draw only the rows that are seen.

import { csv, ranked, tracks } from './columns.js';
import { html, icon } from './dom.js';
import { TOOLS } from './icons.js';
import style from './table.css';

const ROW_PX = { 1: 31, 2: 46 }; // by the lines that a text may take
const NOTHING = '–';
const AHEAD = 15; // rows drawn above and below those that are seen

export class Table {
  constructor(parent) {
    html('style', {}, parent, style);
    this.root = html('div', { class: 'table' }, parent);
    this.tip = html('div', { class: 'tip', popover: 'manual', 'aria-hidden': 'true' }, this.root);
    this.onChoose = () => {};
  }

  /** Draw what has changed; order and choice stay as long as the rows are the same. */
  update(scene) {
    const drawn = JSON.stringify(scene);
    if (drawn === this.drawn) return;
    const left = this.scene && scene.closed !== this.scene.closed ? this.chosen : null;
    if (scene.closed !== this.scene?.closed) this.chosen = null;
    if (scene.rows !== this.scene?.rows) Object.assign(this, { sorted: null, chosen: scene.n ? (scene.first ?? null) : null });
    Object.assign(this, { drawn, scene });
    this.draw();
    if (left !== null && left < scene.n) this.goTo(this.order.indexOf(left)); // the keyboard was in what was closed
  }

  draw() {
    const { scene, sorted } = this;
    this.px = ROW_PX[scene.lines ?? 1];
    this.order = ranked(scene.n, sorted && scene.columns[sorted.at], sorted?.down, scene.language);
    this.at = this.chosen ?? this.order[0];
    this.root.style.setProperty('--columns', tracks(scene.columns).join(' '));
    this.root.style.setProperty('--row', `${this.px}px`);
    this.root.classList.toggle('pick', scene.select);
    this.root.classList.toggle('tall', scene.lines > 1);
    const scrolls = scene.n > scene.seen;
    const frame = html('div', { class: 'frame', tabindex: scrolls && !scene.select ? 0 : null });
    const roles = { role: scene.select ? 'grid' : 'table', 'aria-label': scene.alt, 'aria-rowcount': scene.n + 1 };
    const table = html('table', roles, frame);
    this.heads(html('tr', { role: 'row' }, html('thead', { role: 'rowgroup' }, table)));
    this.body = html('tbody', { role: 'rowgroup' }, table);
    this.body.style.height = `${this.px * scene.n}px`;
    this.body.addEventListener('click', (event) => this.clicked(event));
    this.body.addEventListener('keydown', (event) => this.keyed(event));
    this.body.addEventListener('pointerover', (event) => whole(event.target.closest('td')));
    frame.addEventListener('scroll', () => this.rows());
    Object.assign(this, { frame, range: null });
    this.root.replaceChildren(this.tip, frame, ...(scene.n ? [this.file()] : []));
    this.rows();
    if (scrolls) this.fit(table.firstElementChild.offsetHeight);
  }

  /** As high as its head, whole rows, its border and the bar beneath it, if it has one. */
  fit(head) {
    const { frame, px, scene } = this;
    frame.style.setProperty('--head', `${head}px`);
    frame.style.maxHeight = `${head + px * scene.seen + frame.offsetHeight - frame.clientHeight}px`;
  }

  heads(row) {
    this.scene.columns.forEach((column, at) => {
      if (unsaid(column)) html('th', { class: looks(column), 'aria-hidden': true }, row);
      else this.head(row, column, at);
    });
  }

  head(row, column, at) {
    const { label, help } = column;
    const sorted = this.sorted?.at === at && (this.sorted.down ? 'descending' : 'ascending');
    const head = html('th', { role: 'columnheader', class: looks(column), 'aria-sort': sorted || 'none' }, row);
    const button = html('button', { type: 'button', class: help && 'told', 'aria-description': help }, head);
    const text = html('span', {}, button, label);
    const tell = () => this.tell(button, help ?? (cut(text) ? label : null));
    for (const near of ['pointerenter', 'focus']) button.addEventListener(near, tell);
    for (const away of ['pointerleave', 'blur']) button.addEventListener(away, () => this.tell(button, null));
    button.addEventListener('click', () => this.sort(at));
  }

  /** Show a text under a heading, above it where there is no room; nothing without a text. */
  tell(button, text) {
    if (this.tip.matches(':popover-open')) this.tip.hidePopover();
    if (!text) return;
    this.tip.textContent = text;
    this.tip.showPopover();
    const { left, top, bottom } = button.getBoundingClientRect();
    const { offsetWidth: w, offsetHeight: h } = this.tip;
    this.tip.style.left = `${Math.max(4, Math.min(left, innerWidth - w - 4))}px`;
    this.tip.style.top = `${bottom + 4 + h < innerHeight ? bottom + 4 : top - h - 4}px`;
  }

  /** Sort up, then down, then as given. */
  sort(at) {
    const again = this.sorted?.at === at;
    this.sorted = again && this.sorted.down ? null : { at, down: again };
    this.draw();
    this.root.querySelectorAll('th')[at].firstElementChild.focus();
  }

  /** Draw the rows that are seen, and some around them. */
  rows() {
    const { n, seen } = this.scene;
    const first = Math.max(0, Math.floor(this.frame.scrollTop / this.px) - AHEAD);
    if (this.range === first) return;
    this.range = first;
    const drawn = this.order.slice(first, Math.min(n, first + seen + 2 * AHEAD));
    this.body.replaceChildren(...drawn.map((row, i) => this.row(row, first + i)));
  }

  row(row, place) {
    const { columns, select } = this.scene;
    const tr = html('tr', { role: 'row', 'aria-rowindex': place + 2, 'data-row': row });
    tr.style.top = `${place * this.px}px`;
    if (select) this.mark(tr);
    for (const column of columns) {
      const said = unsaid(column) ? { 'aria-hidden': true } : { role: select ? 'gridcell' : 'cell' };
      write(html('td', { ...said, class: looks(column) }, tr), column, row);
    }
    return tr;
  }

  mark(tr) {
    const row = Number(tr.dataset.row);
    tr.setAttribute('aria-selected', row === this.chosen);
    tr.tabIndex = row === this.at ? 0 : -1;
  }

  clicked(event) {
    const row = event.target.closest('tr')?.dataset.row;
    const reads = !getSelection().isCollapsed; // a text is being marked, to be copied
    if (this.scene.select && row !== undefined && !reads) this.choose(Number(row));
  }

  choose(row) {
    const chosen = row === this.chosen && this.scene.first === null ? null : row;
    if (chosen !== this.chosen) this.onChoose({ row: chosen, rows: this.scene.rows, closed: this.scene.closed });
    Object.assign(this, { chosen, at: row });
    for (const tr of this.body.children) this.mark(tr);
  }

  keyed(event) {
    if (!this.scene.select || event.altKey || event.ctrlKey || event.metaKey) return;
    const { n, seen } = this.scene;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: seen, PageUp: -seen, Home: -n, End: n };
    const place = this.order.indexOf(this.at) + (steps[event.key] ?? 0);
    if (event.key in steps) this.goTo(Math.max(0, Math.min(n - 1, place)));
    else if (event.key === 'Enter' || event.key === ' ') this.choose(this.at);
    else if (event.key === 'Escape' && this.chosen !== null && this.scene.first === null) this.choose(this.chosen);
    else return;
    event.preventDefault();
  }

  /** Bring the row at a place into sight, and the keys to it. */
  goTo(place) {
    const { frame } = this;
    const [top, room] = [place * this.px, frame.clientHeight - frame.querySelector('thead').clientHeight];
    this.at = this.order[place];
    frame.scrollTop = Math.max(Math.min(frame.scrollTop, top), top + this.px - room);
    this.rows();
    for (const tr of this.body.children) this.mark(tr);
    this.body.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  /** Offer the table as a file, in the order in which it stands. */
  file() {
    const { download } = this.scene;
    const button = html('button', { type: 'button', class: 'file', title: download, 'aria-label': download });
    button.append(icon(TOOLS.download));
    button.addEventListener('click', () => {
      const href = URL.createObjectURL(new Blob(['\ufeff', csv(this.scene.columns, this.order)], { type: 'text/csv' }));
      html('a', { href, download: 'table.csv' }).click();
      URL.revokeObjectURL(href);
    });
    return button;
  }

  end() {
    this.root.remove();
  }
}

/** A bar without a heading draws the number beside it once more, for the eye alone. */
const unsaid = ({ kind, label }) => kind === 'bar' && !label;
const looks = ({ kind, pinned }) => (pinned ? `${kind} pinned` : kind);
const cut = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
  scrollWidth > clientWidth || scrollHeight > clientHeight + 2;

function write(td, column, row) {
  const { kind, texts, values, chips, empty } = column;
  if (kind === 'chips') for (const name of chips[row]) html('span', { class: 'chip' }, td, name);
  else if (kind !== 'bar') html('span', {}, td, texts[row] ?? empty ?? NOTHING);
  else if (values[row] !== null) {
    const said = { role: 'meter', 'aria-valuemin': 0, 'aria-valuemax': 1, 'aria-valuenow': values[row] };
    html('i', {}, html('div', { class: 'track', ...said, 'aria-label': column.label }, td)).style.width = `${100 * values[row]}%`;
  }
}

/** Let a cell that is cut say all of its text. */
function whole(td) {
  const text = td?.firstElementChild;
  if (text?.localName === 'span' && cut(text)) td.title = td.textContent;
}
