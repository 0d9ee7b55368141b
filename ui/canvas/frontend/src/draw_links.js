// Links: the dashed path of the plan beneath, the flow on top, its arrow head, and a wide unseen line to point at.

import { distance, flatten, along, shorten, toPath } from './geometry.js';
import { door, svg } from './dom.js';
import { GLYPHS } from './icons.js';
import { GLYPHED } from './layout.js';

/** Draw weak links first, so that strong ones lie on top. */
export function drawLinks(parent, scene, layout) {
  const strength = (e) => Math.abs(e.value ?? 0);
  const drawn = scene.edges.filter((e) => layout.edges.has(e.id)).sort((a, b) => strength(a) - strength(b));
  for (const edge of drawn)
    drawLink(parent, edge, layout.edges.get(edge.id), scene.kind === 'discovered' ? layout.scale : null);
}

function drawLink(parent, edge, link, ramp) {
  const empty = !edge.value && edge.planned;
  const look = `edge s-${edge.status}${empty ? ' empty' : ''}${edge.accepted ? ' accepted' : ''}`;
  const g = door('edge', edge.id, edge.tip, look, parent);
  g.style.setProperty('--w', `${link.width.toFixed(2)}px`);
  if (ramp) g.style.setProperty('--tone', `${Math.round(8 + 92 * ramp.tone(edge.value))}%`);
  const head = arrow(link.points, link.width, Boolean(ramp));
  const shaft = toPath(shorten(link.points, head.length * 0.8));
  svg('path', { class: 'hit', d: toPath(link.points) }, g);
  svg('path', { class: 'halo', d: toPath(link.points) }, g);
  if (!empty) svg('path', { class: 'line', d: shaft }, g);
  if (edge.planned) svg('path', { class: 'plan', d: shaft }, g);
  svg('path', { class: 'arrow', d: head.d }, g);
}

function arrow(points, width, slim) {
  const length = slim ? 5.5 + width * 1.15 : 7 + width * 0.9;
  const half = (slim ? 4.5 + width * 1.3 : 5 + width * 1.25) / 2;
  const line = flatten(points);
  const tip = points[points.length - 1];
  const from = along(line, 1 - length / (line.total || 1));
  const far = distance(from, tip) || 1;
  const [cos, sin] = [(tip[0] - from[0]) / far, (tip[1] - from[1]) / far];
  const at = (back, side) =>
    `${(tip[0] - cos * back - sin * side).toFixed(1)},${(tip[1] - sin * back + cos * side).toFixed(1)}`;
  return { length, d: `M${at(0, 0)}L${at(length, half)}L${at(length * 0.82, 0)}L${at(length, -half)}Z` };
}

/** Labels: bare numbers with a rim of paper on a discovered graph, pills on a planned map. */
export function drawLabels(parent, scene, layout) {
  const discovered = scene.kind === 'discovered';
  for (const edge of scene.edges) {
    const label = layout.edges.get(edge.id)?.label;
    if (!label) continue;
    const kind = `label s-${edge.status}${label.free ? '' : ' crowded'}${edge.accepted ? ' accepted' : ''}`;
    const g = svg(
      'g',
      { class: `${kind}${discovered ? '' : ' chip'}`, 'data-type': 'edge', 'data-id': edge.id },
      parent,
    );
    g.setAttribute('transform', `translate(${label.x.toFixed(1)},${label.y.toFixed(1)})`);
    if (discovered) bareLabel(g, edge);
    else pill(g, edge, label);
  }
}

function bareLabel(g, edge) {
  svg('text', { y: edge.second ? -6 : 0 }, g, edge.text);
  if (edge.second) svg('text', { class: 'second', y: 7 }, g, edge.second);
}

function pill(g, edge, { w, h }) {
  const glyph = GLYPHED.has(edge.status);
  svg('rect', { x: -w / 2, y: -h / 2, width: w, height: h, rx: h / 2 }, g);
  const sign = GLYPHS[edge.accepted ? 'accepted' : edge.status];
  if (glyph) svg('path', { class: 'glyph', d: sign, transform: `translate(${-w / 2 + 6},-5)` }, g);
  svg('text', { x: glyph ? 6 : 0 }, g, edge.text);
}

/** Chips that open and close a crowded gutter. */
export function drawChips(parent, layout, say, measure) {
  for (const chip of layout.chips ?? []) {
    const text = say(chip);
    const w = measure(text, 10.5, 600) + 18;
    const g = door('more', chip.id, [text], 'more', parent, `translate(${chip.x},${chip.y})`);
    svg('rect', { x: -w / 2, y: -9, width: w, height: 18, rx: 9 }, g);
    svg('text', {}, g, text);
  }
}
