// Pointing and choosing: what the mouse is over is told and lifted out, a click or Enter chooses it, arrow keys walk.

import { fill, html } from './dom.js';
import { Tip, pointAt } from './tip.js';

const DOORS = ['node', 'edge', 'stage', 'badge', 'drop_off'];
const PANEL = '[class*="_panel"]'; // beside the picture: see ui/picture.py
const AHEAD = new Set(['ArrowRight', 'ArrowDown']);
const BEHIND = new Set(['ArrowLeft', 'ArrowUp']);

export class Pointing {
  constructor(map) {
    this.map = map;
    this.tip = new Tip(map);
    this.told = html('div', { class: 'told', 'aria-live': 'polite' }, map.root);
    this.selected = null;
    const { svg } = map;
    svg.addEventListener('pointerover', (event) => this.over(event));
    svg.addEventListener('pointermove', (event) => this.tip.move(pointAt(event)));
    svg.addEventListener('pointerleave', () => this.leave());
    svg.addEventListener('click', (event) => this.click(event));
    svg.addEventListener('keydown', (event) => this.key(event));
    // Not on the drawing itself: one that listens to focus becomes a stop of the Tab key.
    map.sheet.addEventListener('focusin', (event) => this.focused(event.target));
    map.sheet.addEventListener('focusout', () => this.leave());
    this.escaped = (event) => this.escape(event);
    document.addEventListener('keydown', this.escaped);
  }

  /** Escape anywhere on the page gives up what is chosen, where it has nothing nearer to close. */
  escape({ key, target, defaultPrevented }) {
    if (key !== 'Escape' || defaultPrevented || !this.selected || document.fullscreenElement) return;
    if (document.querySelector('[role=dialog],[role=listbox]') || target.matches?.('input,textarea')) return;
    this.giveUp();
  }

  /** Give up what is chosen; a keyboard in the panel about it goes back to where it chose. */
  giveUp() {
    const [back, here] = [this.door(), document.activeElement];
    this.choose(null);
    if (here === document.body || here.closest(PANEL)) back?.focus({ preventScroll: true });
  }

  /** What was chosen, where the keyboard can be. */
  door() {
    const { type, id } = this.selected ?? {};
    return type === 'coverage' ? this.map.footer.coverage.querySelector('button') : type && this.element(type, id);
  }

  end() {
    document.removeEventListener('keydown', this.escaped);
  }

  show(scene) {
    this.scene = scene;
    this.tips = tipsOf(scene);
    this.keep(null);
    this.mark(this.selected);
    for (const type of [['node'], ['stage'], ['badge', 'drop_off', 'more']]) {
      const first = this.map.view.querySelector(type.map((t) => `[data-type="${t}"][tabindex]`).join());
      first?.setAttribute('tabindex', 0); // one stop of the Tab key for each kind; arrows go on from there
    }
  }

  over(event) {
    const found = event.target.closest('[data-type],[data-tip]');
    if (!found) return this.leave();
    this.tell(found, pointAt(event));
    return this.lift(found.dataset.type, found.dataset.id);
  }

  tell({ dataset: { tip, type, id } }, at) {
    this.tip.show(this.tips.get(tip ? `feeling ${tip}` : `${type} ${id}`), at);
  }

  /** Leave only the neighbours of a step, the two ends of a link, or what the legend was asked for, in full ink. */
  lift(type, id) {
    const near = { node: () => this.neighbourhood(id), edge: () => this.ends(id) }[type];
    const lit = new Set(near ? near() : this.ofKind());
    this.map.svg.classList.toggle('lifting', lit.size > 0);
    for (const element of this.map.view.querySelectorAll('[data-type="node"],[data-type="edge"],[data-of]')) {
      const key = element.dataset.of ? `node ${element.dataset.of}` : `${element.dataset.type} ${element.dataset.id}`;
      element.classList.toggle('lit', lit.has(key));
    }
  }

  neighbourhood(id) {
    const links = this.scene.edges.filter((e) => e.source === id || e.target === id);
    return [`node ${id}`, ...links.flatMap((e) => [`edge ${e.id}`, `node ${e.source}`, `node ${e.target}`])];
  }

  ends(id) {
    const { source, target } = this.scene.edges.find((e) => e.id === id);
    return [`edge ${id}`, `node ${source}`, `node ${target}`];
  }

  /** Links of the kind that the legend was asked for, with their ends. */
  ofKind() {
    return this.scene.edges.filter((e) => kindOf(e) === this.kind).flatMap((e) => this.ends(e.id));
  }

  keep(kind) {
    this.kind = kind;
    this.leave();
  }

  leave() {
    if (!this.scene) return;
    this.tip.hide();
    this.lift();
  }

  // By the keyboard: who clicks has the pointer there, and has been told.
  focused(target) {
    if (!target.matches(':focus-visible')) return;
    const { left, right, top, bottom } = this.shown(target).getBoundingClientRect();
    const middle = (left + right) / 2;
    this.tell(target, { left: middle, right: middle, top, bottom });
    this.lift(target.dataset.type, target.dataset.id);
  }

  click({ target }) {
    const found = target.closest('[data-type]');
    if (!found) return this.choose(null);
    return this.enter(found.dataset.type, found.dataset.id);
  }

  enter(type, id) {
    if (type === 'more') return this.map.toggleGutter(id);
    return this.choose({ type, id });
  }

  choose(selection) {
    if (JSON.stringify(selection) === JSON.stringify(this.selected)) return;
    this.mark(selection);
    this.tip.hide();
    const { words } = this.scene;
    const name = selection && this.tips.get(`${selection.type} ${selection.id}`)?.[0];
    this.told.textContent = selection ? fill(words.selected, { name }) : words.cleared;
    this.revealChosen();
    this.map.onSelect(selection);
  }

  mark(selection) {
    this.selected = selection;
    this.map.footer?.press(selection?.type === 'coverage');
    for (const element of this.map.view.querySelectorAll('[data-type]')) {
      const chosen =
        Boolean(selection) && element.dataset.type === selection.type && element.dataset.id === selection.id;
      element.classList.toggle('chosen', chosen);
      if (element.hasAttribute('role') && DOORS.includes(element.dataset.type))
        element.setAttribute('aria-pressed', chosen);
    }
  }

  key(event) {
    const here = event.target.closest('[data-type]');
    if (event.key === 'Escape') return this.choose(null);
    if (!here) return undefined;
    const { type, id } = here.dataset;
    if (event.key === 'Enter' && here.classList.contains('chosen')) this.goBeside();
    else if (event.key === 'Enter' || event.key === ' ') this.enter(type, id);
    else if (AHEAD.has(event.key) || BEHIND.has(event.key)) this.walk(here, event.key);
    else return undefined;
    event.preventDefault();
    return undefined;
  }

  /** To the panel beside the picture. */
  goBeside() {
    this.map.screen.place().querySelector(`${PANEL} button`)?.focus();
  }

  walk(here, key) {
    const { type, id } = here.dataset;
    const ahead = AHEAD.has(key);
    const across = (key === 'ArrowRight' || key === 'ArrowLeft') === this.acrossIsSide();
    let next = null;
    if (type === 'node') next = across ? this.beside(here, ahead) : this.strongest(id, ahead);
    else if (type === 'edge') next = across ? this.sibling(id, ahead) : this.nodeAt(id, ahead);
    else next = this.beside(here, ahead);
    if (next) this.focus(next);
  }

  // In a graph that runs down, left and right go to the side; in one that runs right, up and down do.
  acrossIsSide() {
    return this.scene.kind === 'discovered' && this.scene.direction === 'down';
  }

  element(type, id) {
    return this.map.view.querySelector(`[data-type="${type}"][data-id="${CSS.escape(id)}"][tabindex]`);
  }

  strongest(id, ahead) {
    const links = this.scene.edges.filter((e) => (ahead ? e.source : e.target) === id && this.element('edge', e.id));
    const [best] = links.sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0));
    return best && this.element('edge', best.id);
  }

  nodeAt(id, ahead) {
    const edge = this.scene.edges.find((e) => e.id === id);
    return this.element('node', ahead ? edge.target : edge.source);
  }

  sibling(id, ahead) {
    const edge = this.scene.edges.find((e) => e.id === id);
    const links = this.scene.edges.filter((e) => e.source === edge.source && this.element('edge', e.id));
    const at = links.indexOf(edge) + (ahead ? 1 : -1);
    return this.element('edge', links[(at + links.length) % links.length].id);
  }

  beside(here, ahead) {
    const kind =
      here.dataset.type === 'node' || here.dataset.type === 'stage'
        ? [here.dataset.type]
        : ['badge', 'drop_off', 'more'];
    const all = [...this.map.view.querySelectorAll(kind.map((t) => `[data-type="${t}"][tabindex]`).join())];
    return all[(all.indexOf(here) + (ahead ? 1 : -1) + all.length) % all.length];
  }

  focus(element) {
    element.setAttribute('tabindex', 0);
    this.reveal(this.shown(element));
    element.focus({ preventScroll: true });
  }

  revealChosen() {
    const element = this.chosen();
    if (element) this.reveal(element);
  }

  /** The element that was chosen, if it is drawn. */
  chosen() {
    const { type, id } = this.selected ?? {};
    const element = type && this.element(type, id);
    return element && this.shown(element);
  }

  /** Where on the screen an element is looked for: a link at its label, whose own box may be as large as the map. */
  shown(element) {
    const { type, id } = element.dataset;
    const label = type === 'edge' ? this.map.view.querySelector(`.label[data-id="${CSS.escape(id)}"]`) : null;
    return label?.getClientRects().length ? label : element;
  }

  /** Move the view until an element is well inside it, and the small picture away from it. */
  reveal(element) {
    this.reached = element;
    const at = element.getBoundingClientRect();
    const room = this.map.room();
    const off = (low, high, from, to) => (low < from + 20 ? from + 40 - low : high > to - 20 ? to - 40 - high : 0);
    const dx = off(at.left, at.right, room.left, room.right);
    const heads = element.dataset.type === 'stage' && at.top >= room.top; // they stand at the very top as the map opens
    const dy = heads ? 0 : off(at.top, at.bottom, room.top, room.bottom);
    const { x, y, k } = this.map.transform;
    if (dx || dy) this.map.goTo({ k, x: x + dx, y: y + dy });
    else this.map.minimap.stepAside();
  }
}

/** What the legend has a link under: what is accepted has an entry of its own. */
export const kindOf = (edge) => (edge.accepted ? 'accepted' : edge.status);

function tipsOf(scene) {
  const tips = new Map();
  if (scene.coverage) tips.set('coverage links', [scene.coverage.text]);
  for (const stage of scene.stages) tips.set(`stage ${stage.id}`, stage.tip);
  for (const edge of scene.edges) tips.set(`edge ${edge.id}`, edge.tip);
  for (const node of scene.nodes) {
    tips.set(`node ${node.id}`, node.tip);
    if (node.drop) tips.set(`drop_off ${node.id}`, node.drop.tip);
    if (node.feeling) tips.set(`feeling ${node.id}`, node.feeling.tip);
  }
  for (const thing of [...scene.stages, ...scene.nodes]) {
    for (const badge of thing.badges ?? []) tips.set(`badge ${badge.id}`, badge.tip);
  }
  return tips;
}
