// One layout for every kind of scene: {nodes, edges: Map id -> {points, width, label, back, loop}, width, height, ...}.

import { box } from './geometry.js';
import { placeLabels } from './labels.js';
import { scales, weightOf } from './scales.js';
import { labelSize, stepSizes } from './sizes.js';
import { staged } from './staged.js';

export const GLYPHED = new Set(['skip', 'out_of_order', 'repeat', 'unplanned', 'more', 'less']);
const LOOP = { discovered: 6, planned: 3.5 }; // widest loop

/**
 * @param {object} scene
 * @param {object} tools {measure, layered: the layered layout, here or in a worker, open: Set of opened gutters}
 */
export async function layout(scene, tools) {
  return scene.kind === 'discovered' ? discovered(scene, tools) : planned(scene, tools);
}

async function discovered(scene, { measure, layered }) {
  const scale = scales(scene);
  const sizes = stepSizes(scene, measure);
  const heaviest = Math.max(1e-9, ...scene.edges.map(weightOf));
  const found = await layered({
    direction: scene.direction,
    many: scale.many,
    nodes: scene.nodes.map((n) => ({
      id: n.id,
      role: n.role,
      order: n.order,
      w: sizes.get(n.id).w,
      h: sizes.get(n.id).h,
    })),
    edges: scene.edges.map((e) => ({
      id: e.id,
      source: e.source,
      target: e.target,
      strength: weightOf(e) / heaviest,
      width: scale.width(e.value),
      label: labelSize(e, measure),
    })),
  });
  for (const [id, node] of found.nodes) Object.assign(node, sizes.get(id));
  const items = scene.edges
    .filter((e) => e.text && found.edges.has(e.id))
    .map((e) => {
      const { points, label } = found.edges.get(e.id);
      return {
        id: e.id,
        strength: Math.abs(e.value ?? 0),
        ...labelSize(e, measure),
        points,
        wanted: label,
        beside: scale.width(e.value) / 2 + 3,
      };
    });
  return finish(scene, found, items, scale, LOOP.discovered);
}

function planned(scene, { measure, open }) {
  const scale = scales(scene);
  const found = staged(scene, scale.width, open);
  const items = scene.edges
    .filter((e) => e.text && found.edges.has(e.id))
    .map((e) => {
      const { points, loop, source } = found.edges.get(e.id);
      const w = Math.ceil(measure(e.text, 10.5, 600)) + 14 + (GLYPHED.has(e.status) ? 12 : 0);
      const wanted = loop ? [points[0][0] + 11, source.y - source.h / 2 - 30] : null;
      return {
        id: e.id,
        strength: Math.abs(e.value ?? 0) + (e.planned ? 0 : 1e-6),
        w,
        h: 17,
        points,
        wanted,
        beside: 0,
      };
    });
  return finish(scene, found, items, scale, LOOP.planned);
}

function finish(scene, found, items, scale, widestLoop) {
  const boxes = [...found.nodes.values()].map((n) => box(n.x, n.y, n.w, n.h));
  const pills = scene.nodes
    .filter((n) => n.drop && found.nodes.has(n.id))
    .map((n) => {
      const at = found.nodes.get(n.id);
      return {
        x0: at.x - at.w / 2 + 6,
        y0: at.y + at.h / 2 - 4,
        x1: at.x - at.w / 2 + 24 + n.drop.text.length * 6,
        y1: at.y + at.h / 2 + 16,
      };
    });
  const chips = (found.chips ?? []).map((c) => box(c.x, c.y, 60, 20));
  const labels = placeLabels(items, [...boxes, ...pills, ...chips]);
  for (const edge of scene.edges) {
    const link = found.edges.get(edge.id);
    if (!link) continue;
    const width = scale.width(edge.value);
    Object.assign(link, {
      width: link.loop ? Math.min(widestLoop, width) : width,
      label: labels.get(edge.id) ?? null,
    });
  }
  return { ...found, scale };
}
