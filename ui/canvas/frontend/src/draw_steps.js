// Steps of a discovered graph: tinted boxes with a bar, and the two dark pills where journeys begin and end.

import { door, svg } from './dom.js';

export function drawSteps(parent, scene, layout) {
  for (const node of scene.nodes) {
    const place = layout.nodes.get(node.id);
    if (!place) continue;
    const at = `translate(${(place.x - place.w / 2).toFixed(1)},${(place.y - place.h / 2).toFixed(1)})`;
    const g = door('node', node.id, node.tip, `node ${node.role}`, parent, at);
    if (node.role === 'start' || node.role === 'end') terminal(g, node, place);
    else step(g, node, place, layout.scale);
  }
}

function terminal(g, node, { w, h }) {
  svg('rect', { class: 'box', width: w, height: h, rx: h / 2 }, g);
  svg('path', { class: 'sign', d: node.role === 'start' ? 'M13 9.5l8 4.5-8 4.5z' : 'M12.5 10h8v8h-8z' }, g);
  svg('text', { class: 'name', x: 27, y: h / 2 + 0.5, 'font-size': 12 }, g, node.label);
  svg('text', { class: 'count', x: w - 13, y: h / 2 + 0.5, 'font-size': 11.5, 'text-anchor': 'end' }, g, node.text);
}

function step(g, node, { w, h, lines, px }, scale) {
  const radius = scale.many ? 6 : 8;
  if (node.role !== 'other') g.style.setProperty('--tint', scale.tint(node.value).toFixed(3));
  svg('rect', { class: 'box', width: w, height: h, rx: radius }, g);
  if (node.share !== undefined) svg('path', { class: 'bar', d: footBar(w, h, radius, node.share) }, g);
  const middle = (h - 3) / 2;
  lines.forEach((line, i) => {
    const y = middle + (i - (lines.length - 1) / 2) * px * 1.2;
    svg('text', { class: 'name', x: 10, y, 'font-size': px }, g, line);
  });
  svg('text', { class: 'count', x: w - 9, y: middle, 'font-size': px - 1, 'text-anchor': 'end' }, g, node.text);
}

// A bar along the foot of a round box, cut by its corners: no clipping, so exported files stay simple.
function footBar(w, h, radius, share) {
  const thick = 3.5;
  const inset = (depth) => radius - Math.sqrt(Math.max(0, radius ** 2 - (radius - depth) ** 2));
  const end = Math.max(radius, Math.min(w - radius, w * share));
  const [top, foot] = [h - thick, h];
  if (share >= 1 - radius / w) {
    const x = w - inset(thick);
    return `M${inset(thick)},${top}H${x}A${radius},${radius} 0 0 1 ${w - radius},${foot}H${radius}A${radius},${radius} 0 0 1 ${inset(thick)},${top}Z`;
  }
  return `M${inset(thick)},${top}H${end}V${foot}H${radius}A${radius},${radius} 0 0 1 ${inset(thick)},${top}Z`;
}
