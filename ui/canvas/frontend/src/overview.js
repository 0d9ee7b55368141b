// Seeing a large map as a whole: a small picture of it in the corner, and names that stay readable from afar.

import { box, overlap } from './geometry.js';
import { html, svg } from './dom.js';
import { HEAD } from './staged.js';

const WIDTH = 150;
const HEIGHT = 200;
const EDGE = 10; // pixels between the small picture and the corner it stands in
const HANGING = 13; // pixels that what hangs on a card reaches below it
const NEARLY = 0.9; // from which share of the sheet on the rest is not missed
const CORNERS = ['bottom right', 'bottom left', 'top right', 'top left'];
const NAMES = 27; // the busiest steps keep a name
const NAME_PX = 11.5;

export class Minimap {
  constructor(map) {
    this.map = map;
    this.frame = html('div', { class: 'minimap' }, map.sheet);
    this.frame.addEventListener('pointerdown', (event) => this.go(event));
    this.frame.addEventListener('pointermove', (event) => event.buttons && this.go(event));
  }

  show(scene, layout) {
    const k = Math.min(WIDTH / layout.width, HEIGHT / layout.height);
    this.k = k;
    this.frame.dataset.corner = CORNERS[0];
    this.frame.replaceChildren();
    this.frame.title = scene.words.minimap;
    this.frame.setAttribute('aria-hidden', 'true');
    const drawn = svg(
      'svg',
      { width: layout.width * k, height: layout.height * k, viewBox: `0 0 ${layout.width} ${layout.height}` },
      this.frame,
    );
    for (const [id, { x, y, w, h }] of layout.nodes) {
      const status = scene.nodes.find((n) => n.id === id)?.status;
      svg('rect', { class: `n s-${status}`, x: x - w / 2, y: y - h / 2, width: w, height: h }, drawn);
    }
    this.seen = svg('rect', { class: 'seen' }, drawn);
  }

  /** Show which part of the sheet is on the screen; hide where nearly all of it is. */
  follow(room) {
    const { transform, layout } = this.map;
    if (!this.seen || !layout) return;
    const { x, y, k } = transform;
    const part = { x: -x / k, y: -y / k, width: room.width / k, height: room.height / k };
    for (const [name, value] of Object.entries(part)) this.seen.setAttribute(name, value);
    const sheet = { x0: 0, y0: 0, x1: layout.width, y1: layout.height };
    const window = { x0: part.x, y0: part.y, x1: part.x + part.width, y1: part.y + part.height };
    this.frame.hidden = overlap(sheet, window) >= NEARLY * layout.width * layout.height;
  }

  /**
   * Stand in the corner where least is covered, and never before what was chosen; where something would lie under it in
   * every corner, it is seen while the view moves alone.
   */
  stepAside() {
    const { layout, transform, pointing } = this.map;
    if (this.frame.hidden || !layout || this.frame.matches(':hover')) return;
    const room = this.map.room();
    const onScreen = ({ x0, y0, x1, y1 }) => ({
      x0: x0 * transform.k + transform.x,
      y0: y0 * transform.k + transform.y,
      x1: x1 * transform.k + transform.x,
      y1: y1 * transform.k + transform.y,
    });
    const labels = [...layout.edges.values()].flatMap(({ label }) => label ?? []);
    const below = layout.stages ? HANGING : 0;
    const cards = [...layout.nodes.values()].map((n) => box(n.x, n.y + below / 2, n.w, n.h + below));
    const told = labels.map((n) => box(n.x, n.y, n.w, n.h));
    const heads = (layout.stages ?? []).map((s) => ({ x0: s.x, y0: 0, x1: s.x + s.w, y1: HEAD }));
    const size = { w: layout.width * this.k, h: layout.height * this.k };
    const held = [pointing.chosen(), pointing.reached]
      .filter((element) => element?.isConnected)
      .map((element) => element.getBoundingClientRect())
      .map((r) => box((r.left + r.right) / 2 - room.left, (r.top + r.bottom) / 2 - room.top, r.width, r.height));
    const boxes = [...cards, ...told, ...heads].map(onScreen);
    const { corner, covered } = emptiestCorner(this.frame.dataset.corner, room, size, boxes, held);
    this.frame.dataset.corner = corner;
    this.frame.classList.toggle('passing', covered > 0);
  }

  go(event) {
    event.preventDefault();
    const corner = this.frame.getBoundingClientRect();
    const room = this.map.room();
    const { k } = this.map.transform;
    const at = { x: (event.clientX - corner.left) / this.k, y: (event.clientY - corner.top) / this.k };
    this.map.moved = true;
    this.map.goTo({ k, x: room.width / 2 - at.x * k, y: room.height / 2 - at.y * k });
  }
}

/**
 * The corner of a room where a picture covers least, and none of what is `held`, and how much it covers there; it stays
 * `now` where it is unless another corner is clearly better.
 */
export function emptiestCorner(now, room, { w, h }, boxes, held) {
  const costs = CORNERS.map((corner) => {
    const x = corner.endsWith('left') ? EDGE : room.width - EDGE - w;
    const y = corner.startsWith('top') ? EDGE : room.height - EDGE - h;
    const mine = { x0: x, y0: y, x1: x + w, y1: y + h };
    const covered = (all) => all.reduce((sum, other) => sum + overlap(mine, other), 0);
    return covered(boxes) + 1e6 * covered(held);
  });
  const least = Math.min(...costs);
  const corner = costs[CORNERS.indexOf(now)] <= 2 * least ? now : CORNERS[costs.indexOf(least)];
  return { corner, covered: costs[CORNERS.indexOf(corner)] };
}

/** Names of the busiest steps at one size on the screen, none on another; none at all without a scene. */
export function namesFromAfar(parent, scene, layout, k, measure) {
  const key = scene ? k.toFixed(2) : '';
  if (parent.dataset.key === key) return;
  parent.dataset.key = key;
  parent.replaceChildren();
  if (!scene) return;
  const taken = [];
  const steps = scene.nodes
    .filter((n) => n.role === 'step' && layout.nodes.has(n.id))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  for (const node of steps) {
    if (taken.length === NAMES) return;
    const { x, y, w } = layout.nodes.get(node.id);
    const left = x + w / 2 + 4 / k;
    const half = (NAME_PX * 0.7) / k;
    const mine = { x0: left, x1: left + measure(node.label, NAME_PX, 600) / k, y0: y - half, y1: y + half };
    if (taken.some((other) => overlap(mine, other) > 0)) continue;
    taken.push(mine);
    svg('text', { x: left, y, 'font-size': NAME_PX / k, 'stroke-width': 4 / k }, parent, node.label);
  }
}
