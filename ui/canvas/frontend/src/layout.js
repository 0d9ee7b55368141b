// One layout for every kind of scene: {nodes, edges: Map id -> {points, width, label, back, loop}, width, height, ...}.

import { box, cut } from './geometry.js';
import { placeLabels } from './labels.js';
import { Nearness } from './nearness.js';
import { scales, weightOf } from './scales.js';
import { LABEL_ROOM, labelHeight, labelSize, stepSizes } from './sizes.js';
import { staged } from './staged.js';

export const GLYPHED = new Set(['skip', 'out_of_order', 'repeat', 'unplanned', 'more', 'less']);
const LOOP = { discovered: 6, planned: 3.5 }; // widest loop

/**
 * @param {object} scene
 * @param {object} tools {measure, layered: the layered layout, here or in a worker, open: Set of opened gutters,
 *   room: {width, height} on the screen}
 */
export async function layout(scene, tools) {
  return scene.kind === 'discovered' ? discovered(scene, tools) : planned(scene, tools);
}

async function discovered(scene, { measure, layered }) {
  const scale = scales(scene);
  const sizes = stepSizes(scene, scale.many, measure);
  const found = await layered(bare(scene, scale, sizes, measure));
  for (const [id, node] of found.nodes) found.nodes.set(id, { ...sizes.get(id), ...node });
  for (const edge of scene.edges) cutAtSteps(found.edges.get(edge.id), edge, found.nodes);
  const labelled = (edge, { points, label, loop }) => {
    const { w, h } = labelSize(edge, measure);
    const nearer = loop || scene.direction === 'down' ? (LABEL_ROOM - w) / 2 : 0; // it begins where its room does
    const wanted = label && [label[0] - nearer, label[1]];
    return { w, h, points, wanted, beside: scale.width(edge.value) / 2 };
  };
  return finish(scene, found, labelled, scale, LOOP.discovered);
}

/** A link begins and ends where its steps do, not in their middles. */
function cutAtSteps(link, { source, target }, nodes) {
  if (!link.loop) link.points = cut(link.points, boxOf(nodes.get(source)), boxOf(nodes.get(target)));
}

const boxOf = ({ x, y, w, h }) => box(x, y, w, h);

/** What the layered layout has to know: sizes and strengths, no names, and nothing that another measure would change. */
function bare(scene, scale, sizes, measure) {
  const { whole } = scene;
  const own = whole && stepSizes(whole, scale.many, measure);
  return {
    direction: scene.direction,
    many: scale.many,
    nodes: scene.nodes.map(sized(sizes)),
    edges: weighed(scene.edges, scale),
    whole: whole ? { nodes: whole.nodes.map(sized(own)), edges: weighed(whole.edges, scale) } : null,
  };
}

const sized =
  (sizes) =>
  ({ id, role, order }) => ({ id, role, order, w: sizes.get(id).w, h: sizes.get(id).h });

function weighed(edges, { thickness }) {
  const heaviest = Math.max(1e-9, ...edges.map(weightOf));
  return edges.map((e) => {
    const strength = weightOf(e) / heaviest;
    const label = { w: LABEL_ROOM, h: labelHeight(e) };
    return { id: e.id, source: e.source, target: e.target, strength, width: thickness(strength), label };
  });
}

function planned(scene, { measure, open, room }) {
  const scale = scales(scene);
  const found = staged(scene, scale.width, open, room);
  const labelled = (edge, { points, loop, source }) => {
    const w = Math.ceil(measure(edge.text, 10.5, 600)) + 14 + (GLYPHED.has(edge.status) ? 12 : 0);
    const wanted = loop ? [points[0][0] + 11, source.y - source.h / 2 - 30] : null;
    return { w, h: 17, points, wanted, beside: null };
  };
  return finish(scene, found, labelled, scale, LOOP.planned);
}

/** Add to every link its width, and its label where there is room for it. */
function finish(scene, found, labelled, scale, widestLoop) {
  const drawn = scene.edges.filter((e) => found.edges.has(e.id));
  for (const edge of drawn) {
    const link = found.edges.get(edge.id);
    const width = scale.width(edge.value);
    link.width = link.loop ? Math.min(widestLoop, width) : width;
  }
  const lines = drawn.map((e) => ({ id: e.id, ...found.edges.get(e.id) })).map((l) => ({ ...l, half: l.width / 2 }));
  const items = drawn
    .filter((e) => e.text)
    .map((e) => ({ id: e.id, strength: Math.abs(e.value ?? 0), ...labelled(e, found.edges.get(e.id)) }));
  const bare = scene.kind === 'discovered' ? new Nearness(lines) : null; // pills lie on their lines
  const labels = placeLabels(items, keptFree(scene, found), bare);
  for (const { id } of drawn) found.edges.get(id).label = labels.get(id) ?? null;
  return { ...found, scale };
}

/** Boxes that no label may cover: steps, their drop-offs and marks, and chips. */
function keptFree(scene, found) {
  const boxes = [...found.nodes.values()].map(boxOf);
  const foot = (at) => ({ y0: at.y + at.h / 2 - 4, y1: at.y + at.h / 2 + 16 });
  const drops = scene.nodes
    .filter((n) => n.drop)
    .map((n) => [found.nodes.get(n.id), n.drop.text.length * 6 + 24])
    .map(([at, w]) => ({ x0: at.x - at.w / 2 + 6, x1: at.x - at.w / 2 + w, ...foot(at) }));
  const marks = scene.nodes
    .filter((n) => n.badges?.filter((b) => b.kind !== 'milestone').length > 1)
    .map((n) => found.nodes.get(n.id))
    .map((at) => ({ x0: at.x, x1: at.x + at.w / 2, ...foot(at) }));
  const chips = (found.chips ?? []).map((c) => box(c.x, c.y, 60, 20));
  return [...boxes, ...drops, ...marks, ...chips];
}
