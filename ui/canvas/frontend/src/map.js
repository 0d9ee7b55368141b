// The map: keeps what is drawn in step with the scene, and the reader's view where it was.

import { select } from 'd3-selection';
import { zoom, zoomIdentity } from 'd3-zoom';
import { drawCards } from './draw_cards.js';
import { drawChips, drawLabels, drawLinks } from './draw_links.js';
import { drawBands, drawHeaders } from './draw_stages.js';
import { drawSteps } from './draw_steps.js';
import { fill, html, svg } from './dom.js';
import { Footer } from './footer.js';
import { layout } from './layout.js';
import { Minimap, namesFromAfar } from './overview.js';
import { Pointing } from './pointing.js';
import { Replay } from './replay.js';
import { Printed } from './printed.js';
import { measurer } from './text.js';
import { SUPERSEDED, Thinker } from './thinker.js';
import { keepView, openingView, wholeView } from './view.js';
import STYLE from './style.css';

const MOVE_MS = 250;
const SMALL = 0.62; // zoom below which labels would be too small to read
const TINY = 0.45; // zoom below which boxes go bare

export class JourneyMap {
  constructor(host) {
    html('style', {}, host, STYLE);
    this.root = html('div', { class: 'canvas' }, host);
    this.sheet = html('div', { class: 'sheet' }, this.root);
    this.svg = svg('svg', { class: 'map', role: 'group' }, this.sheet);
    this.view = svg('g', {}, this.svg);
    this.thinker = new Thinker();
    this.open = new Set();
    this.pointing = new Pointing(this);
    this.minimap = new Minimap(this);
    this.footer = new Footer(this);
    this.replay = new Replay(this);
    this.onSelect = () => {};
    this.wireZoom();
    this.printed = new Printed(this);
    this.resized = new ResizeObserver(() => this.fitAgain());
    this.resized.observe(this.sheet);
  }

  wireZoom() {
    // The wheel belongs to the page until the reader has clicked into the map; with Ctrl it is always ours.
    const ours = (event) => !event.button && (event.type !== 'wheel' || event.ctrlKey || event.metaKey || this.entered);
    this.zoom = zoom().scaleExtent([0.08, 4]).filter(ours).on('zoom', (event) => this.zoomed(event));
    select(this.svg).call(this.zoom).on('dblclick.zoom', null);
    this.svg.addEventListener('pointerdown', () => { this.entered = true; });
    this.svg.addEventListener('pointerleave', () => { this.entered = false; });
  }

  zoomed({ transform, sourceEvent }) {
    this.transform = transform;
    if (sourceEvent) this.moved = true;
    if (!this.printed.on) this.view.setAttribute('transform', transform);
    const { k } = transform;
    const bare = k < TINY && this.scene?.kind === 'discovered';
    this.root.style.setProperty('--k', k);
    this.svg.classList.toggle('small', k < SMALL);
    this.svg.classList.toggle('tiny', bare);
    if (this.groups) namesFromAfar(this.groups.names, bare ? this.scene : null, this.layout, k, this.measure);
    this.minimap.follow();
    this.replay.paint();
  }

  /** Show what Python sent: {scene, height, selected}. */
  async update({ scene, height, selected }) {
    this.root.style.setProperty('--height', `${height}px`);
    this.root.dataset.dark = isDark(this.root) ? '1' : '0';
    const same = JSON.stringify(scene);
    if (same !== this.drawn) await this.show(scene);
    this.drawn = same;
    if (selected !== undefined) this.pointing.mark(selected);
    this.root.dataset.ready = '1';
  }

  async show(scene) {
    if (scene.title !== this.scene?.title) this.open.clear();
    await document.fonts?.ready;
    const started = performance.now();
    this.measure ??= measurer(getComputedStyle(this.root).fontFamily);
    const tools = { measure: this.measure, layered: (graph) => this.thinker.layered(graph), open: this.open };
    const found = await layout(scene, tools);
    const before = this.layout && this.scene.kind === scene.kind ? this.layout : null;
    Object.assign(this, { scene, layout: found });
    this.root.dataset.layoutMs = Math.round(performance.now() - started);
    this.draw(before);
  }

  draw(before) {
    const { scene, layout: found, measure } = this;
    const { words } = scene;
    this.svg.setAttribute('aria-label', `${scene.title}. ${words.keys}`);
    this.root.dataset.measure = scene.measure;
    this.root.dataset.kind = scene.kind;
    this.view.replaceChildren();
    const group = (name, label) => svg('g', { class: name, ...(label ? { role: 'group', 'aria-label': label } : {}) }, this.view);
    this.groups = {
      bands: group('bands'), heads: group('heads', words.stages), links: group('links', words.links),
      labels: group('labels'), steps: group('steps', words.steps), chips: group('chips'), names: group('names'),
    };
    for (const quiet of ['bands', 'labels', 'names']) this.groups[quiet].setAttribute('aria-hidden', 'true');
    if (found.stages) {
      drawBands(this.groups.bands, scene, found, words);
      drawHeaders(this.groups.heads, scene, found, measure);
      drawCards(this.groups.steps, scene, found, measure);
      drawChips(this.groups.chips, found, (chip) => (chip.open ? words.fewer : fill(words.more, { n: chip.n })), measure);
    } else {
      drawSteps(this.groups.steps, scene, found);
    }
    drawLinks(this.groups.links, scene, found);
    drawLabels(this.groups.labels, scene, found);
    for (const part of [this.minimap, this.footer, this.replay, this.pointing]) part.show(scene, found);
    this.settle(before);
  }

  /** A first scene opens readable; a changed one keeps the view, and its steps glide to their new places. */
  settle(before) {
    if (!before) {
      this.moved = false;
      this.goTo(openingView(this.scene, this.layout, this.room()));
      return;
    }
    this.goTo(this.moved ? keepView(before, this.layout, this.transform, this.room()) : openingView(this.scene, this.layout, this.room()));
    if (this.still()) return;
    for (const step of this.groups.steps.children) {
      const id = step.dataset.of ?? step.dataset.id;
      const [from, to] = [before.nodes.get(id), this.layout.nodes.get(id)];
      const place = (n) => ({ transform: `translate(${n.x - to.w / 2}px,${n.y - to.h / 2}px)` });
      step.animate(from ? [place(from), place(to)] : [{ opacity: 0 }, { opacity: 1 }], { duration: MOVE_MS, easing: 'ease-in-out' });
    }
    for (const name of ['links', 'labels']) {
      this.groups[name].animate([{ opacity: 0 }, { opacity: 0, offset: 0.6 }, { opacity: 1 }], { duration: MOVE_MS * 1.4 });
    }
  }

  toggleGutter(id) {
    if (!this.open.delete(id)) this.open.add(id);
    return this.show(this.scene);
  }

  room() {
    return this.sheet.getBoundingClientRect();
  }

  still() {
    return matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  goTo({ x, y, k }) {
    select(this.svg).call(this.zoom.transform, zoomIdentity.translate(x, y).scale(k));
  }

  zoomBy(factor) {
    this.moved = true;
    select(this.svg).call(this.zoom.scaleBy, factor);
  }

  fit() {
    this.moved = true;
    this.goTo(wholeView(this.layout, this.room()));
  }

  fitAgain() {
    if (this.layout && !this.moved) this.goTo(openingView(this.scene, this.layout, this.room()));
    this.replay.resize();
  }

  fail(problem) {
    if (problem === SUPERSEDED) return;
    this.footer.say(this.scene?.words.failed ?? '');
    throw problem;
  }

  end() {
    this.resized.disconnect();
    this.printed.end();
    this.replay.end();
    this.thinker.end();
    this.root.remove();
  }
}

function isDark(element) {
  const [r, g, b] = getComputedStyle(element).backgroundColor.match(/[\d.]+/g).map(Number);
  return r * 0.299 + g * 0.587 + b * 0.114 < 128;
}
