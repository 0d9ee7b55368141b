// Seeing a large map as a whole: a small picture of it in the corner, and names that stay readable from afar.

import { overlap } from './geometry.js';
import { html, svg } from './dom.js';

const WIDTH = 150;
const HEIGHT = 200;
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

  /** Show which part of the sheet is on the screen; hide where all of it is. */
  follow() {
    const { transform, layout } = this.map;
    if (!this.seen || !layout) return;
    const room = this.map.room();
    const { x, y, k } = transform;
    const part = { x: -x / k, y: -y / k, width: room.width / k, height: room.height / k };
    for (const [name, value] of Object.entries(part)) this.seen.setAttribute(name, value);
    const inside =
      part.x <= 4 &&
      part.y <= 4 &&
      part.x + part.width >= layout.width - 4 &&
      part.y + part.height >= layout.height - 4;
    this.frame.hidden = inside;
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
