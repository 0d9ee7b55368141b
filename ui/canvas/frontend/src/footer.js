// The foot of the map: what the marks mean, how much is shown, and the tools.

import { html, icon, svg } from './dom.js';
import { saveAs } from './export.js';
import { GLYPHS, MARKS, TOOLS, face } from './icons.js';
import { kindOf } from './pointing.js';

const DASHED = { planned: '5 4', skip: '9 4', out_of_order: '12 3 2 3', unplanned: '2 3.5', less: '10 4', accepted: '9 4' };
// Marks of cards that no link has.
const { extra, failed, late, wrong_channel, wrong_persona, questions, unmeasured, silent, milestone } = MARKS;
const DEVIATIONS = { extra, failed, late, wrong_channel, wrong_persona, rarer: MARKS.more };
const MARK_GLYPHS = { ...DEVIATIONS, questions, unmeasured, silent, milestone };

export const COVERAGE = 'links';

export class Footer {
  constructor(map) {
    this.map = map;
    this.foot = html('div', { class: 'foot' }, map.root);
    this.coverage = html('span', { class: 'coverage' }, this.foot);
    this.key = html('button', { type: 'button', class: 'key', 'aria-expanded': false }, this.foot);
    this.key.addEventListener('click', () => this.unfold(!this.foot.classList.contains('open')));
    this.legend = html('ul', { class: 'legend' }, this.foot);
    this.player = html('div', { class: 'player', role: 'group' }, this.foot);
    this.tools = html('div', { class: 'tools', role: 'toolbar' }, this.foot);
  }

  show(scene) {
    const { words } = scene;
    this.legend.replaceChildren();
    this.legend.setAttribute('aria-label', words.legend);
    for (const entry of scene.legend) this.entry(entry);
    this.cover(scene.coverage);
    this.key.textContent = words.legend;
    this.fold();
    this.tools.replaceChildren();
    this.tools.setAttribute('aria-label', words.tools);
    const { map } = this;
    this.group([
      [words.zoom_in, icon(TOOLS.zoom_in), () => map.zoomBy(1.3)],
      [words.zoom_out, icon(TOOLS.zoom_out), () => map.zoomBy(1 / 1.3)],
      [words.fit, icon(TOOLS.fit), () => map.fit()],
    ]);
    map.screen.button(this.tools, words);
    this.group([
      [words.png, 'PNG', () => saveAs(map, 'png')],
      [words.svg, 'SVG', () => saveAs(map, 'svg')],
    ]);
  }

  /** Say how much is shown; where there is more to say, a click or Enter opens it. */
  cover(coverage) {
    this.coverage.replaceChildren();
    if (!coverage) return;
    const { text, tip = [], door } = coverage;
    const look = { type: 'button', 'aria-pressed': false, 'aria-label': [text, ...tip].join(', ') };
    const face = door ? html('button', look, this.coverage) : this.coverage;
    face.title = tip.join('\n');
    face.append(text);
    if (door) face.addEventListener('click', () => this.map.pointing.choose({ type: 'coverage', id: COVERAGE }));
  }

  press(chosen) {
    this.coverage.querySelector('button')?.setAttribute('aria-pressed', chosen);
  }

  /** As many entries as fit on the line in whole; the button opens all of them over the map. */
  fold() {
    const { foot, legend } = this;
    const open = foot.classList.contains('open');
    let full = false;
    for (const item of legend.children) item.hidden = false;
    const ends = [...legend.children].map((item) => item.offsetLeft + item.offsetWidth);
    for (const [i, item] of [...legend.children].entries()) {
      full ||= !open && ends[i] > legend.clientWidth;
      item.hidden = full;
    }
  }

  unfold(open) {
    this.foot.classList.toggle('open', open);
    this.key.setAttribute('aria-expanded', open);
    this.fold();
  }

  group(buttons) {
    const group = html('div', { class: 'group' }, this.tools);
    for (const [label, face_, act] of buttons) {
      const button = html('button', { type: 'button', title: label, 'aria-label': label }, group);
      button.append(face_);
      button.addEventListener('click', act);
    }
  }

  entry({ key, text, tip }) {
    const item = html('li', { title: tip?.join('\n') }, this.legend);
    const links = this.map.scene.edges.some((e) => kindOf(e) === key);
    const face = links ? html('button', { type: 'button', 'aria-pressed': false }, item) : item;
    face.append(sample(key));
    html('span', {}, face, text);
    if (links) face.addEventListener('click', () => this.only(key, face));
  }

  /** Leave only links of one kind in full ink; once more brings the others back. */
  only(key, button) {
    const on = button.getAttribute('aria-pressed') !== 'true';
    for (const other of this.legend.querySelectorAll('button'))
      other.setAttribute('aria-pressed', on && other === button);
    this.map.pointing.keep(on ? key : null);
  }

  say(text) {
    this.legend.replaceChildren();
    html('li', { class: 'failed', role: 'alert' }, this.legend, text);
    this.fold();
  }
}

/** A small drawing of what the entry is about. */
function sample(key) {
  const drawn = svg('svg', { viewBox: '0 0 30 12', class: `sample ${key} k-${key}`, 'aria-hidden': 'true' });
  const draw = DRAWN[key] ?? (MARK_GLYPHS[key] ? mark : arrowSample);
  draw(drawn, key);
  return drawn;
}

const lines = (drawn) => {
  svg('path', { class: 'thin', d: 'M0 2.5H30' }, drawn);
  svg('path', { class: 'thick', d: 'M0 8.5H30' }, drawn);
};
const pill = (drawn) => {
  svg('rect', { class: 'pill', x: 2, width: 26, height: 12, rx: 6 }, drawn);
  svg('path', { class: 'fill', d: 'M11 3.5h8l-4 6z' }, drawn);
};
const mark = (drawn, key) =>
  svg('path', { class: 'sign', d: MARK_GLYPHS[key], transform: 'translate(10,1)' }, drawn);
const DRAWN = {
  width: lines,
  wait: lines,
  left: pill,
  left_most: pill,
  bar(drawn) {
    svg('rect', { class: 'track', width: 30, height: 12, rx: 3 }, drawn);
    svg('rect', { class: 'fill', y: 8.5, width: 19, height: 3.5 }, drawn);
  },
  often: (drawn) => svg('rect', { class: 'frame', x: 1, y: 0.5, width: 28, height: 11, rx: 3 }, drawn),
  feeling: (drawn) => svg('path', { class: 'sign', d: face(0.8), transform: 'translate(15,6)' }, drawn),
};

function arrowSample(drawn, key) {
  const glyph = GLYPHS[key];
  svg('path', { class: `line s-${key}`, d: 'M0 6H23', 'stroke-dasharray': DASHED[key] }, drawn);
  if (key !== 'planned') svg('path', { class: `head s-${key}`, d: 'M30 6l-8-4.5v9z' }, drawn);
  if (!glyph) return;
  drawn.setAttribute('viewBox', '0 0 44 12');
  drawn.classList.add('wide');
  svg('path', { class: `sign s-${key}`, d: glyph, transform: 'translate(34,1)' }, drawn);
}
