// The layered layout of a discovered graph. Graphviz lays out the whole of it once: all steps that a slider can show, and
// the strongest of their links. A scene takes its places from there, drawn together where steps are hidden, and what
// other links it has go round the steps: so a slider moves next to nothing, and turns nothing round.

import { loop, placed } from './curves.js';
import { between, ledRound, read, written } from './dot.js';
import { aside, folded } from './folding.js';

const MOST_KNOWN = 8;
const known = new Map(); // wholes that were laid out, by what Graphviz was told of them
let graphviz;

/** Graphviz, in a file of its own that is fetched when first needed. */
function loaded() {
  graphviz ??= import('@viz-js/viz').then(({ instance }) => instance());
  return graphviz;
}

/**
 * @param {object} graph {direction, many, nodes: [{id, role, order, w, h}],
 *   edges: [{id, source, target, strength (0..1), width, label: {w, h} | null}],
 *   whole: {many, nodes, edges} of the same kinds; null where the graph is the whole}
 * @returns {Promise<object>} {nodes: Map id -> {x, y, w, h}, edges: Map id -> {points, label, back}, width, height}
 */
export async function layered(graph) {
  if (!graph.nodes.length) return { nodes: new Map(), edges: new Map(), width: 1, height: 1 };
  const viz = await loaded();
  const { links, ...sheet } = aside(folded(laidOut(viz, { ...graph, ...graph.whole }), graph), graph);
  const others = graph.edges.filter((e) => e.source !== e.target && !links.has(between(e)));
  const round = others.length ? ledRound(viz, others, sheet.nodes, sheet.height) : new Map();
  const drawn = (edge) =>
    edge.source === edge.target
      ? loop(sheet.nodes.get(edge.source), edge, graph.direction, sheet.nodes)
      : placed(links.get(between(edge)) ?? round.get(between(edge)), edge, graph.direction);
  const edges = new Map(graph.edges.map((edge) => [edge.id, drawn(edge)]));
  const farthest = Math.max(sheet.width, ...[...edges.values()].filter((e) => e.loop).map(({ points }) => points[1][0]));
  return { ...sheet, edges, width: farthest };
}

/** A whole graph with its places, kept for the next place of the sliders. */
function laidOut(viz, whole) {
  const text = written(whole);
  const found = known.get(text) ?? read(viz.renderJSON(text, { engine: 'dot' }), whole);
  known.delete(text); // the last one asked for comes last
  known.set(text, found);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
  return found;
}

// The same file is the worker that keeps the page free while Graphviz thinks.
if (typeof WorkerGlobalScope !== 'undefined' && globalThis instanceof WorkerGlobalScope) {
  loaded();
  globalThis.onmessage = async ({ data }) => {
    try {
      postMessage({ found: await layered(data) });
    } catch (error) {
      postMessage({ error: String(error) });
    }
  };
}
