// The map: keeps what is drawn in step with the scene, and the reader's view where it was.

import { select } from 'd3-selection';
import 'd3-transition'; // gives selections their transitions
import { zoom, zoomIdentity } from 'd3-zoom';
import { Carried } from './carried.js';
import { drawCards } from './draw_cards.js';
import { drawChips, drawLabels, drawLinks } from './draw_links.js';
import { drawBands, drawHeaders } from './draw_stages.js';
import { drawSteps } from './draw_steps.js';
import { Distance } from './distance.js';
import { fill, html, svg } from './dom.js';
import { Footer } from './footer.js';
import { layout } from './layout.js';
import { Minimap, namesFromAfar } from './overview.js';
import { Place } from './place.js';
import { Pointing } from './pointing.js';
import { Replay } from './replay.js';
import { Screen } from './screen.js';
import { Printed } from './printed.js';
import { measurer } from './text.js';
import { SUPERSEDED, Thinker, prepare } from './thinker.js';
import { keepView, openingView, wholeView, rearranged, sameView } from './view.js';
import STYLE from './style.css';

const MOVE_MS = 250;
const SMALL = 0.62; // zoom below which labels would be too small to read
const TINY = 0.45; // zoom below which boxes go bare
const UNDISTURBED_MS = 1000; // before the page loads what other pages need
const COARSE = 1.6; // zoom between two widths of the thinnest line

export class JourneyMap {
  constructor(host) {
    html('style', {}, host, STYLE);
    this.root = html('div', { class: 'canvas' }, host);
    this.sheet = html('div', { class: 'sheet' }, this.root);
    this.pane = html('div', { class: 'pane' }, this.sheet);
    this.svg = svg('svg', { class: 'map', role: 'group' }, this.pane);
    this.view = svg('g', {}, this.svg);
    this.thinker = new Thinker();
    this.open = new Set();
    this.pointing = new Pointing(this);
    this.minimap = new Minimap(this);
    this.screen = new Screen(this);
    this.distance = new Distance(this);
    this.carried = new Carried(this.svg, (view, room) => this.look(view, room));
    this.footer = new Footer(this);
    this.replay = new Replay(this);
    this.onSelect = () => {};
    this.wireZoom();
    this.printed = new Printed(this);
    this.place = new Place(this);
    this.resized = new ResizeObserver(() => this.fitAgain());
    this.resized.observe(this.sheet);
  }

  wireZoom() {
    // The wheel belongs to the page until the reader has clicked into the map; with Ctrl it is always ours.
    const ours = (event) =>
      !event.button && (event.type !== 'wheel' || event.ctrlKey || event.metaKey || this.entered);
    this.zoom = zoom()
      .scaleExtent([0.08, 4])
      .extent(() => [
        [0, 0],
        [Math.max(1, this.room().width), Math.max(1, this.room().height)],
      ]) // also while the map is hidden; a way across no room at all would be no number
      .filter(ours)
      .on('zoom', (event) => this.zoomed(event))
      .on('end', () => this.rested());
    select(this.pane).call(this.zoom).on('dblclick.zoom', null);
    this.svg.addEventListener('pointerdown', () => {
      this.entered = true;
    });
    this.svg.addEventListener('pointerleave', () => {
      this.entered = false;
    });
  }

  zoomed({ transform, sourceEvent }) {
    this.transform = transform;
    if (sourceEvent) this.moved = true;
    const room = this.room();
    this.carried.to(transform, room);
    this.pointing.tip.hide(); // what it told about has moved
    this.minimap.follow(room);
    this.replay.paint();
  }

  rested() {
    this.carried.rest();
    this.minimap.stepAside();
  }

  /** Draw what is to be seen from a view. */
  look(view, room) {
    const { k } = view;
    if (!this.printed.on) this.view.setAttribute('transform', view);
    const bare = k < TINY && this.scene?.kind === 'discovered';
    this.svg.classList.toggle('small', k < SMALL);
    this.svg.classList.toggle('tiny', bare);
    if (bare) this.groups.links.style.setProperty('--thin', `${thinnest(k)}px`);
    if (this.groups) namesFromAfar(this.groups.names, bare ? this.scene : null, this.layout, k, this.measure);
    this.distance.follow(view, room);
  }

  /**
   * Show what Python sent; `closed` counts how often the panel beside was closed by its own button, `row` is the key of
   * what holds the map and that panel.
   */
  async update({ scene, height, closed, row }) {
    this.row = row;
    if (this.closed !== undefined && closed !== this.closed) this.pointing.giveUp();
    this.closed = closed;
    this.root.style.setProperty('--height', `${height}px`);
    this.place.measure();
    this.root.dataset.dark = isDark(this.root) ? '1' : '0';
    const same = JSON.stringify(scene);
    this.root.setAttribute('aria-busy', true);
    if (same !== this.drawn) await this.show(scene);
    this.root.removeAttribute('aria-busy');
    this.drawn = same;
    this.root.dataset.ready = '1';
    setTimeout(() => this.thinker.worker || prepare(), UNDISTURBED_MS);
  }

  async show(scene) {
    if (scene.title !== this.scene?.title) this.open.clear();
    await document.fonts?.ready;
    const started = performance.now();
    this.measure ??= measurer(getComputedStyle(this.root).fontFamily);
    const layered = (graph) => this.thinker.layered(graph);
    const tools = { measure: this.measure, layered, open: this.open, room: this.room() };
    this.turn = (this.turn ?? 0) + 1;
    const mine = this.turn;
    const found = await layout(scene, tools);
    if (mine !== this.turn) throw SUPERSEDED; // a newer scene came meanwhile
    const same = this.layout && this.scene.kind === scene.kind && this.scene.direction === scene.direction;
    const before = same ? this.layout : null;
    Object.assign(this, { scene, layout: found });
    this.root.dataset.layoutMs = Math.round(performance.now() - started);
    this.draw(before);
  }

  draw(before) {
    const { scene, layout: found, measure } = this;
    const { words } = scene;
    this.svg.setAttribute('aria-label', `${scene.title}. ${words.keys}`);
    this.root.dataset.measure = scene.measure;
    this.groups = this.sheets(words);
    const { bands, heads, steps, chips, links, labels } = this.groups;
    if (found.stages) {
      const say = (chip) => (chip.open ? words.fewer : fill(words.more, { n: chip.n }));
      drawBands(bands, scene, found, words);
      drawHeaders(heads, scene, found, measure);
      drawCards(steps, scene, found, measure);
      drawChips(chips, found, say, measure);
    } else {
      drawSteps(steps, scene, found);
    }
    drawLinks(links, scene, found);
    drawLabels(labels, scene, found);
    for (const part of [this.minimap, this.footer, this.replay, this.pointing, this.distance]) part.show(scene, found);
    this.settle(before);
  }

  /** Empty sheets, one over the other; those for the eye alone are hidden from screen readers. */
  sheets(words) {
    this.view.replaceChildren();
    const named = { heads: words.stages, links: words.links, steps: words.steps, chips: words.links };
    const sheet = (name) => {
      const attributes = named[name] ? { role: 'group', 'aria-label': named[name] } : { 'aria-hidden': true };
      return [name, svg('g', { class: name, ...attributes }, this.view)];
    };
    return Object.fromEntries(['bands', 'heads', 'links', 'labels', 'steps', 'chips', 'names'].map(sheet));
  }

  /** A first scene opens readable; a changed one keeps the view, and its steps glide to their new places. */
  settle(before) {
    if (!before) this.moved = false;
    const { id } = this.pointing.selected ?? {};
    const kept = this.moved ? keepView(before, this.layout, this.transform, this.room(), id) : null;
    this.goTo(kept ?? openingView(this.scene, this.layout, this.room()), Boolean(before));
    if (before && !this.still() && rearranged(before, this.layout)) this.glide(before);
  }

  glide(before) {
    const animate = (element, frames, duration) => element.animate(frames, { duration, easing: 'ease-in-out' });
    for (const step of this.groups.steps.children) {
      const id = step.dataset.of ?? step.dataset.id;
      const [from, to] = [before.nodes.get(id), this.layout.nodes.get(id)];
      const place = (n) => ({ transform: `translate(${n.x - to.w / 2}px,${n.y - to.h / 2}px)` });
      animate(step, from ? [place(from), place(to)] : [{ opacity: 0 }, { opacity: 1 }], MOVE_MS);
    }
    const late = [{ opacity: 0 }, { opacity: 0, offset: 0.6 }, { opacity: 1 }]; // links come when steps are there
    for (const name of ['links', 'labels']) animate(this.groups[name], late, MOVE_MS * 1.4);
  }

  /** Lay out a planned map for the window as it is now. */
  stretch() {
    if (!this.layout?.stages || !this.room().width) return;
    this.show(this.scene).catch((problem) => this.fail(problem, this.scene.words));
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

  goTo(view, smooth = false) {
    const { x, y, k } = view;
    this.drawing(smooth && !sameView(view, this.transform)).call(
      this.zoom.transform,
      zoomIdentity.translate(x, y).scale(k),
    );
  }

  zoomBy(factor) {
    this.moved = true;
    this.drawing(true).call(this.zoom.scaleBy, factor);
  }

  fit() {
    this.moved = true;
    this.goTo(wholeView(this.layout, this.room()), true);
  }

  drawing(smooth) {
    const drawing = select(this.pane);
    return smooth && !this.still() ? drawing.transition().duration(MOVE_MS) : drawing.interrupt();
  }

  fitAgain() {
    if (!this.room().width) return; // on a tab that is not shown
    this.pointing.leave();
    if (this.layout && !this.moved) this.goTo(openingView(this.scene, this.layout, this.room(), this.screen.on));
    this.pointing.revealChosen(); // a panel that opens beside the map must not cover what it is about
    this.replay.resize();
    this.footer.fold();
  }

  /** Tell the reader that there is no picture, and the console why; a scene that a newer one overtook is no failure. */
  fail(problem, words) {
    if (problem === SUPERSEDED) return;
    this.root.removeAttribute('aria-busy');
    this.footer.say(words.failed);
    console.error(problem);
  }

  end() {
    this.resized.disconnect();
    this.pointing.end();
    this.printed.end();
    this.place.end();
    this.screen.end();
    this.replay.end();
    this.thinker.end();
    this.root.remove();
  }
}

// In few steps of the zoom, since every line has its style made anew; the one chosen is never below a pixel.
const thinnest = (k) => COARSE ** Math.ceil(Math.log(1 / k) / Math.log(COARSE));

/** Whether the paper of the page is dark; that of the map itself may be on its way from one colour to another. */
function isDark(element) {
  const paper = document.createElement('canvas').getContext('2d');
  paper.fillStyle = getComputedStyle(element).getPropertyValue('--st-background-color') || '#fff';
  const [r, g, b] = paper.fillStyle.match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16));
  return r * 0.299 + g * 0.587 + b * 0.114 < 128;
}
